import type { ApiRow } from '#shared/coda/index.ts';
import type { BoundTable } from '#shared/doc/index.ts';
import { rawText, type Scalar, shownAs } from './doc-row.ts';

/** A value a cell may show without anybody having typed over it: what stood there first, or what was sent since. */
export interface OwnValue {
  readonly value: Scalar;
  /** When it was last found not to be what the ledger says, or first wanted. Units: ms since 1970. */
  readonly atMs: number;
}

/** The worker's own values in the cells of one row. Shape: by the core's name of the column. */
export type OwnValues = Readonly<Record<string, readonly OwnValue[]>>;

/** How rows of a table are judged. */
export interface JudgeFacts {
  readonly bound: BoundTable;
  readonly row: ApiRow;
  readonly own: OwnValues;
  readonly nowMs: number;
  /** How long a write may stay invisible. Units: ms. */
  readonly lagMs: number;
}

/** A cell that shows what neither the worker sent nor stood there before. */
export interface TypedOver {
  readonly column: string;
  readonly doc: string;
  readonly ledger: string;
}

/** How the cells of one row stand. */
export interface CellVerdict {
  /** What may be written. */
  readonly cells: Readonly<Record<string, Scalar>>;
  readonly typedOver: readonly TypedOver[];
  /** What to remember from now on. */
  readonly own: OwnValues;
}

/** More values than are sent to one cell while a write may stay invisible. */
const OWN_MAX = 32;
/** A worker that is stopped with a write on its way may have it carried out long after another took over. */
const LATE_LAGS = 6;

/**
 * Three values meet in a cell: what the ledger says, what the doc shows, and what the worker knows to be its own. A cell that
 * shows none of the worker's own was typed over by a person, and is left as it is. A blank one is filled again: there
 * is nothing to lose, and it is how a person gives a cell back. Columns of people are not the worker's to judge.
 */
export function judgeCells(
  facts: JudgeFacts,
  wanted: Readonly<Record<string, Scalar>>,
): CellVerdict {
  const { bound, row, own } = facts;
  const cells: Record<string, Scalar> = {};
  const typedOver: TypedOver[] = [];
  const next: Record<string, readonly OwnValue[]> = {};
  for (const [name, scalar] of Object.entries(wanted)) {
    const column = bound.columns.get(name);
    if (column === undefined || column.spec.owner === 'doc') {
      cells[name] = scalar;
      continue;
    }
    const shown = shownAs(bound, row, [name, scalar]) ?? rawText(column, row);
    const known = own[name];
    const isOwn = known === undefined || known.some(({ value }) => value === shown);
    if (isOwn || shown === scalar || shown === '') {
      cells[name] = scalar;
      next[name] = remember(facts, known ?? [], { shown, scalar });
    } else {
      next[name] = known;
      typedOver.push({ column: name, doc: String(shown), ledger: String(scalar) });
    }
  }
  return { cells, typedOver, own: next };
}

/**
 * A cell that shows what it should may be an old reading, with other values of the worker still on their way to it: these
 * are forgotten only when they have had the time to show.
 */
function remember(
  { nowMs, lagMs }: JudgeFacts,
  known: readonly OwnValue[],
  { shown, scalar }: Readonly<Record<'shown' | 'scalar', Scalar>>,
): readonly OwnValue[] {
  const late = known.filter(
    ({ value, atMs }) => value === scalar || nowMs - atMs < LATE_LAGS * lagMs,
  );
  if (shown === scalar) {
    const isKnown = late.some(({ value }) => value === scalar);
    return isKnown ? late : [...late, { value: scalar, atMs: nowMs }];
  }
  const others = (known.length === 0 ? [{ value: shown, atMs: nowMs }] : known).filter(
    ({ value }) => value !== scalar,
  );
  return [...others, { value: scalar, atMs: nowMs }].slice(-OWN_MAX);
}
