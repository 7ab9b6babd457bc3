import type { ApiRow } from '#shared/coda/index.ts';
import { type BoundTable, toText, unescapeText } from '#shared/doc/index.ts';
import { isDomainError, isInstant, toEpochMs } from '#shared/kernel/index.ts';
import { canonicalJson } from '#shared/ledger/index.ts';
import { toJson } from '#worker/store/index.ts';
import { rawText } from './doc-row.ts';
import type { SyncTarget } from './sync-target.ts';

/** What is gone by to find rows of runs that were doubled. */
export interface DoubleFacts {
  readonly target: SyncTarget;
  /** The rows of Execution Runs as the last look saw them. */
  readonly rows: readonly ApiRow[];
  /** Whether the ledger made a run; rows of others are nobody's but people's. */
  readonly isOwn: (runId: string) => boolean;
  /** The note the ledger has of a run: where a row shows it, nobody typed it there. */
  readonly noteOf: (runId: string) => string | undefined;
  readonly nowMs: number;
  /** How long a write, or what somebody typed, may stay invisible. Units: ms. */
  readonly lagMs: number;
}

/**
 * Finds rows of Execution Runs that may be taken away: each says nothing that another row of its run does not. They come
 * about when a worker is stopped while a row is on its way and the doc carries it out long after another worker took over, which no
 * lease can prevent. A row in which somebody has typed something else stays, and readers count its run once all the same.
 * Errors: those of the API.
 */
export async function findSpareRuns(facts: DoubleFacts): Promise<readonly string[]> {
  const { target } = facts;
  const table = target.binding.tables.get('execution_runs');
  const doubled = table === undefined ? [] : findDoubled(table, facts);
  if (table === undefined || doubled.length === 0) return [];
  const columns = await target.api.listColumns(target.docId, table.tableId);
  const typed = columns.filter(({ isCalculated }) => !isCalculated).map(({ id }) => id);
  const spare: string[] = [];
  for (const { runId, rows } of doubled) {
    const whole = await readWhole(rows, table, facts);
    spare.push(...toSpare(whole, typed, toOwnNote(table, facts.noteOf(runId))));
  }
  return spare;
}

interface DoubledRun {
  readonly runId: string;
  readonly rows: readonly ApiRow[];
}

/** Runs with several rows, all of them in sight for long enough to show what anybody typed into them. */
function findDoubled(table: BoundTable, facts: DoubleFacts): readonly DoubledRun[] {
  const column = table.columns.get('run_id');
  if (column === undefined) return [];
  const rowsOf = new Map<string, ApiRow[]>();
  for (const row of facts.rows) {
    const runId = unescapeText(rawText(column, row));
    const before = rowsOf.get(runId);
    if (before === undefined) rowsOf.set(runId, [row]);
    else before.push(row);
  }
  return [...rowsOf].flatMap(([runId, rows]) =>
    rows.length > 1 && facts.isOwn(runId) && rows.every((row) => isAtRest(row, facts))
      ? [{ runId, rows }]
      : [],
  );
}

const isAtRest = ({ updatedAt }: ApiRow, { nowMs, lagMs }: DoubleFacts): boolean =>
  isInstant(updatedAt) && toEpochMs(updatedAt) + lagMs <= nowMs;

/** With the columns that only people know of, which a look leaves out. */
async function readWhole(
  rows: readonly ApiRow[],
  { tableId }: BoundTable,
  { target: { api, docId } }: DoubleFacts,
): Promise<readonly ApiRow[]> {
  const whole: ApiRow[] = [];
  for (const { id } of rows) {
    try {
      whole.push(await api.getRow(docId, tableId, id));
    } catch (error) {
      // Somebody was quicker.
      if (!isDomainError(error) || error.code !== 'NOT_FOUND') throw error;
    }
  }
  return whole;
}

/** What the ledger itself would have written into the notes of a row, as `column text`. */
function toOwnNote(table: BoundTable, note: string | undefined): string | undefined {
  const column = table.columns.get('outcome_notes')?.columnId;
  return note === undefined || column === undefined ? undefined : toCellText(column, note);
}

const toCellText = (column: string, text: string): string => `${column} ${unescapeText(text)}`;

/** The fullest row stays; of several alike the one that is the same in every listing, in whatever order. */
function toSpare(
  rows: readonly ApiRow[],
  columns: readonly string[],
  ownNote: string | undefined,
): readonly string[] {
  const said = rows
    .map(({ id, values }) => {
      const cells = columns.flatMap((column): [string, string][] => {
        const cell = values[column];
        const isOwn = cell !== undefined && toCellText(column, toText(cell)) === ownNote;
        const isBlank = cell === undefined || cell.kind === 'blank';
        return isBlank || isOwn ? [] : [[column, canonicalJson(toJson(cell))]];
      });
      return { id, cells: new Map(cells) };
    })
    .sort((one, other) => other.cells.size - one.cells.size || (one.id < other.id ? -1 : 1));
  const [kept, ...others] = said;
  return others
    .filter(({ cells }) => [...cells].every(([column, text]) => kept?.cells.get(column) === text))
    .map(({ id }) => id);
}
