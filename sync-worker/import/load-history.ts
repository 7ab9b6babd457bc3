import { DomainError } from '#shared/kernel/index.ts';
import { awaitMutations } from '#worker/coda/index.ts';
import type { ImportTarget } from './import-target.ts';
import type { Difference, LoadOptions, TableReport } from './load-model.ts';
import { type LoadSession, TableLoad } from './table-load.ts';
import type { ImportTable, WantedRows } from './wanted-rows.ts';

/** What an import did, and what it found when it looked again. */
export interface LoadReport {
  readonly tables: { readonly [Table in ImportTable]: TableReport };
  /** Requests that wrote rows. */
  readonly contentWrites: number;
  /** Pages of rows that were read. */
  readonly listPages: number;
  /** Where the doc says something else than the file; nothing is overwritten. */
  readonly differences: readonly Difference[];
}

/**
 * Rows a table may hold after an import. Coda's listings of larger tables run into time-outs, and at three writes in
 * ten seconds 10,000 tasks with their runs already take eleven minutes.
 */
export const TABLE_ROWS_MAX = 10_000;

/** How often what is still missing is sent again before it is reported. */
const ROUNDS_MAX = 5;

/**
 * Brings the rows a history stands for into a doc: looks what is there, sends what is missing in as few requests as
 * can be, and looks again until the doc shows it. It may be stopped anywhere and run again: rows are found by their
 * keys, so none comes twice, and what people have changed since is left as it is.
 * Errors: `DOC_LIMIT` before anything is sent, `INTERRUPTED`, and those of the API.
 */
export async function loadHistory(
  target: ImportTarget,
  wanted: WantedRows,
  options: LoadOptions,
): Promise<LoadReport> {
  const loads = createLoads(target, wanted, options);
  const { workflows, projects, people, tasks, execution_runs } = loads;
  const all = [workflows, projects, people, tasks, execution_runs];
  const asked = all.filter((load) => !load.isEmpty);
  await awaitEarlierImport(options);
  for (const load of asked) await load.look();
  for (const load of asked) refuseTooMany(load, target);
  // No table of a step points to another of it, so one wait serves them all.
  for (const step of [[workflows, projects, people], [tasks], [execution_runs]]) {
    await bring(step, target, options);
  }
  const sum = (count: (load: TableLoad) => number): number =>
    all.reduce((total, load) => total + count(load), 0);
  return {
    tables: {
      workflows: workflows.report(),
      projects: projects.report(),
      people: people.report(),
      tasks: tasks.report(),
      execution_runs: execution_runs.report(),
    },
    contentWrites: sum((load) => load.contentWrites),
    listPages: sum((load) => load.listPages),
    differences: all.flatMap((load) => load.differences()),
  };
}

function createLoads(
  target: ImportTarget,
  wanted: WantedRows,
  options: LoadOptions,
): { readonly [Table in ImportTable]: TableLoad } {
  const session: LoadSession = {
    target,
    options,
    rowIdOf: (table, key) => loads[table].rowIdOf(key),
  };
  const loads = {
    workflows: new TableLoad('workflows', wanted.workflows, session),
    projects: new TableLoad('projects', wanted.projects, session),
    people: new TableLoad('people', wanted.people, session),
    tasks: new TableLoad('tasks', wanted.tasks, session),
    execution_runs: new TableLoad('execution_runs', wanted.execution_runs, session),
  };
  return loads;
}

/** What a stopped import sent may not show yet, and to send it again too early could double it. */
async function awaitEarlierImport(options: LoadOptions): Promise<void> {
  const { clock, wait, lagMs, sentMark, onProgress } = options;
  const lastSentAt = lagMs === 0 ? undefined : await sentMark?.lastSentAt();
  if (lastSentAt === undefined) return;
  const waitMs = Math.min(lagMs, lastSentAt + lagMs - clock());
  if (waitMs <= 0) return;
  onProgress?.({ phase: 'waiting', waitMs });
  await wait(waitMs);
}

function refuseTooMany(load: TableLoad, target: ImportTarget): void {
  const rows = load.rowsAfter();
  if (rows === undefined || rows <= TABLE_ROWS_MAX) return;
  const [count, limit] = [rows, TABLE_ROWS_MAX].map((each) => each.toLocaleString('en-US'));
  const { docName } = target.tables[load.table];
  const message = `Table \`${docName}\` would hold ${count} rows; an import stops at ${limit}.`;
  throw new DomainError('DOC_LIMIT', message);
}

/** Sends and looks, in a bounded number of rounds, until the doc shows every row of the tables. */
async function bring(
  step: readonly TableLoad[],
  target: ImportTarget,
  options: LoadOptions,
): Promise<void> {
  const { clock, wait, lagMs, onProgress } = options;
  const timing = lagMs === 0 ? { firstPollMs: 0 } : {};
  for (let round = 1; round <= ROUNDS_MAX; round += 1) {
    const open = step.filter((load) => !load.isDone());
    if (open.length === 0) return;
    const requestIds: string[] = [];
    for (const load of open) requestIds.push(...(await load.send()));
    await awaitMutations(target.api, requestIds, { clock, wait, ...timing });
    for (const load of open) {
      await load.settle();
      const { found: done, wanted: total } = load.report();
      onProgress?.({ phase: 'checking', table: load.table, done, total });
    }
  }
}
