import type { PackBench } from '../pack-bench.ts';

/** A workflow with two finished tasks, one of them in two runs, and one task still open. */
export function furnish({ doc: { person } }: PackBench): void {
  const add = (table: string, cells: Record<string, string | number>): string =>
    person.insertRow(table, cells);
  add('people', { name: 'Lee', email: 'lee@studio.example' });
  add('workflows', { name: 'Marketing Audit' });
  add('process_templates', { name: 'Audit SOP', workflow: 'Marketing Audit' });
  add('projects', { name: 'Acme', process_template: 'Audit SOP' });
  for (const [name, status] of [
    ['Interview', 'Done'],
    ['Report', 'Done'],
    ['Follow-up', 'In Progress'],
  ] as const) {
    add('tasks', { name, status, project: 'Acme', estimated_hours: 4 });
  }
  const runs = [
    ['R1', 'Interview', '2026-02-26T09:00:00Z', '2026-02-26T11:00:00Z', 2],
    ['R2', 'Interview', '2026-02-27T09:00:00Z', '2026-02-27T13:00:00Z', 4],
    ['R3', 'Report', '2026-01-05T09:00:00Z', '2026-01-05T12:00:00Z', 3],
  ] as const;
  for (const [run_id, task, started_at, ended_at, actual_hours] of runs) {
    const row = { run_id, task, started_at, ended_at, actual_hours };
    add('execution_runs', { ...row, executed_by: 'Lee' });
  }
  add('execution_runs', { run_id: 'R4', task: 'Follow-up', started_at: '2025-11-02T09:00:00Z' });
  add('execution_runs', { run_id: 'R5', actual_hours: 1.5, outcome_notes: 'Untitled work' });
}
