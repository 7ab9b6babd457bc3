import type { ApiRow } from '#shared/coda/index.ts';
import {
  type BoundTable,
  escapeText,
  type FounderHqTable,
  unescapeText,
} from '#shared/doc/index.ts';
import type { LeaseMark, OutboxItem, Store } from '#worker/store/index.ts';
import { keepOwnValues, readOwnValues } from './cell-books.ts';
import { rawText, showsCells, toScalars, type WantedRow } from './doc-row.ts';
import { type CellVerdict, judgeCells, type OwnValues, type TypedOver } from './judge-cells.ts';

/** What one table should show. */
export interface WantedTable {
  readonly name: FounderHqTable;
  /** The core's name of the column rows are found by. */
  readonly keyColumn: string;
  readonly rows: readonly WantedRow[];
  readonly bound: BoundTable | undefined;
  /** What it shows now. */
  readonly raw: readonly ApiRow[];
}

/** A moment that lies ahead was written by a clock that was wrong, and says nothing. */
const isOver = (sentAtMs: number, { lagMs, nowMs }: Pick<Patience, 'lagMs' | 'nowMs'>): boolean =>
  sentAtMs > nowMs || nowMs - sentAtMs >= lagMs;

const FROZEN = 'baseline_hours';

/** How long a row that was sent may stay invisible before it is sent again, and what time it is. Units: ms. */
export interface Patience {
  readonly lagMs: number;
  readonly nowMs: number;
  readonly under: LeaseMark;
}

/** The outbox of a tick. */
export interface FilledOutbox {
  /** What is to be sent now. */
  readonly due: readonly OutboxItem[];
  /** How many rows were sent too short a time ago to be sent again. */
  readonly later: number;
  /** Cells somebody typed over, which are left as they are. */
  readonly typedOver: readonly TypedOverCell[];
}

/** A cell somebody typed over. */
export type TypedOverCell = TypedOver & { readonly table: string; readonly row: string };

/**
 * Brings the outbox to what the doc does not show yet, and returns what of it is to be sent now. A row leaves the
 * outbox only when the doc shows it; one that was just sent is given time to show.
 */
export async function fillOutbox(
  store: Store,
  tables: readonly WantedTable[],
  { lagMs, nowMs, under }: Patience,
): Promise<FilledOutbox> {
  const kept = new Map((await store.listOutbox()).map((item) => [item.id, item]));
  const before = await readOwnValues(store);
  const looks = tables.flatMap((table) => lookAtRows(table, before, { lagMs, nowMs }));
  const after = new Map(looks.map(({ item, own }) => [item.id, own]));
  await keepOwnValues(store, { before, after }, under);
  const missing = looks
    .filter(({ isShown }) => !isShown)
    .map((found) => {
      const last = kept.get(found.item.id);
      if (last === undefined) return found.item;
      const item = keepFrozen(found.item, last);
      return isSameCells(last, item) || isHeldBack(last, found, { lagMs, nowMs }) ? last : item;
    });
  const missingIds = new Set(missing.map(({ id }) => id));
  const shown = [...kept.keys()].filter((id) => !missingIds.has(id));
  const changed = missing.filter((item) => kept.get(item.id) !== item);
  if (shown.length + changed.length > 0) {
    await store.transaction(
      async (transaction) => {
        await transaction.removeOutbox(shown);
        await transaction.putOutbox(changed);
      },
      { under },
    );
  }
  const due = missing.filter(
    ({ sentAtMs }) => sentAtMs === undefined || isOver(sentAtMs, { lagMs, nowMs }),
  );
  const typedOver = looks.flatMap((look) => look.typedOver);
  return { due, later: missing.length - due.length, typedOver };
}

/**
 * A row that was sent and is not in sight yet may be matched by nothing, and another write of its key would make a second
 * one: news of it waits until the first is there.
 */
const isHeldBack = (
  { sentAtMs }: OutboxItem,
  { isThere }: RowLook,
  patience: Pick<Patience, 'lagMs' | 'nowMs'>,
): boolean => !isThere && sentAtMs !== undefined && !isOver(sentAtMs, patience);

/** The estimate of a task's first run stays what it was when it was first sent, even while the doc does not show it yet. */
function keepFrozen(item: OutboxItem, before: OutboxItem): OutboxItem {
  const frozen = before.cells[FROZEN];
  const isAsked = item.cells[FROZEN] !== undefined;
  return isAsked && frozen !== undefined
    ? { ...item, cells: { ...item.cells, [FROZEN]: frozen } }
    : item;
}

/** How a row of the doc stands to what it should show. */
interface RowLook {
  readonly item: OutboxItem;
  /** Whether it shows the row at all. */
  readonly isThere: boolean;
  /** Whether it shows all it should, but for cells that somebody typed over. */
  readonly isShown: boolean;
  readonly typedOver: readonly TypedOverCell[];
  readonly own: OwnValues;
}

function lookAtRows(
  { name, keyColumn, rows, bound, raw }: WantedTable,
  owned: ReadonlyMap<string, OwnValues>,
  patience: Pick<Patience, 'lagMs' | 'nowMs'>,
): readonly RowLook[] {
  const keySpec = bound?.columns.get(keyColumn);
  // Without a key to find rows by, a write could double them, so a doc without it keeps its columns to itself.
  if (bound === undefined || keySpec === undefined) return [];
  const shown = new Map<string, ApiRow[]>();
  for (const row of raw) {
    const key = unescapeText(rawText(keySpec, row));
    shown.set(key, [...(shown.get(key) ?? []), row]);
  }
  return rows.map((row): RowLook => {
    const id = `${name}/${row.key}`;
    const there = shown.get(row.key) ?? [];
    const [first] = there;
    const wanted = toScalars(bound, row);
    const [verdict = { cells: wanted, typedOver: [], own: {} }, ...ofDoubles] = there.map((one) =>
      judgeCells({ bound, row: one, own: owned.get(id) ?? {}, ...patience }, wanted),
    );
    const { cells, typedOver, own } = ofDoubles.reduce(heedBoth, verdict);
    // A row is found by what its cell holds, to the letter; an id like `-12` is kept there with an apostrophe.
    const key = first === undefined ? escapeText(row.key) : rawText(keySpec, first);
    return {
      item: { id, table: name, key, cells },
      isThere: there.length > 0,
      isShown: there.length > 0 && there.every((one) => showsCells(bound, one, cells)),
      typedOver: typedOver.map((cell) => ({ ...cell, table: name, row: row.key })),
      own,
    };
  });
}

/** A write by key reaches every row that has it, so a cell that was typed over in one of them is left in all. */
function heedBoth(one: CellVerdict, { typedOver }: CellVerdict): CellVerdict {
  const isNew = ({ column }: TypedOver): boolean => column in one.cells;
  const more = typedOver.filter(isNew);
  const columns = new Set(more.map(({ column }) => column));
  const cells = Object.entries(one.cells).filter(([column]) => !columns.has(column));
  return { ...one, cells: Object.fromEntries(cells), typedOver: [...one.typedOver, ...more] };
}

const isSameCells = (one: OutboxItem, other: OutboxItem): boolean => {
  const names = Object.keys(other.cells);
  return (
    names.length === Object.keys(one.cells).length &&
    names.every((name) => one.cells[name] === other.cells[name])
  );
};
