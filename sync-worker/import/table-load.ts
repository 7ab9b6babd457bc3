import { type ApiRow, type Cell, type Queued, splitIntoBatches } from '#shared/coda/index.ts';
import { CODECS } from '#shared/doc/index.ts';
import { isDomainError } from '#shared/kernel/index.ts';
import { type RowIdOf, toWire } from './judge-cell.ts';
import {
  type Difference,
  type LoadOptions,
  type TableReport,
  throwIfStopped,
} from './load-model.ts';
import { judgeRow, type RowStanding, type TableView, viewTable } from './table-view.ts';
import type { TargetDoc, TargetTable } from './target-tables.ts';
import type { LoadTable, WantedRow } from './wanted-rows.ts';

/** What the loads of all tables of one doc have in common. */
export interface LoadSession {
  readonly target: TargetDoc;
  readonly options: LoadOptions;
  /** Rows of the other tables, as far as they are known. */
  readonly rowIdOf: RowIdOf;
}

/** A row to send, with the columns to send beside its key. */
interface Todo {
  readonly row: WantedRow;
  readonly columns: readonly string[];
}

/** Lost answers in a row after which no more is sent for now: the API is away. */
const LOST_IN_A_ROW_MAX = 3;
/** Between two looks at a doc that shows writes late. */
const PAUSE_MS = 15_000;

