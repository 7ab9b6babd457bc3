import { describe, expect, it } from 'vitest';
import { registerStatus } from '#worker/cli/status.ts';
import { registerSync } from '#worker/cli/sync.ts';
import { runCommand } from './run-command.ts';
import { useServedDoc } from './served-doc.ts';

const { doc, add } = useServedDoc();
const sync = (...words: readonly string[]) => runCommand(registerSync, ['sync', ...words]);

describe('founder-hq sync on a doc that lost many rows', () => {
  it('is set up by a pass that sees them all', async () => {
    const rowIds = Array.from({ length: 60 }, (_, at) =>
      add('tasks', { name: `Task ${at}`, external_id: `X${at}` }),
    );
    expect(await sync()).toMatchObject({ code: 0 });
    for (const rowId of rowIds) doc.person.deleteRow('tasks', rowId);
  });

  it('pauses with exit code 3, in two lines, and status says so too', async () => {
    const { code, out } = await sync();
    expect(code).toBe(3);
    const told = out.split('\n').filter((line) => /^(error|next): /.test(line));
    expect(told).toMatchObject([
      expect.stringMatching(/^error: Table `tasks` lacks 60 of 60 rows at once \(`Task \d+`, /),
      expect.stringContaining('--accept-deletes --dry-run'),
    ]);
    const status = await runCommand(registerStatus, ['status']);
    expect(status.out).toContain(told[0]);
    const json = await runCommand(registerStatus, ['status', '--json']);
    expect(JSON.parse(json.out).fuses).toMatchObject([{ table: 'tasks', known: 60 }]);
  });

  it('lists the rows first, and changes nothing by it', async () => {
    const { code, out } = await sync('--accept-deletes', '--dry-run');
    expect(code).toBe(0);
    expect(out).toMatch(/^tasks: 60 of 60 rows would count as deleted\n {2}Task \d+ \(i-/);
    expect(out).toContain('and 10 more');
    const json = await sync('--dry-run', '--json');
    expect(JSON.parse(json.out).fuses[0].missing).toHaveLength(60);
    expect(await sync()).toMatchObject({ code: 3 });
  });

  it('goes on when a person says that they are meant to be gone', async () => {
    expect(await sync('--accept-deletes')).toMatchObject({ code: 0 });
    expect(await sync('--dry-run')).toMatchObject({
      code: 0,
      out: 'No table lacks more rows than a pass takes for deleted.\n',
    });
  });
});
