import { toComparable } from './checklist.ts';
import { isPlanKey } from './planned-rows.ts';
import type { NamedRow } from './project-pattern.ts';

/** A row that may stand for a planned one. */
export interface Matchable extends NamedRow {
  readonly externalId?: string;
}

/** The rows that carry a key: the one that counts, and those it was copied to. */
interface Keyed<Row> {
  readonly row: Row;
  readonly copies: readonly Row[];
}

/** Finds the row that stands for a planned one; every row is found once at most. */
export interface PlannedFinder<Row> {
  /**
   * The row that carries the key, wherever it hangs and whatever it is called by now; else one that a person made by
   * hand under the same name and that `isCandidate` lets through.
   */
  readonly find: (
    planned: { readonly key: string; readonly name: string },
    isCandidate: (row: Row) => boolean,
  ) => Row | undefined;
  /** Rows found under a key that an earlier row carries too. */
  readonly copies: () => readonly Row[];
}

/** A finder over rows; of rows that carry one key, the one with the lowest row id counts. */
export function createPlannedFinder<Row extends Matchable>(
  rows: readonly Row[],
): PlannedFinder<Row> {
  const ordered = [...rows].sort((one, other) => (one.rowId < other.rowId ? -1 : 1));
  const byKey = new Map<string, Keyed<Row>>();
  const byName = new Map<string, Row[]>();
  for (const row of ordered) {
    const { externalId } = row;
    if (externalId !== undefined && isPlanKey(externalId)) addKeyed(byKey, externalId, row);
    else addNamed(byName, row);
  }
  const copies: Row[] = [];
  const taken = new Set<Row>();
  const findByHand = (name: string, isCandidate: (row: Row) => boolean): Row | undefined => {
    const named = byName.get(toComparable(name)) ?? [];
    const row = named.find((candidate) => !taken.has(candidate) && isCandidate(candidate));
    if (row !== undefined) taken.add(row);
    return row;
  };
  return {
    find: ({ key, name }, isCandidate) => {
      const keyed = byKey.get(key);
      if (keyed === undefined) return findByHand(name, isCandidate);
      copies.push(...keyed.copies);
      return keyed.row;
    },
    copies: () => copies,
  };
}

function addKeyed<Row>(byKey: Map<string, Keyed<Row>>, key: string, row: Row): void {
  const known = byKey.get(key);
  byKey.set(
    key,
    known === undefined ? { row, copies: [] } : { ...known, copies: [...known.copies, row] },
  );
}

function addNamed<Row extends NamedRow>(byName: Map<string, Row[]>, row: Row): void {
  const name = toComparable(row.name);
  const known = byName.get(name);
  if (known === undefined) byName.set(name, [row]);
  else known.push(row);
}