/** Brings one table to hold the wanted rows: looks, sends what is missing, and looks again. */
export class TableLoad {
  readonly table: LoadTable;
  readonly #wanted: readonly WantedRow[];
  readonly #session: LoadSession;
  readonly #bound: TargetTable;
  #view: TableView | undefined;
  #sentRows = 0;
  #lastSent: { readonly row: WantedRow | undefined; readonly atMs: number } = {
    row: undefined,
    atMs: 0,
  };
  /** Requests that wrote rows. */
  contentWrites = 0;
  /** Pages of rows that were read. */
  listPages = 0;

  constructor(bound: TargetTable, wanted: readonly WantedRow[], session: LoadSession) {
    this.table = bound.name;
    this.#wanted = wanted;
    this.#session = session;
    this.#bound = bound;
  }

  /** What people call it. */
  get docName(): string {
    return this.#bound.docName;
  }

  /** Whether no row of this table is asked for. */
  get isEmpty(): boolean {
    return this.#wanted.length === 0;
  }

  /** The row id of a key, as the last look showed it. */
  rowIdOf(key: string): string | undefined {
    return this.#view?.find(key)?.id;
  }

  /** Lists the whole table: what counts is what the doc shows, not what was sent. */
  async look(): Promise<void> {
    this.#view = await viewTable(this.#session.target, this.#bound);
    this.listPages += this.#view.listPages;
  }

  /** Rows the table would have once the missing ones are added; undefined where none is missing. */
  rowsAfter(): number | undefined {
    const isMissing = (row: WantedRow): boolean =>
      row.rowId === undefined && this.#find(row) === undefined;
    const missing = this.#wanted.filter(isMissing).length;
    return missing === 0 ? undefined : (this.#view?.rowCount ?? 0) + missing;
  }

  /** Whether nothing is left to send. */
  isDone(): boolean {
    return this.#todo().length === 0;
  }

  /**
   * Sends what is missing; returns the ids of the requests that were taken in. A lost answer is neither repeated nor
   * an error: whether the rows landed shows when the table is looked at again.
   */
  async send(): Promise<readonly string[]> {
    const { clock, sentMark, signal, onProgress } = this.#session.options;
    const todo = this.#todo();
    const requestIds: (string | undefined)[] = [];
    let done = 0;
    for (const { rows, write } of this.#toRequests(todo)) {
      throwIfStopped(signal);
      await sentMark?.noteSent(clock());
      this.contentWrites += 1;
      requestIds.push(await ifTaken(write));
      done += rows.length;
      this.#lastSent = { row: rows.at(-1)?.row, atMs: clock() };
      onProgress?.({ phase: 'writing', table: this.table, done, total: todo.length });
      const latest = requestIds.slice(-LOST_IN_A_ROW_MAX);
      const isAway = latest.length === LOST_IN_A_ROW_MAX && latest.every((id) => id === undefined);
      if (isAway) break;
    }
    this.#sentRows += done;
    return requestIds.filter((id) => id !== undefined);
  }

  /** Looks until the table shows what was sent, or until a listing that does not can be believed. */
  async settle(): Promise<void> {
    const { clock, wait, lagMs, signal } = this.#session.options;
    const believedFrom = this.#lastSent.atMs + lagMs;
    let awaited = this.#lastSent.row;
    while (clock() < believedFrom) {
      throwIfStopped(signal);
      if (await this.#isVisible(awaited)) {
        await this.look();
        const [next] = this.#todo();
        if (next === undefined) return;
        awaited = next.row;
      }
      await wait(Math.min(PAUSE_MS, Math.max(0, believedFrom - clock())));
    }
    await this.look();
  }

  report(): TableReport {
    const found = this.#wanted.filter((row) => this.#find(row) !== undefined).length;
    return { wanted: this.#wanted.length, found, sent: this.#sentRows };
  }

  /** Where the table says something else than it should. */
  differences(): readonly Difference[] {
    return this.#wanted.flatMap((row) => {
      const count = row.rowId === undefined ? (this.#view?.countOf(row.key) ?? 0) : 1;
      const doubled = count > 1 ? [this.#say(row, 'doubled', `is there ${count} times`)] : [];
      return [...doubled, ...this.#describe(row)];
    });
  }

  #describe(row: WantedRow): readonly Difference[] {
    const standing = this.#judge(row);
    switch (standing.kind) {
      case 'right':
        return [];
      case 'absent':
        return [this.#say(row, 'missing', this.#tellAbsence(row))];
      case 'differing':
        return [
          ...standing.lacking.map((column) => this.#say(row, 'missing', `${column} is not there`)),
          ...standing.other.map(({ column, found }) =>
            this.#say(row, 'changed', `${column} is \`${found}\` in the doc`),
          ),
        ];
    }
  }

  #tellAbsence({ key, rowId }: WantedRow): string {
    if (rowId === undefined) return 'is not in the doc';
    const stray = key === '' ? undefined : this.rowIdOf(key);
    // A row that is deleted while its cells are on their way is made again by its key, with nothing else in it.
    return stray === undefined
      ? 'is no longer in the doc'
      : `is no longer in the doc; row ${stray} came in its place, with these cells alone: delete it`;
  }

  #say(row: WantedRow, kind: Difference['kind'], message: string): Difference {
    return { table: this.table, key: row.rowId ?? row.key, kind, message };
  }

  #judge(row: WantedRow): RowStanding {
    const context = { table: this.#bound, rowIdOf: this.#session.rowIdOf };
    return judgeRow(row, this.#find(row), context);
  }

  #find({ key, rowId }: WantedRow): ApiRow | undefined {
    return rowId === undefined ? this.#view?.find(key) : this.#view?.at(rowId);
  }

  #todo(): readonly Todo[] {
    const { rowIdOf } = this.#session;
    return this.#wanted.flatMap((row): readonly Todo[] => {
      const standing = this.#judge(row);
      if (standing.kind === 'right') return [];
      if (standing.kind === 'absent' && row.rowId !== undefined) return [];
      const columns = standing.kind === 'absent' ? [...row.cells.keys()] : standing.lacking;
      // Without its target a relation would stay blank and the row's numbers would belong nowhere.
      const isBlocked = [...row.cells.values()].some((each) => toWire(each, rowIdOf) === undefined);
      return columns.length === 0 || isBlocked ? [] : [{ row, columns }];
    });
  }

  /** Rows that a key tells apart go together; every other one costs a request. */
  #toRequests(todo: readonly Todo[]): readonly TableWrite[] {
    const { api, docId } = this.#session.target;
    const { tableId, keyColumnId } = this.#bound;
    const keyed = new Map<readonly Cell[], Todo>();
    const single: TableWrite[] = [];
    for (const each of todo) {
      const { rowId } = each.row;
      if (rowId === undefined || this.#isAloneUnder(each.row.key, rowId)) {
        keyed.set([this.#toKeyCell(each.row), ...this.#toCells(each)], each);
      } else {
        const write = () => ifThere(api.updateRow(docId, tableId, rowId, this.#toCells(each)));
        single.push({ rows: [each], write });
      }
    }
    const batches = splitIntoBatches([...keyed.keys()]).map((rows): TableWrite => {
      const request = { rows, keyColumns: [keyColumnId] };
      return {
        rows: rows.flatMap((cells) => keyed.get(cells) ?? []),
        write: () => api.upsertRows(docId, tableId, request),
      };
    });
    return [...batches, ...single];
  }

  #isAloneUnder(key: string, rowId: string): boolean {
    return key !== '' && this.#view?.countOf(key) === 1 && this.#view.find(key)?.id === rowId;
  }

  #toKeyCell({ key }: WantedRow): Cell {
    return { column: this.#bound.keyColumnId, value: CODECS.text.encode(key) };
  }

  #toCells({ row, columns }: Todo): readonly Cell[] {
    const { keyColumnId, columnIds } = this.#bound;
    return columns.flatMap((name): readonly Cell[] => {
      const column = columnIds.get(name);
      const wanted = row.cells.get(name);
      if (column === undefined || column === keyColumnId || wanted === undefined) return [];
      const value = toWire(wanted, this.#session.rowIdOf);
      return value === undefined ? [] : [{ column, value }];
    });
  }

  /** Asks for one row that is known to be missing: while it does not show, the others need no look. */
  async #isVisible(row: WantedRow | undefined): Promise<boolean> {
    if (row === undefined || row.rowId !== undefined) return true;
    const { api, docId } = this.#session.target;
    const { tableId, keyColumnId: columnId } = this.#bound;
    const value = String(CODECS.text.encode(row.key));
    this.listPages += 1;
    const options = { limit: 1, query: { columnId, value } };
    for await (const page of api.listRows(docId, tableId, options)) return page.rows.length > 0;
    return false;
  }
}

/** One request that writes rows. */
interface TableWrite {
  readonly rows: readonly Todo[];
  readonly write: () => Promise<Queued | undefined>;
}

/** The id of a request that was taken in; undefined where its answer was lost or its row is gone: the next look tells which. */
async function ifTaken(write: TableWrite['write']): Promise<string | undefined> {
  try {
    return (await write())?.requestId;
  } catch (error) {
    if (isDomainError(error) && (error.retryable || error.code === 'TIMED_OUT')) return undefined;
    throw error;
  }
}

async function ifThere(update: Promise<Queued>): Promise<Queued | undefined> {
  try {
    return await update;
  } catch (error) {
    if (isDomainError(error) && error.code === 'NOT_FOUND') return undefined;
    throw error;
  }
}
