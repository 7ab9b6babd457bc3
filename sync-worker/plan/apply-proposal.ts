import type { ProjectProposal } from '#shared/planning/index.ts';
import {
  bringTables,
  type Difference,
  type LoadOptions,
  type LoadSession,
  openTargetTables,
  refuseTooMany,
  TableLoad,
  type TableNeeds,
  type TargetDoc,
} from '#worker/import/index.ts';
import { PLAN_TABLES, type PlanTable, toPlannedRows } from './planned-rows.ts';

/** What came of making the rows of a proposal. */
export interface PlanMade {
  /** Rows that are in the doc now, of those that were to be made. */
  readonly made: Readonly<Record<PlanTable, number>>;
  /** The doc's word for a task nobody has begun; null where its list has none, so that the cell stays blank. */
  readonly status: string | null;
  /** The keys of the rows that are in the doc now. */
  readonly keys: readonly string[];
  /** What the doc does not show as it was sent. */
  readonly differences: readonly Difference[];
}

/** Every row has to be found again by its key, and by nothing else: a row of the same name may be somebody else's. */
const NEEDS: TableNeeds<PlanTable> = {
  engagements: { columns: ['external_id', 'name', 'offer'], isKnownByName: false },
  projects: {
    columns: ['external_id', 'name', 'engagement', 'process_template'],
    isKnownByName: false,
  },
  tasks: {
    columns: [
      'external_id',
      'name',
      'project',
      'status',
      'estimated_hours',
      'scheduled_start_date',
    ],
    isKnownByName: false,
  },
};
/** What a task that nobody has begun is called, the best word first. */
const DRAFT_STATUSES = ['Draft', 'Not started'] as const;

/**
 * Makes the rows of a proposal: each under its key, so that made twice it is one row; rows that are there are left as they are. It may
 * be stopped anywhere and begun again. Errors: `DOC_NOT_READY` where a table or column is missing, before anything is sent;
 * `DOC_LIMIT`, `INTERRUPTED`, and those of the API.
 */
export async function applyProposal(
  doc: TargetDoc,
  { rows }: ProjectProposal,
  options: LoadOptions,
): Promise<PlanMade> {
  const tables = await openTargetTables(doc, NEEDS, { tables: PLAN_TABLES, what: 'the plan' });
  const status = await tables.pickOption('tasks', 'status', DRAFT_STATUSES);
  const wanted = toPlannedRows(rows, status);
  const loads = new Map<string, TableLoad>();
  const session: LoadSession = {
    target: doc,
    options,
    rowIdOf: (table, key) => loads.get(table)?.rowIdOf(key),
  };
  for (const table of PLAN_TABLES) {
    loads.set(table, new TableLoad(tables.of(table), wanted[table], session));
  }
  const asked = [...loads.values()].filter((load) => !load.isEmpty);
  for (const load of asked) await load.look();
  for (const load of asked) refuseTooMany(load);
  for (const load of asked) await bringTables([load], doc.api, options);
  const isThere = ({ table, key }: (typeof rows)[number]): boolean =>
    loads.get(table)?.rowIdOf(key) !== undefined;
  const there = rows.filter(isThere);
  const count = (table: PlanTable): number => there.filter((row) => row.table === table).length;
  return {
    made: {
      engagements: count('engagements'),
      projects: count('projects'),
      tasks: count('tasks'),
    },
    status: status ?? null,
    keys: there.map(({ key }) => key),
    differences: asked.flatMap((load) => load.differences()),
  };
}
