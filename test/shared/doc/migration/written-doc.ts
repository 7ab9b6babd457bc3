import type { CellValue } from '#shared/coda/index.ts';
import {
  MIGRATION_TABLES,
  type MigrationDoc,
  type MigrationPlan,
  type MigrationRow,
  type MigrationTable,
  type PlannedValue,
} from '#shared/doc/index.ts';

/** A row as it is written down: texts, and links as `→ row id`. Its name is that of its id unless it has another. */
export type WrittenRow = Readonly<Record<string, string>>;
/** Rows by table and row id. */
export type WrittenDoc = {
  readonly [Table in MigrationTable]?: Readonly<Record<string, WrittenRow>>;
};

/** The doc that is written down, with every column the migration knows, save those left out. */
export function writeDoc(written: WrittenDoc, without: readonly string[] = []): MigrationDoc {
  const tables = MIGRATION_TABLES.flatMap(({ name, columns }) => {
    const rows = written[name];
    if (rows === undefined) return [];
    const kept = columns.map((column) => column.name).filter((column) => !without.includes(column));
    const list = Object.entries(rows).map(([rowId, cells]) => toRow(rowId, cells));
    return [[name, { columns: new Set(kept), rows: list }] as const];
  });
  return new Map(tables);
}

function toRow(rowId: string, written: WrittenRow): MigrationRow {
  const { name = rowId } = written;
  const cells = Object.entries(written).map(([column, text]) => [column, toCell(text)] as const);
  return { rowId, name, cells: new Map(cells) };
}

const toCell = (text: string): CellValue => {
  if (text === '') return { kind: 'blank' };
  if (!text.startsWith('→ ')) return { kind: 'text', text };
  const links = text.slice(2).split(' & ');
  const items = links.map(
    (rowId): CellValue => ({ kind: 'link', rowId, name: rowId, tableId: '' }),
  );
  return items.length === 1 && items[0] !== undefined ? items[0] : { kind: 'list', items };
};

/** What a plan would write, a line each: `table row column: value (rule)`. */
export const linesOf = ({ changes }: MigrationPlan): readonly string[] =>
  changes.flatMap((change) => {
    const { table, rule } = change;
    if (change.kind === 'cell')
      return [`${table} ${change.rowId} ${change.column}: ${toText(change.after)} (${rule})`];
    const cells = [...change.cells].map(([column, value]) => `${column}=${toText(value)}`);
    return [`+ ${table} ${cells.join(', ')} (${rule})`];
  });

function toText(value: PlannedValue): string {
  switch (value.kind) {
    case 'text':
      return value.text;
    case 'day':
      return value.day;
    case 'row':
      return `→ ${value.rowId}`;
  }
}
