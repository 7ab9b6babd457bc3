import type { CellValue } from '#shared/coda/index.ts';
import {
  isBlankCell,
  type MigrationDoc,
  type MigrationRow,
  type MigrationRows,
} from './migration-doc.ts';
import {
  cellId,
  changeId,
  type MigrationChange,
  type MigrationDecisions,
  type MigrationNote,
  type MigrationPlan,
  type MigrationQuestion,
  type MigrationRule,
  type PlannedValue,
  questionId,
} from './migration-plan.ts';
import { MADE_TABLES, type MadeTable, type MigrationTable } from './migration-tables.ts';

/** What a plan depends on beside the doc. */
export interface MigrationFacts {
  readonly decisions: MigrationDecisions;
  /** The ids of changes that were carried out and seen: what is otherwise since then, a person has changed. */
  readonly settled: ReadonlySet<string>;
  /** What an earlier run meant to write and did not come to: it is finished as it was planned, since half of a plan may imply something else. @default nothing */
  readonly begun?: readonly MigrationChange[];
}

/** A row of the plan: its cells fill up as rules fit. */
interface DraftRow extends MigrationRow {
  readonly cells: Map<string, CellValue>;
}

/** A doc as it would be after what has been planned so far. Rules read it and add to it; nothing that a cell holds is lost by it. */
export class MigrationDraft {
  readonly #columns = new Map<MigrationTable, ReadonlySet<string>>();
  readonly #rows = new Map<MigrationTable, Map<string, DraftRow>>();
  readonly #facts: MigrationFacts;
  readonly #changes: MigrationChange[] = [];
  readonly #questions = new Map<string, MigrationQuestion>();
  readonly #misfits: { question: MigrationQuestion; given: string }[] = [];
  readonly #notes = new Map<string, MigrationNote>();
  /** The cells of rows that are to be made. */
  readonly #made = new Map<string, Map<string, PlannedValue>>();

  constructor(doc: MigrationDoc, facts: MigrationFacts) {
    this.#facts = facts;
    for (const [table, { columns, rows }] of doc) {
      this.#columns.set(table, columns);
      const drafts = rows.map((row): [string, DraftRow] => [
        row.rowId,
        { ...row, cells: new Map(row.cells) },
      ]);
      this.#rows.set(table, new Map(drafts));
    }
  }

  /** The doc as it would be now. */
  get doc(): MigrationDoc {
    const tables = [...this.#rows].map(([table, rows]): [MigrationTable, MigrationRows] => {
      return [table, { columns: this.#columns.get(table) ?? new Set(), rows: [...rows.values()] }];
    });
    return new Map(tables);
  }

  rows(table: MigrationTable): readonly MigrationRow[] {
    return [...(this.#rows.get(table)?.values() ?? [])];
  }

  /** Whether the doc has the table and the column. */
  has(table: MigrationTable, column: string): boolean {
    return this.#columns.get(table)?.has(column) ?? false;
  }

  /** What a row is to be linked to: by its key where the migration makes it. */
  toLink(table: MigrationTable, { rowId, name }: MigrationRow): PlannedValue {
    const isMade = this.#made.has(`${table} ${rowId}`);
    return { kind: 'row', table, rowId, name, ...(isMade ? { key: rowId } : {}) };
  }

  /** Plans a cell, unless it was written before and a person has changed it since. Returns whether it is planned. */
  set(
    place: {
      readonly table: MigrationTable;
      readonly row: MigrationRow;
      readonly column: string;
    },
    after: PlannedValue,
    rule: MigrationRule,
  ): boolean {
    const { table, row, column } = place;
    const found = this.#rows.get(table)?.get(row.rowId);
    if (found === undefined) return false;
    if (this.#facts.settled.has(cellId(table, row.rowId, column))) {
      const message = `\`${column}\` was changed after it was written, and stays so`;
      this.note({ kind: 'left', table, rowId: row.rowId, name: row.name, message });
      return false;
    }
    const before = found.cells.get(column) ?? { kind: 'blank' };
    found.cells.set(column, toCell(after));
    // A row that is still to be made is made with the cell in it.
    const made = this.#made.get(`${table} ${row.rowId}`);
    if (made !== undefined) {
      made.set(column, after);
      return true;
    }
    const { rowId, name } = found;
    this.#changes.push({ kind: 'cell', table, rowId, name, column, before, after, rule });
    return true;
  }

  /** Plans a row, unless it was made before and a person has deleted it since. Its row id is its key until it is made. */
  make(row: Omit<Extract<MigrationChange, { kind: 'row' }>, 'kind'>): MigrationRow | undefined {
    const { table, key, name } = row;
    const wanted = [...row.cells].filter(([column]) => this.#takes(table, column));
    const planned = new Map(wanted);
    const change: MigrationChange = { kind: 'row', ...row, cells: planned };
    if (this.#facts.settled.has(changeId(change))) {
      const message = 'was deleted after it was made, and is not made again';
      this.note({ kind: 'left', table, rowId: key, name, message });
      return undefined;
    }
    const cells = wanted.map(([column, value]) => [column, toCell(value)] as const);
    const draft: DraftRow = { rowId: key, name, cells: new Map(cells) };
    const rows = this.#rows.get(table) ?? new Map<string, DraftRow>();
    this.#rows.set(table, rows.set(key, draft));
    this.#made.set(`${table} ${key}`, planned);
    this.#changes.push(change);
    return draft;
  }

  /** A table the doc does not have yet may get any column; name and key are written in any case, or the row would not be found again. */
  #takes(table: MadeTable, column: string): boolean {
    const isNeeded = column === 'name' || column === MADE_TABLES[table];
    return isNeeded || !this.#columns.has(table) || this.has(table, column);
  }

  /** The answer to a question, where it was given and is one of those that are taken; else the question stays open. */
  ask(question: MigrationQuestion): string | undefined {
    const answer = this.answerTo(question);
    if (answer !== undefined) return answer;
    const given = this.#facts.decisions.get(questionId(question));
    if (given !== undefined) this.#misfits.push({ question, given });
    this.#questions.set(questionId(question), question);
    return undefined;
  }

  /** The answer to a question that may not have to be asked. */
  answerTo(question: MigrationQuestion): string | undefined {
    const given = this.#facts.decisions.get(questionId(question));
    return given !== undefined && question.choices.includes(given) ? given : undefined;
  }

  note(note: MigrationNote): void {
    this.#notes.set(`${note.table} ${note.rowId} ${note.message}`, note);
  }

  toPlan(): MigrationPlan {
    return {
      changes: this.#changes,
      questions: [...this.#questions.values()],
      misfits: this.#misfits,
      notes: [...this.#notes.values()],
      after: this.doc,
    };
  }
}

/** Whether a row of a draft may take a value in a column: the doc has it, and nothing stands there. */
export const isOpen = (
  draft: MigrationDraft,
  place: { readonly table: MigrationTable; readonly row: MigrationRow; readonly column: string },
): boolean => draft.has(place.table, place.column) && isBlankCell(place.row, place.column);

/** What stands before the row id a made row stands for. */
export const MADE_PREFIX = 'migrated:';

/** The key under which a row is made that stands for another. */
export const madeKey = (rowId: string): string =>
  rowId.startsWith(MADE_PREFIX) ? rowId : `${MADE_PREFIX}${rowId}`;

function toCell(value: PlannedValue): CellValue {
  switch (value.kind) {
    case 'text':
      return { kind: 'text', text: value.text };
    case 'day':
      return { kind: 'text', text: value.day };
    case 'row':
      return { kind: 'link', rowId: value.rowId, name: value.name, tableId: '' };
  }
}
