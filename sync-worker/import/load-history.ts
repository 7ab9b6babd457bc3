import { awaitEarlierLoad, bringTables, refuseTooMany } from './bring-tables.ts';
import type { ImportTarget } from './import-target.ts';
import type { Difference, LoadOptions, TableReport } from './load-model.ts';
import { type LoadSession, TableLoad } from './table-load.ts';
import type { ImportTable, LoadTable, WantedRows } from './wanted-rows.ts';

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
  await awaitEarlierLoad(options);
  for (const load of asked) await load.look();
  for (const load of asked) refuseTooMany(load);
  // No table of a step points to another of it, so one wait serves them all.
  for (const step of [[workflows, projects, people], [tasks], [execution_runs]]) {
    await bringTables(step, target.api, options);
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
  const known = new Map<LoadTable, TableLoad>();
  const session: LoadSession = {
    target,
    options,
    rowIdOf: (table, key) => known.get(table)?.rowIdOf(key),
  };
  const open = (table: ImportTable): TableLoad => {
    const load = new TableLoad(target.tableOf(table), wanted[table], session);
    known.set(table, load);
    return load;
  };
  return {
    workflows: open('workflows'),
    projects: open('projects'),
    people: open('people'),
    tasks: open('tasks'),
    execution_runs: open('execution_runs'),
  };
}
