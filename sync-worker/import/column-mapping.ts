import { accept, type Result, refuse } from '#shared/kernel/index.ts';

/** How one field of a file is found. */
export interface FieldSpec {
  readonly isRequired: boolean;
  /** Other headers in common use for the same thing: lower case, without blanks, `_` and `-`. */
  readonly synonyms: readonly string[];
}

/** What a row of a file may tell; each field is found by its own name or by a synonym. */
export type FieldTable<Field extends string> = Readonly<Record<Field, FieldSpec>>;

/** Which column of the file holds which field. */
export interface ColumnMapping<Field extends string> {
  /** How many fields every record must have. */
  readonly width: number;
  readonly columns: ReadonlyMap<Field, MappedColumn>;
  /** Columns nothing is read from, by their header. */
  readonly unused: readonly string[];
}

/** A column in use: its place from 0, and its header as it stands in the file. */
export interface MappedColumn {
  readonly index: number;
  readonly header: string;
}

/** Why a header cannot be used. */
export type MappingRefusal =
  | { readonly code: 'COLUMN_MISSING'; readonly field: string; readonly wanted: string }
  | {
      readonly code: 'COLUMN_AMBIGUOUS';
      readonly field: string;
      readonly headers: readonly string[];
    };

/** Whether a text names a field of a table. */
export const isField = <Field extends string>(
  table: FieldTable<Field>,
  text: string,
): text is Field => Object.hasOwn(table, text);

/** Every field of a table with the other headers it is found under, a line a field; those without any are left out. */
export const describeSynonyms = <Field extends string>(table: FieldTable<Field>): string =>
  fieldsOf(table)
    .filter((field) => table[field].synonyms.length > 0)
    .map((field) => `  ${field}: ${table[field].synonyms.join(', ')}`)
    .join('\n');

/** Every field of a table, in the order in which they are shown. */
export const fieldsOf = <Field extends string>(table: FieldTable<Field>): readonly Field[] =>
  Object.keys(table).filter((text): text is Field => isField(table, text));

/**
 * Guesses which column holds which field: the one named on the command line, else the one of the field's own name,
 * else the one with a synonym. Case, blanks, `_` and `-` make no difference.
 * Refusals: `COLUMN_MISSING`, `COLUMN_AMBIGUOUS` (the same header twice, or two synonyms of one field).
 */
export function mapColumns<Field extends string>(
  table: FieldTable<Field>,
  header: readonly string[],
  chosen: ReadonlyMap<Field, string> = new Map(),
): Result<ColumnMapping<Field>, MappingRefusal> {
  const columns = new Map<Field, MappedColumn>();
  for (const field of fieldsOf(table)) {
    const wanted = chosen.get(field);
    const found = find(header, wanted ?? field, wanted === undefined ? table[field].synonyms : []);
    const [column] = found;
    if (found.length > 1) {
      return refuse({ code: 'COLUMN_AMBIGUOUS', field, headers: found.map((each) => each.header) });
    }
    if (column !== undefined) columns.set(field, column);
    else if (wanted !== undefined || table[field].isRequired) {
      return refuse({ code: 'COLUMN_MISSING', field, wanted: wanted ?? field });
    }
  }
  const used = new Set([...columns.values()].map((column) => column.index));
  const unused = header.filter((_, index) => !used.has(index));
  return accept({ width: header.length, columns, unused });
}

/** A file whose header is judged, for those who have to mend it. */
export interface HeaderOf {
  /** What the file is called within a sentence. @default the file */
  readonly file?: string | undefined;
  readonly header: readonly string[];
  /** Whether the command that reads it takes `--map`. */
  readonly takesMap: boolean;
}

/** One line that says what is wrong with a header and what to do about it. */
export function explainMappingRefusal(
  refusal: MappingRefusal,
  { file = 'the file', header, takesMap }: HeaderOf,
): string {
  const { field } = refusal;
  const named = `${file.slice(0, 1).toUpperCase()}${file.slice(1)}`;
  const remedy = takesMap
    ? `name it with --map ${field}="Column name"`
    : `rename the one that holds it to \`${field}\``;
  switch (refusal.code) {
    case 'COLUMN_MISSING':
      return `${named} has no column \`${refusal.wanted}\` for ${field}, only ${listHeaders(header)}; ${remedy}.`;
    case 'COLUMN_AMBIGUOUS': {
      const isSame = new Set(refusal.headers.map(toHeaderKey)).size === 1;
      const fix = isSame ? 'rename or remove one of them' : remedy;
      return `${named} has ${refusal.headers.length} columns for ${field} (${listHeaders(refusal.headers)}); ${fix}.`;
    }
  }
}

const listHeaders = (headers: readonly string[]): string =>
  headers.map((header) => `\`${header.trim()}\``).join(', ');

/** The columns of a header's own name, else those of other words for it. */
function find(
  header: readonly string[],
  name: string,
  synonyms: readonly string[],
): readonly MappedColumn[] {
  const own = findAll(header, [toHeaderKey(name)]);
  return own.length > 0 ? own : findAll(header, synonyms);
}

function findAll(header: readonly string[], keys: readonly string[]): readonly MappedColumn[] {
  const columns = header.map((text, index) => ({ index, header: text.trim() }));
  return columns.filter((column) => keys.includes(toHeaderKey(column.header)));
}

/** A header without what makes no difference: case, blanks, `_` and `-`. */
export const toHeaderKey = (header: string): string =>
  header.toLowerCase().replaceAll(/[\s_-]/g, '');
