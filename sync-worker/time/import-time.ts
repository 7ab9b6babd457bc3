import type { CodaApi } from '#shared/coda/index.ts';
import { type FounderHqDoc, readBinding, readFounderHq } from '#shared/doc/index.ts';
import {
  awaitEarlierLoad,
  bringTables,
  type Difference,
  type LoadOptions,
  openTargetTables,
  refuseTooMany,
  TableLoad,
  type TargetTable,
} from '#worker/import/index.ts';
import { type Store, sha256 } from '#worker/store/index.ts';
import { bringTasks, type ListedTask, type TasksBrought } from './bring-tasks.ts';
import { createMatchWork, type MatchOptions } from './match-work.ts';
import { type PlannedRun, planRuns, type TimePlan } from './plan-runs.ts';
import { type RunCells, toRunRow } from './run-cells.ts';
import { keepRemembered, type RememberedRun, readRemembered } from './run-memory.ts';
import type { TimeEntry, TimeReading } from './time-entry.ts';

/** Where entries become runs. */
export interface TimeTarget {
  readonly api: CodaApi;
  readonly docId: string;
  /** What was imported before; absent where nothing was, and nothing is to be. */
  readonly store: Store | undefined;
  readonly load: LoadOptions;
}

/** How entries are imported. */
export interface TimeOptions extends MatchOptions {
  /** Whose work it is where the source does not say. */
  readonly person?: string | undefined;
  /** Whether nothing is to be sent. @default false */
  readonly isDryRun?: boolean;
  /** Tasks to add first, with their estimates. @default none */
  readonly listedTasks?: readonly ListedTask[];
}

/** What came of an import of time. */
export interface TimeReport extends TimePlan {
  /** Rows that were sent; 0 in a dry run and where nothing changed. */
  readonly sent: number;
  readonly tasksSent: number;
  readonly differences: readonly Difference[];
}

const TABLES = ['tasks', 'projects', 'people', 'execution_runs'] as const;
const NEEDS = {
  execution_runs: {
    columns: ['run_id', 'task', 'started_at', 'ended_at', 'actual_hours'],
    isKnownByName: false,
  },
} as const;

/**
 * Brings entries into Execution Runs, each as the one run it is: a new one is added, one that was changed in its tool is changed, and one
 * that has left it is named. Rows that people have changed or deleted stay so. What is meant to be there is remembered before it is sent,
 * so that it may be stopped anywhere and run again. Errors: `DOC_NOT_READY`, `DOC_LIMIT`, `INTERRUPTED`, those of API and store.
 */
export async function importTime(
  reading: TimeReading,
  target: TimeTarget,
  options: TimeOptions = {},
): Promise<TimeReport> {
  const tables = await openTargetTables(target, NEEDS, {
    tables: ['execution_runs'],
    what: 'the time',
  });
  await awaitEarlierLoad(target.load);
  const isDryRun = options.isDryRun === true || target.store === undefined;
  const listed = isDryRun ? [] : (options.listedTasks ?? []);
  const before = await readDoc(target);
  const brought = listed.length === 0 ? NOTHING : await bringTasks(listed, before, target);
  const doc = brought.sent === 0 ? before : await readDoc(target);
  const remembered = await readKnown(target, reading.source);
  const entries = reading.entries.map(createFill(options));
  const plan = planRuns(
    { ...reading, entries },
    {
      remembered,
      match: createMatchWork(doc, options),
      runIds: new Set(doc.executionRuns.map(({ runId }) => runId)),
      taskOf: new Map(doc.tasks.map((task) => [task.rowId, task])),
      sha256,
    },
  );
  const { store } = target;
  if (isDryRun || store === undefined) return { ...plan, ...NOTHING, tasksSent: 0 };
  const { source } = reading;
  const bound = tables.of('execution_runs');
  const { sent, differences } = await bringRuns(plan, {
    ...target,
    store,
    source,
    remembered,
    bound,
  });
  return {
    ...plan,
    sent,
    tasksSent: brought.sent,
    differences: [...brought.differences, ...differences],
  };
}

const createFill =
  ({ person }: TimeOptions) =>
  (entry: TimeEntry): TimeEntry =>
    (entry.person ?? entry.email) === undefined ? { ...entry, person } : entry;

const NOTHING: TasksBrought = { sent: 0, differences: [] };

interface Bringing extends TimeTarget {
  readonly store: Store;
  readonly source: string;
  readonly remembered: ReadonlyMap<string, RememberedRun>;
  readonly bound: TargetTable;
}

async function bringRuns(plan: TimePlan, bringing: Bringing): Promise<TasksBrought> {
  const { store, load, api } = bringing;
  const wanted = plan.runs.filter(({ isDeleted }) => !isDeleted);
  await keepRemembered(store, wanted.flatMap(createToMemory(bringing)));
  const rows = wanted.map(({ runId, cells, earlier }) => toRunRow(runId, cells, earlier));
  const session = { target: bringing, options: load, rowIdOf: () => undefined };
  const runs = new TableLoad(bringing.bound, rows, session);
  await runs.look();
  refuseTooMany(runs);
  await bringTables([runs], api, load);
  const differences = runs.differences();
  const missing = new Set(
    differences.filter(({ kind }) => kind === 'missing').map(({ key }) => key),
  );
  const landed = wanted.filter(({ runId }) => !missing.has(runId));
  await keepRemembered(store, landed.flatMap(createToLanded(bringing)));
  return { sent: runs.report().sent, differences };
}

const readKnown = async (
  { store }: TimeTarget,
  source: string,
): Promise<ReadonlyMap<string, RememberedRun>> =>
  store === undefined ? new Map() : readRemembered(store, source);

async function readDoc({ api, docId }: TimeTarget): Promise<FounderHqDoc> {
  const binding = await readBinding(api, docId, { tables: TABLES });
  return (await readFounderHq({ api, docId, binding }, TABLES)).doc;
}

/** What has to be known of a run before its row is sent; nothing where it is known. */
const createToMemory =
  ({ source, remembered }: Bringing) =>
  ({ runId, facts, cells, earlier, kind }: PlannedRun): readonly RememberedRun[] => {
    const isLanded = remembered.get(runId)?.isLanded === true;
    if (kind === 'same' && isLanded) return [];
    return [{ runId, source, facts, cells, earlier: merge(earlier), isLanded }];
  };

/** What is known once the doc shows it; a row that a person has changed counts as landed too. */
const createToLanded =
  ({ source, remembered }: Bringing) =>
  ({ runId, facts, cells, kind }: PlannedRun): readonly RememberedRun[] => {
    const isKnown = kind === 'same' && remembered.get(runId)?.isLanded === true;
    return isKnown ? [] : [{ runId, source, facts, cells, isLanded: true }];
  };

/** Of what was written before, the latest of each column is what a doc can still hold. */
const merge = (earlier: readonly RunCells[]): RunCells | undefined =>
  earlier.length === 0 ? undefined : Object.assign({}, ...earlier.toReversed());
