import type { DocRow } from './model.ts';

/** What a name, row id or external id stands for. */
export type RowMatch<Row> =
  | { readonly kind: 'found'; readonly row: Row }
  | { readonly kind: 'ambiguous'; readonly rows: readonly Row[] }
  | { readonly kind: 'missing' };

/** A row that can be called by name, row id or external id. */
export type NamedRow = DocRow & { readonly externalId?: string };
/** Places in the list of rows. */
type RowIndex = ReadonlyMap<string, readonly number[]>;

/** One reading of a doc is asked thousands of times, once a run; its rows never change, so neither do their indexes. */
const INDEXES = new WeakMap<readonly NamedRow[], readonly RowIndex[]>();

/**
 * The row somebody means: by row id, else by external id, else by exact name, else by name in any case, as presses
 * on it are told apart. Two rows of one name are ambiguous.
 */
export function findRow<Row extends NamedRow>(
  rows: readonly Row[],
  reference: string,
): RowMatch<Row> {
  const indexes = INDEXES.get(rows) ?? [
    indexRows(rows, ({ rowId }) => rowId),
    indexRows(rows, ({ externalId }) => externalId),
    indexRows(rows, ({ name }) => name),
    indexRows(rows, ({ name }) => toLoose(name)),
  ];
  INDEXES.set(rows, indexes);
  const exact = indexes.find((index) => index.has(reference))?.get(reference);
  const places = exact ?? indexes.at(-1)?.get(toLoose(reference)) ?? [];
  const found = places.flatMap((place) => rows[place] ?? []);
  const [row] = found;
  if (row === undefined) return { kind: 'missing' };
  return found.length === 1 ? { kind: 'found', row } : { kind: 'ambiguous', rows: found };
}

/** Marked, so that no id or exact name is ever taken for it. */
const toLoose = (name: string): string => `~${name.trim().toLowerCase()}`;

function indexRows(
  rows: readonly NamedRow[],
  keyOf: (row: NamedRow) => string | undefined,
): RowIndex {
  const index = new Map<string, number[]>();
  for (const [place, row] of rows.entries()) {
    const key = keyOf(row);
    if (key === undefined) continue;
    const known = index.get(key);
    if (known === undefined) index.set(key, [place]);
    else known.push(place);
  }
  return index;
}
