import { createHash } from 'node:crypto';
import * as z from 'zod/mini';
import { DomainError } from '#shared/kernel/index.ts';
import { COLUMN_TYPES, type ColumnSpec, type TableSpec, type ViewSpec } from './table-spec.ts';
import { wireValueSchema } from './wire-value.ts';

const columnSchema = z.object({
  id: z.string(),
  name: z.string(),
  type: z.enum(COLUMN_TYPES),
  isArray: z.boolean(),
  isDisplay: z.boolean(),
  isCalculated: z.boolean(),
  isHidden: z.boolean(),
  options: z.array(z.string()),
  lookupTableId: z.string(),
  currencyCode: z.string(),
  /** Column id → what a press sets. */
  press: z.record(z.string(), wireValueSchema),
});

const tableSchema = z.object({
  id: z.string(),
  name: z.string(),
  /** The base table of a view; a base table's own id. */
  baseId: z.string(),
  columns: z.array(columnSchema),
  filter: z.optional(z.object({ columnId: z.string(), text: z.string() })),
});

/** Reads the doc's tables from its file. */
export const docSchemaSchema = z.array(tableSchema);

/** A column as the doc keeps it. */
export type DocColumn = Readonly<z.infer<typeof columnSchema>>;
/** A base table or a view as the doc keeps it. */
export type DocTable = Readonly<z.infer<typeof tableSchema>>;

/** Whether a table is a view of another. */
export const isView = (table: DocTable): boolean => table.baseId !== table.id;

/** The column that names the rows of a table. */
export function displayColumnOf(table: DocTable): DocColumn {
  const display = table.columns.find((column) => column.isDisplay) ?? table.columns[0];
  if (display === undefined) throw new Error(`Bug: table \`${table.name}\` has no column`);
  return display;
}

/** The one of several named things that a text means: by id, else by exact name. */
export const findNamed = <Thing extends { readonly id: string; readonly name: string }>(
  things: readonly Thing[],
  idOrName: string,
): Thing | undefined =>
  things.find(({ id }) => id === idOrName) ?? things.find(({ name }) => name === idOrName);

/** An id of Coda's form: a prefix and ten characters that stand for a text. */
export const toDocId = (prefix: string, text: string): string =>
  `${prefix}${createHash('sha256').update(text).digest('base64url').slice(0, 10)}`;

/**
 * The tables of a doc after some more were made. Ids follow from the doc's id and the names, so the same doc is made twice alike.
 * Errors: `DomainError` `BAD_TABLE_SPEC` for a name given twice and for a table or column that does not exist.
 */
export function addTables(
  existing: readonly DocTable[],
  specs: readonly TableSpec[],
  docId: string,
): readonly DocTable[] {
  const idOf = new Map(existing.map(({ name, id }) => [name, id]));
  for (const spec of specs) {
    if (idOf.has(spec.name)) throw badSpec(`table \`${spec.name}\` is there already`);
    idOf.set(spec.name, spec.gridId ?? toDocId('grid-', `${docId}/${spec.name}`));
  }
  const added = specs.map((spec): DocTable => {
    const id = idOf.get(spec.name) ?? '';
    const columnIdOf = (name: string): string => {
      if (spec.columns.every((column) => column.name !== name)) {
        throw badSpec(`table \`${spec.name}\` has no column \`${name}\``);
      }
      return toDocId('c-', `${id}/${name}`);
    };
    const tableIdOf = (name: string): string => {
      const target = idOf.get(name);
      if (target === undefined) throw badSpec(`\`${spec.name}\` looks up no table \`${name}\``);
      return target;
    };
    const display = spec.columns.find((column) => column.isDisplay === true) ?? spec.columns[0];
    if (display === undefined) throw badSpec(`table \`${spec.name}\` has no column`);
    const names = new Set(spec.columns.map(({ name }) => name));
    if (names.size < spec.columns.length) throw badSpec(`\`${spec.name}\` repeats a column name`);
    const columns = spec.columns.map((column) => ({
      ...toColumn(column, { columnIdOf, tableIdOf }),
      isDisplay: column === display,
    }));
    return { id, name: spec.name, baseId: id, columns };
  });
  return [...existing, ...added];
}

function toColumn(
  spec: ColumnSpec,
  names: { columnIdOf: (name: string) => string; tableIdOf: (name: string) => string },
): DocColumn {
  if (spec.type === 'lookup' && spec.lookupTable === undefined) {
    throw badSpec(`lookup \`${spec.name}\` names no table`);
  }
  const press = Object.entries(spec.press ?? {});
  return {
    id: names.columnIdOf(spec.name),
    name: spec.name,
    type: spec.type,
    isArray: spec.isArray ?? false,
    isDisplay: false,
    isCalculated: spec.isCalculated ?? spec.type === 'button',
    isHidden: spec.isHidden ?? false,
    options: [...(spec.options ?? [])],
    lookupTableId: spec.lookupTable === undefined ? '' : names.tableIdOf(spec.lookupTable),
    currencyCode: spec.currencyCode ?? 'USD',
    press: Object.fromEntries(
      press.map(([name, value]) => [names.columnIdOf(name), wireValueSchema.parse(value)]),
    ),
  };
}

/** The tables of a doc after a view was made. Errors: as {@link addTables}. */
export function addView(
  existing: readonly DocTable[],
  spec: ViewSpec,
  docId: string,
): readonly DocTable[] {
  const base = existing.find(({ name }) => name === spec.viewOf);
  if (base === undefined) throw badSpec(`\`${spec.name}\` is a view of no table`);
  const columnNamed = (name: string): DocColumn => {
    const column = base.columns.find((candidate) => candidate.name === name);
    if (column === undefined) throw badSpec(`table \`${base.name}\` has no column \`${name}\``);
    return column;
  };
  const view: DocTable = {
    id: toDocId('table-', `${docId}/${spec.name}`),
    name: spec.name,
    baseId: base.id,
    columns: (spec.columns ?? base.columns.map(({ name }) => name)).map(columnNamed),
    ...(spec.filter === undefined
      ? {}
      : { filter: { columnId: columnNamed(spec.filter.column).id, text: spec.filter.text } }),
  };
  return [...existing, view];
}

const badSpec = (message: string): DomainError => new DomainError('BAD_TABLE_SPEC', message);
