import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openSqliteStore } from '#worker/store/index.ts';
import { anchorFileOf, anchorHead } from '#worker/verify/index.ts';
import { append, eventOf } from '../store/append-event.ts';

const MAIN = fileURLToPath(new URL('../../../sync-worker/main.ts', import.meta.url));
const docId = 'dAbCdEfGhIj';
const folder = mkdtempSync(join(tmpdir(), 'founder-hq-proof-'));
const state = join(folder, '.founder-hq');
const ledger = join(state, `ledger-${docId}.db`);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

beforeAll(async () => {
  mkdirSync(state);
  const store = await openSqliteStore({ file: ledger });
  await append(store, 'desk/dana', [1, 2, 3].map(eventOf));
  await anchorHead(store, { file: anchorFileOf(state, docId), docId, clock: () => 0 });
  await store.close();
  writeFileSync(join(state, 'last-doc'), docId);
});

function run(...words: readonly string[]) {
  const { INIT_CWD: _, ...env } = process.env;
  const child = spawnSync(process.execPath, [MAIN, ...words], {
    cwd: folder,
    encoding: 'utf8',
    env,
  });
  return { code: child.status, out: child.stdout, err: child.stderr };
}

function forge(sql: string): void {
  const database = new DatabaseSync(ledger);
  database.exec(sql);
  database.close();
}

it('verifies, backs up, loses, restores and finds out a ledger from the command line', () => {
  const whole = { ok: true, checked: 3, anchors: 1, docId };
  const verified = run('verify', '--json');
  expect(verified.code).toBe(0);
  expect(JSON.parse(verified.out)).toMatchObject(whole);
  const backedUp = run('backup', 'ledger.backup');
  expect(backedUp).toMatchObject({ code: 0, out: expect.stringContaining('3 events') });
  for (const end of ['', '-wal', '-shm']) rmSync(`${ledger}${end}`, { force: true });
  expect(run('verify')).toMatchObject({
    code: 1,
    err: expect.stringContaining('no ledger of doc'),
  });
  expect(run('restore', 'ledger.backup', '--dry-run')).toMatchObject({
    code: 0,
    out: expect.stringContaining('nothing was restored'),
  });
  writeFileSync(
    join(folder, 'cut.backup'),
    readFileSync(join(folder, 'ledger.backup')).subarray(9),
  );
  expect(run('restore', 'cut.backup').code).toBe(1);
  expect([existsSync(ledger), run('verify').code]).toEqual([false, 1]);
  const restored = run('restore', 'ledger.backup', '--json');
  expect(JSON.parse(restored.out)).toMatchObject({ docId, isDryRun: false, tables: { events: 3 } });

  forge(`DROP TRIGGER append_is_kept; UPDATE appends SET stream = 'desk/lee'`);
  const misled = run('verify');
  expect(misled.code).toBe(1);
  expect(misled.out).toContain('BROKEN: INDEX_WRONG at event 1; all 3 events are sound, but not');
  expect(misled.out).toContain('next: take a backup');
  expect(run('backup', 'misled.backup').code).toBe(0);
  renameSync(ledger, `${ledger}.evidence`);
  expect([run('restore', 'misled.backup').code, run('verify').code]).toEqual([0, 0]);

  forge(`DROP TRIGGER event_is_kept; UPDATE events SET hash = 'x' WHERE position = 2`);
  const broken = run('verify');
  expect(broken.code).toBe(1);
  expect(broken.out).toContain('BROKEN: HASH_WRONG at event 2; 1 events before it are sound');
}, 180_000);
