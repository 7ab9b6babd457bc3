import { msToHours } from '#shared/kernel/index.ts';
import type { ProposedRow, RowReference } from '#shared/planning/index.ts';
import {
  type LoadTable,
  toWantedRow,
  type WantedRow,
  type WantedValue,
} from '#worker/import/index.ts';

/** The tables a plan makes rows in, each after those its relations point to. */
export const PLAN_TABLES = ['engagements', 'projects', 'tasks'] as const;
/** One of {@link PLAN_TABLES}. */
export type PlanTable = (typeof PLAN_TABLES)[number];

/** The rows of a proposal as the cells they are made of. Shape: `status` is the doc's word for a task nobody has begun, if it has one. */
export function toPlannedRows(
  rows: readonly ProposedRow[],
  status: string | undefined,
): Readonly<Record<PlanTable, readonly WantedRow[]>> {
  const of = (table: PlanTable): readonly WantedRow[] =>
    rows.flatMap((row) => (row.table === table ? toRow(row, status) : []));
  return { engagements: of('engagements'), projects: of('projects'), tasks: of('tasks') };
}

function toRow(row: ProposedRow, status: string | undefined): WantedRow {
  const named = { external_id: text(row.key), name: text(row.name) };
  switch (row.table) {
    case 'engagements':
      return toWantedRow(row.key, { ...named, offer: { kind: 'row', rowId: row.offerId } });
    case 'projects':
      return toWantedRow(row.key, {
        ...named,
        engagement: toLink(row.engagement, 'engagements'),
        process_template: { kind: 'row', rowId: row.templateId },
      });
    case 'tasks': {
      const { estimateMs, scheduledStart: day } = row;
      return toWantedRow(row.key, {
        ...named,
        project: toLink(row.project, 'projects'),
        status: status === undefined ? undefined : text(status),
        estimated_hours:
          estimateMs === undefined ? undefined : { kind: 'hours', hours: msToHours(estimateMs) },
        scheduled_start_date: { kind: 'day', day },
      });
    }
  }
}

const text = (words: string): WantedValue => ({ kind: 'text', text: words });

const toLink = (reference: RowReference, table: LoadTable): WantedValue =>
  reference.kind === 'existing'
    ? { kind: 'row', rowId: reference.rowId }
    : { kind: 'link', table, key: reference.key };
