import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { registerImport } from '#worker/cli/import.ts';
import { registerSync } from '#worker/cli/sync.ts';
import { runCommand } from './run-command.ts';
import { useServedDoc } from './served-doc.ts';

const { doc, folder } = useServedDoc();
const run = (...words: readonly string[]) =>
  runCommand(registerImport, ['import', 'events', ...words]);
const ledger = () => join(folder, '.founder-hq', `ledger-${doc.docId}.db`);
const idOf = (end: string): string => `01K0000000000000000000000${end}`;
const created = (end: string): string =>
  JSON.stringify({
    schema: 'execution_event.v1',
    eventId: idOf(end),
    position: 1,
    type: 'run_created',
    version: 1,
    severity: 'info',
    at: '2026-03-02T09:00:00.000Z',
    entityType: 'run',
    entityId: idOf(end),
    trigger: 'create',
    toState: 'pending',
    actor: { kind: 'person', id: 'dana@acme.example' },
    correlationId: idOf(end),
    payload: {},
  });
const put = (name: string, text: string): string => {
  const path = join(folder, name);
  writeFileSync(path, text);
  const longAgo = Date.now() / 1_000 - 60;
  utimesSync(path, longAgo, longAgo);
  return name;
};

describe('founder-hq import events', () => {
  it('tries a file on a copy, takes it, and knows it the second time', async () => {
    const file = put('agent.jsonl', `${created('A')}\nbad\n${created('B')}\n{"torn`);
    const dry = await run(file, '--dry-run');
    expect(dry.out.split('\n')).toEqual([
      'agent.jsonl: 2 events taken, 0 known already, 1 refused.',
      '  line 2: TEXT_UNREADABLE: $: expected one JSON value and nothing else, received `bad`',
      'Line 4 has no line break after it and was left: its writer may not be done.',
      'Nothing was kept; without --dry-run these events go into the ledger.',
      '',
    ]);
    expect([dry.code, existsSync(ledger())]).toEqual([1, false]);
    const left = join(folder, 'left.jsonl');
    const first = await run(file, '--json', '--refused', left);
    expect([first.code, JSON.parse(first.out)]).toMatchObject([
      4,
      { taken: 2, existed: 0, refused: [{ line: 2, text: 'bad' }], tornLine: 4 },
    ]);
    expect(readFileSync(left, 'utf8')).toMatch(/^\{"line":2,"text":"bad",/);
    const again = await run(put('whole.jsonl', `${created('A')}\n${created('B')}\n`), '--dry-run');
    expect(again).toMatchObject({
      code: 0,
      out: expect.stringContaining('0 events taken, 2 known'),
    });
  });

  it('takes a folder for an inbox, and refuses to try one', async () => {
    mkdirSync(join(folder, 'inbox'));
    expect(await run('inbox')).toMatchObject({ code: 0, out: 'inbox: nothing to take\n' });
    put('inbox/a.jsonl', `${created('C')}\nbad\n`);
    put('inbox/b.jsonl', created('D'));
    const { code, out } = await run('inbox');
    expect([code, out]).toEqual([
      4,
      'inbox: a.jsonl: 1 events taken, 0 known, 1 refused, with reasons in refused/a.jsonl\ninbox: not whole yet: b.jsonl\n',
    ]);
    expect(readdirSync(join(folder, 'inbox'))).toEqual(['b.jsonl', 'done', 'refused']);
    expect(await run('inbox', '--dry-run')).toMatchObject({ code: 2 });
  });

  it('is read before each pass where it lies beside the ledger, or where it is named', async () => {
    mkdirSync(join(folder, '.founder-hq', 'inbox'));
    put('.founder-hq/inbox/c.jsonl', `${created('E')}\n`);
    const own = await runCommand(registerSync, ['sync']);
    expect(own.out).toContain('inbox: c.jsonl: 1 events taken, 0 known\n');
    put('inbox/d.jsonl', `${created('E')}\n`);
    const named = await runCommand(registerSync, ['sync', '--inbox', 'inbox', '--json']);
    expect(JSON.parse(named.out)).toMatchObject({
      inbox: { files: [{ name: 'd.jsonl', existed: 1 }], waiting: ['b.jsonl'] },
    });
  });
});
