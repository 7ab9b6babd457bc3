import type { ApiRow } from '#shared/coda/index.ts';
import {
  type BoundTable,
  escapeText,
  type FounderHqTable,
  unescapeText,
} from '#shared/doc/index.ts';
import type { LeaseMark, OutboxItem, Store } from '#worker/store/index.ts';
import { rawText, showsCells, toScalars, type WantedRow } from './doc-row.ts';

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
}

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
  const missing = tables.flatMap(findMissing).map((found) => {
    const before = kept.get(found.item.id);
    if (before === undefined) return found.item;
    const item = keepFrozen(found.item, before);
    return isSameCells(before, item) || isHeldBack(before, found, { lagMs, nowMs }) ? before : item;
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
  return { due, later: missing.length - due.length };
}

/**
 * A row that was sent and is not in sight yet may be matched by nothing, and another write of its key would make a second
 * one: news of it waits until the first is there.
 */
const isHeldBack = (
  { sentAtMs }: OutboxItem,
  { isThere }: Missing,
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

/** A row that the doc does not show as it should. */
interface Missing {
  readonly item: OutboxItem;
  /** Whether it shows the row at all. */
  readonly isThere: boolean;
}

function findMissing({ name, keyColumn, rows, bound, raw }: WantedTable): readonly Missing[] {
  const keySpec = bound?.columns.get(keyColumn);
  // Without a key to find rows by, a write could double them, so a doc without it keeps its columns to itself.
  if (bound === undefined || keySpec === undefined) return [];
  const shown = new Map<string, ApiRow[]>();
  for (const row of raw) {
    const key = unescapeText(rawText(keySpec, row));
    shown.set(key, [...(shown.get(key) ?? []), row]);
  }
  return rows.flatMap((row): Missing[] => {
    const cells = toScalars(bound, row);
    const there = shown.get(row.key) ?? [];
    const isShown = there.length > 0 && there.every((one) => showsCells(bound, one, cells));
    const [first] = there;
    // A row is found by what its cell holds, to the letter; an id like `-12` is kept there with an apostrophe.
    const key = first === undefined ? escapeText(row.key) : rawText(keySpec, first);
    const item = { id: `${name}/${row.key}`, table: name, key, cells };
    return isShown ? [] : [{ item, isThere: there.length > 0 }];
  });
}

const isSameCells = (one: OutboxItem, other: OutboxItem): boolean => {
  const names = Object.keys(other.cells);
  return (
    names.length === Object.keys(one.cells).length &&
    names.every((name) => one.cells[name] === other.cells[name])
  );
};
