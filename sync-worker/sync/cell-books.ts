import * as z from 'zod/mini';
import type { DocFinding } from '#shared/doc/index.ts';
import { type Instant, isInstant, toInstant } from '#shared/kernel/index.ts';
import {
  type CellConflict,
  canonicalJson,
  isConflictTold,
  type Json,
  toConflictKey,
} from '#shared/ledger/index.ts';
import { type LeaseMark, type Store, toJson } from '#worker/store/index.ts';
import { decodeBook } from './book-codecs.ts';
import type { OwnValues } from './judge-cells.ts';

const OWN = z.record(
  z.string(),
  z.array(z.object({ value: z.union([z.string(), z.number(), z.boolean()]), atMs: z.number() })),
);
const OWNS = { collection: 'cells', decode: (body: Json) => z.safeParse(OWN, body).data };
const MOMENT = z.custom<Instant>((value) => typeof value === 'string' && isInstant(value));
const CONFLICT = z.object({
  table: z.string(),
  row: z.string(),
  column: z.string(),
  doc: z.string(),
  ledger: z.string(),
  at: MOMENT,
  agreedAt: z.exactOptional(MOMENT),
});
const CONFLICTS = {
  collection: 'conflict',
  decode: (body: Json) => z.safeParse(CONFLICT, body).data,
};

/** What the worker knows to be its own in each row it writes to, as `table/key`. Errors: `STORE_CORRUPT`. */
export async function readOwnValues(store: Store): Promise<ReadonlyMap<string, OwnValues>> {
  const bodies = await store.list(OWNS.collection);
  return new Map([...bodies].map(([id, body]) => [id, decodeBook(OWNS, id, body)]));
}

/** Remembers what is about to be sent, before it is. */
export async function keepOwnValues(
  store: Store,
  { before, after }: Readonly<Record<'before' | 'after', ReadonlyMap<string, OwnValues>>>,
  under: LeaseMark,
): Promise<void> {
  const changed = [...after].filter(([id, own]) => !isSame(before.get(id), own));
  if (changed.length === 0) return;
  await store.transaction(
    async (transaction) => {
      for (const [id, own] of changed) await transaction.put(OWNS.collection, id, toJson(own));
    },
    { under },
  );
}

/** The cells somebody typed over, those included that the two sides have agreed on lately. Errors: `STORE_CORRUPT`. */
async function readConflicts(store: Store): Promise<readonly CellConflict[]> {
  const bodies = await store.list(CONFLICTS.collection);
  return [...bodies].map(([id, body]) => decodeBook(CONFLICTS, id, body));
}

/** Brings the conflicts to what was found now, and returns all of them the doc should tell of. */
export async function keepConflicts(
  store: Store,
  found: readonly Omit<CellConflict, 'at' | 'agreedAt'>[],
  { nowMs, under }: { readonly nowMs: number; readonly under: LeaseMark },
): Promise<readonly CellConflict[]> {
  const before = new Map((await readConflicts(store)).map((one) => [toConflictKey(one), one]));
  const now = toInstant(nowMs);
  const open = found.map((one): CellConflict => {
    const known = before.get(toConflictKey(one));
    return { ...one, at: known?.agreedAt === undefined ? (known?.at ?? now) : now };
  });
  const openKeys = new Set(open.map(toConflictKey));
  const agreed = [...before.values()]
    .filter((one) => !openKeys.has(toConflictKey(one)))
    .map((one): CellConflict => ({ ...one, agreedAt: one.agreedAt ?? now }));
  const told = [...open, ...agreed.filter((one) => isConflictTold(one, nowMs))];
  const toldKeys = new Set(told.map(toConflictKey));
  const changed = told.filter((one) => !isSame(before.get(toConflictKey(one)), one));
  const over = [...before.keys()].filter((key) => !toldKeys.has(key));
  if (changed.length + over.length === 0) return told;
  await store.transaction(
    async (transaction) => {
      for (const one of changed)
        await transaction.put(CONFLICTS.collection, toConflictKey(one), toJson(one));
      for (const key of over) await transaction.remove(CONFLICTS.collection, key);
    },
    { under },
  );
  return told;
}

/** What a person can do about a conflict; nothing where it is over. */
export function toConflictFinding(conflict: CellConflict): readonly DocFinding[] {
  const { table, row, column, doc, ledger, agreedAt } = conflict;
  if (agreedAt !== undefined) return [];
  const message = `\`${table}.${column}\` of \`${row}\` says \`${doc}\` in the doc and \`${ledger}\` in the ledger: somebody typed over it, and both are kept.`;
  const fix = 'Clear the cell to have it filled again, or mend what its figure is made of.';
  return [{ code: 'CELL_CONFLICT', severity: 'warning', table, column, message, fix }];
}

const isSame = (one: object | undefined, other: object): boolean =>
  one !== undefined && canonicalJson(toJson(one)) === canonicalJson(toJson(other));
