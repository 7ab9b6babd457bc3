import { DomainError } from '#shared/kernel/index.ts';
import { listVisible, toApiView, toReadContext } from './api-objects.ts';
import type { CellAssignments } from './change.ts';
import type { DocCore } from './doc-core.ts';
import { addTables, addView, type DocColumn, type DocTable, findNamed } from './doc-schema.ts';
import { toText } from './read-cell.ts';
import type { TableSpec, ViewSpec } from './table-spec.ts';
import { type WireValue, wireValueSchema } from './wire-value.ts';
import type { DocPerson } from './write-cell.ts';

/** A row as a person reads it: text by column name. */
export interface ShownRow {
  readonly rowId: string;
  readonly cells: Readonly<Record<string, string>>;
}

/** Values by column name, as a person types them. */
export type TypedCells = Readonly<Record<string, WireValue>>;

/**
 * What a person does in the live doc: at once, past every limit and queue, and seen by reads after the lag.
 * Tables and columns go by id or name. A person also stands for the doc's own formulas: calculated columns can be set.
 * Errors: `DomainError` `NO_SUCH_OBJECT` for a table, column or row that is not there.
 */
export interface Person {
  /** The rows as they are, not as reads see them, oldest first. */
  readRows(table: string): readonly ShownRow[];
  insertRow(table: string, cells: TypedCells): string;
  editCell(table: string, rowId: string, cell: TypedCells): void;
  deleteRow(table: string, rowId: string): void;
  renameColumn(table: string, column: string, name: string): void;
  renameTable(table: string, name: string): void;
  deleteColumn(table: string, column: string): void;
  /** Takes a table and its views out of the doc. */
  deleteTable(table: string): void;
  addTables(specs: readonly TableSpec[]): void;
  addView(spec: ViewSpec): void;
  /** Gives someone an account, so that person cells can name them. */
  addPerson(person: DocPerson): void;
}

/** The person at a doc. */
export const createPerson = (core: DocCore): Person => ({
  ...createRowEditor(core),
  ...createShapeEditor(core),
});

type RowEditor = Pick<Person, 'readRows' | 'insertRow' | 'editCell' | 'deleteRow'>;

function createRowEditor(core: DocCore): RowEditor {
  const tableNamed = (idOrName: string): DocTable => need(core.memory().tables, idOrName, 'table');
  const needRow = (table: DocTable, rowId: string): string => {
    core.advance();
    if (core.memory().liveOf(table.baseId).get(rowId) === undefined) {
      throw new DomainError('NO_SUCH_OBJECT', `table \`${table.name}\` has no row \`${rowId}\``);
    }
    return rowId;
  };
  return {
    readRows(idOrName) {
      core.advance();
      const table = tableNamed(idOrName);
      const view = toApiView(core, 'http://local', 'live');
      const context = toReadContext(view);
      return listVisible(view, table).map((row) => {
        const cells = table.columns.map((column) => {
          const text = toText(row.cells[column.id], column, context);
          return [column.name, text] as const;
        });
        return { rowId: row.rowId, cells: Object.fromEntries(cells) };
      });
    },
    insertRow(idOrName, typed) {
      const table = tableNamed(idOrName);
      const rowId = core.nextRowId();
      const rows = [{ rowId, cells: toCells(table, typed) }];
      core.edit({ kind: 'upsert', tableId: table.baseId, keyColumnIds: [], rows, isParsed: true });
      return rowId;
    },
    editCell(idOrName, rowId, typed) {
      const table = tableNamed(idOrName);
      core.edit({
        kind: 'update',
        tableId: table.baseId,
        rowId: needRow(table, rowId),
        cells: toCells(table, typed),
        isParsed: true,
      });
    },
    deleteRow(idOrName, rowId) {
      const table = tableNamed(idOrName);
      core.edit({ kind: 'delete', tableId: table.baseId, rowIds: [needRow(table, rowId)] });
    },
  };
}

function createShapeEditor(core: DocCore): Omit<Person, keyof RowEditor> {
  const tables = (): readonly DocTable[] => core.memory().tables;
  const tableNamed = (idOrName: string): DocTable => need(tables(), idOrName, 'table');
  const columnNamed = (table: string, idOrName: string): DocColumn =>
    need(tableNamed(table).columns, idOrName, 'column');
  const setTables = (toTables: (table: DocTable) => readonly DocTable[]): void =>
    core.setTables(tables().flatMap(toTables));
  // A view holds its base table's columns, so both are changed.
  const setColumns = (columnId: string, toColumns: (column: DocColumn) => DocColumn[]): void =>
    setTables((table) => {
      const columns = table.columns.flatMap((column) =>
        column.id === columnId ? toColumns(column) : [column],
      );
      return [{ ...table, columns }];
    });
  return {
    renameColumn(table, column, name) {
      setColumns(columnNamed(table, column).id, (found) => [{ ...found, name }]);
    },
    renameTable(idOrName, name) {
      const { id } = tableNamed(idOrName);
      setTables((table) => [table.id === id ? { ...table, name } : table]);
    },
    deleteColumn(table, column) {
      setColumns(columnNamed(table, column).id, () => []);
    },
    deleteTable(idOrName) {
      const { id } = tableNamed(idOrName);
      setTables((table) => (table.id === id || table.baseId === id ? [] : [table]));
    },
    addTables: (specs) => core.setTables(addTables(tables(), specs, core.identity().docId)),
    addView: (spec) => core.setTables(addView(tables(), spec, core.identity().docId)),
    addPerson(person) {
      const identity = core.identity();
      core.setIdentity({ ...identity, people: [...identity.people, person] });
    },
  };
}

const toCells = (table: DocTable, typed: TypedCells): CellAssignments =>
  Object.entries(typed).map(([name, value]) => ({
    columnId: need(table.columns, name, 'column').id,
    value: wireValueSchema.parse(value),
  }));

function need<Thing extends { readonly id: string; readonly name: string }>(
  things: readonly Thing[],
  idOrName: string,
  what: string,
): Thing {
  const thing = findNamed(things, idOrName);
  if (thing === undefined) {
    throw new DomainError('NO_SUCH_OBJECT', `the doc has no ${what} \`${idOrName}\``);
  }
  return thing;
}
