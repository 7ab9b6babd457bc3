import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { registerExplain } from '#worker/cli/explain.ts';
import { registerForecast } from '#worker/cli/forecast.ts';
import type { Register } from '#worker/cli/program.ts';
import { registerReport } from '#worker/cli/report.ts';
import { registerVariance } from '#worker/cli/variance.ts';
import { askForJson, expectPlainWords, type OddRow, oddRows } from './odd-tables.ts';
import { runCommand } from './run-command.ts';
import { useServedDoc } from './served-doc.ts';

/** The tables that numbers come from, and what is written into them; relations by a name that may or may not be there. */
const TABLES = {
  people: { name: 'name', cost_rate: 'hours', billable_rate: 'hours' },
  workflows: { name: 'name' },
  process_templates: { name: 'name', workflow: 'name' },
  projects: { name: 'name', process_template: 'name', billable: 'id', budget: 'hours' },
  sprints: { name: 'name', start_date: 'day', end_date: 'day', capacity_hrs: 'hours' },
  tasks: {
    name: 'id',
    project: 'name',
    parent: 'id',
    assignee: 'name',
    depends_on: 'id',
    status: 'name',
    estimated_hours: 'hours',
    baseline_hours: 'hours',
    scheduled_start_date: 'day',
    scheduled_end_date: 'day',
    completed_on: 'day',
  },
  execution_runs: {
    run_id: 'id',
    task: 'id',
    project: 'name',
    workflow: 'name',
    process_template: 'name',
    executed_by: 'name',
    started_at: 'moment',
    ended_at: 'moment',
    actual_hours: 'hours',
    interrupt_minutes: 'hours',
  },
} as const;

const anyDoc: fc.Arbitrary<readonly (readonly [string, readonly OddRow[]])[]> = fc.tuple(
  ...Object.entries(TABLES).map(([table, columns]) =>
    oddRows(columns, table === 'execution_runs' ? 12 : 6).map((rows) => [table, rows] as const),
  ),
);

const COMMANDS: readonly (readonly [Register, readonly string[]])[] = [
  [registerVariance, ['variance', '--by', 'month']],
  [registerExplain, ['explain', 'workflow', 'A']],
  [registerForecast, ['forecast', '--date', '2026-03-28']],
  [registerForecast, ['forecast', '--project', 'B', '--date', '2026-03-28']],
  [registerReport, ['report', '--month', '2026-03', '--by', 'project,person']],
];

describe('a doc with any cells whatever', () => {
  const { doc, add } = useServedDoc();

  it('is answered in plain words by every command that reads its numbers', async () => {
    const law = fc.asyncProperty(anyDoc, async (tables) => {
      for (const [table] of tables)
        for (const { rowId } of doc.person.readRows(table)) doc.person.deleteRow(table, rowId);
      for (const [table, rows] of tables) for (const row of rows) add(table, row);
      for (const [register, argv] of COMMANDS) {
        const named = [...argv, '--doc', doc.docId];
        const ended = await runCommand(register, named);
        expectPlainWords(ended);
        if (ended.code === 0) await askForJson(register, named);
      }
    });
    await fc.assert(law, { numRuns: 8 });
  });

  it('is answered where it is empty', async () => {
    for (const table of Object.keys(TABLES))
      for (const { rowId } of doc.person.readRows(table)) doc.person.deleteRow(table, rowId);
    const outOf = async (register: Register, ...argv: readonly string[]) =>
      (await runCommand(register, argv)).out;
    expect(await outOf(registerVariance, 'variance')).toBe('No runs and no finished tasks.\n');
    expect(await outOf(registerForecast, 'forecast')).toBe('No task and no run of any project.\n');
    expect(await outOf(registerReport, 'report')).toContain('Nothing cost anything.');
  });
});
