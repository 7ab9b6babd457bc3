import { readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { registerStatus } from '#worker/cli/status.ts';
import { registerSync } from '#worker/cli/sync.ts';
import { openSqliteStore } from '#worker/store/index.ts';
import { runCommand } from './run-command.ts';
import { useServedDoc } from './served-doc.ts';

const MINUTE_MS = 60_000;
const STATE_FILE = '.founder-hq/local-doc.json';

const { doc } = useServedDoc();
const sync = () => runCommand(registerSync, ['sync']);
const status = (...words: readonly string[]) => runCommand(registerStatus, ['status', ...words]);

describe('founder-hq status', () => {
  it('says nothing of limits where the doc has none', async () => {
    expect(await sync()).toMatchObject({ code: 0 });
    expect((await status()).out).not.toContain('API');
    expect(JSON.parse((await status('--json')).out)).toMatchObject({ budget: null });
  });

  it('tells what was asked today and what of the limits is taken just now', async () => {
    const state: object = JSON.parse(readFileSync(STATE_FILE, 'utf8'));
    writeFileSync(STATE_FILE, JSON.stringify({ ...state, profile: 'strict' }));
    const before = doc.counts.reads;
    expect(await sync()).toMatchObject({ code: 0 });
    // Whoever connects asks once by itself who the token belongs to.
    const reads = doc.counts.reads - before - 1;
    expect((await status()).out).toContain(
      `API today: ${reads} reads, 0 writes (0 to rows), 0 refused as too many; 0 of 2 row writes taken just now\n`,
    );
    await sync();
    const { budget } = JSON.parse((await status('--json')).out);
    expect(budget).toMatchObject({ pausedUntil: null, reads: { of: 10 }, rowWrites: { of: 2 } });
    expect(budget.today.reads).toBeGreaterThan(reads);
    expect(budget.reads.taken).toBeGreaterThan(0);
  });

  it('tells until when the service is left alone, and a pass ends with 4 before it has asked anything', async () => {
    const untilMs = Date.now() + 5 * MINUTE_MS;
    const store = await openSqliteStore({ file: '.founder-hq/budget.db' });
    await store.transaction((transaction) =>
      transaction.put('storm', 'last', { refusals: 4, untilMs }),
    );
    await store.close();
    const { code, err } = await sync();
    const until = new Date(untilMs).toISOString();
    expect([code, err]).toEqual([4, expect.stringContaining(`left alone until ${until}`)]);
    expect((await status()).out).toContain(`API left alone until ${until}`);
    expect(JSON.parse((await status('--json')).out).budget).toMatchObject({ pausedUntil: until });
  });
});
