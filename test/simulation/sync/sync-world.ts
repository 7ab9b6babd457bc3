import type { CodaTransport } from '#shared/coda/index.ts';
import { FOUNDER_HQ_TABLES } from '#shared/doc/index.ts';
import { type Command, createCommand, toCommandRow } from '#shared/ledger/index.ts';
import {
  type Behaviour,
  createLocalDoc,
  type LocalDoc,
  type TypedCells,
} from '#worker/local-doc/index.ts';
import { sha256 } from '#worker/store/index.ts';
import { createRandom, type Random } from '../random.ts';

const SECOND = 1_000;
export const MINUTE = 60 * SECOND;
const PEOPLE = ['Dana', 'Lee'] as const;
const TASKS = ['Interview', 'Outline', 'Invoice'] as const;
const CLOCK_BUTTONS = ['StartRun', 'StartRun', 'PauseRun', 'ResumeRun', 'FinishRun'] as const;
/** Long enough for the doc's first rows to be seen by every reader. */
const FIRST_LAG_MS = 400 * SECOND;

/** A button that was pressed, and what became of its row. */
interface Press {
  readonly command: Command;
  /** Whether a row of it was ever in the doc while the worker could read it. */
  isWithdrawn: boolean;
}

/** A row that people own, or cells of one: what they typed last. */
interface Typed {
  readonly table: 'tasks' | 'execution_runs';
  readonly rowId: string;
  readonly cells: Record<string, string>;
}

/** A cell that the ledger fills and a person typed over. */
export interface TypedOverCell {
  readonly table: Typed['table'];
  readonly rowId: string;
  /** The key of its row. */
  readonly key: string;
  readonly column: string;
  /** What it showed. */
  readonly before: string;
}

/** A doc that behaves as badly as the service may, the people at it, and the clock that all live by. */
export class SyncWorld {
  readonly random: Random;
  readonly doc: LocalDoc;
  readonly presses = new Map<string, Press>();
  /** By row id: what people typed and nobody else may change. */
  readonly typed = new Map<string, Typed>();
  /** Rows of Execution Runs that people took away. */
  readonly deleted = new Set<string>();
  readonly trace: string[] = [];
  /** How workers reach the doc. */
  transport: CodaTransport;
  /** Things that people did. */
  acts = 0;
  /** Requests that came to the doc after another worker had taken over from the one that sent them. */
  lateWrites = 0;
  nowMs = Date.parse('2026-03-02T08:00:00.000Z');
  /** Whether people still do things of their own. */
  isAwake = true;
  private readonly arriving: { readonly atMs: number; readonly command: Command }[] = [];
  private entry = 0;

  /** A doc whose own way breaks by itself, or one that is reached by a way that does. */
  constructor(seed: number, { hasFaults }: { readonly hasFaults: boolean }) {
    this.random = createRandom(seed);
    this.doc = createLocalDoc({
      file: ':memory:',
      profile: 'strict',
      tables: FOUNDER_HQ_TABLES,
      people: PEOPLE.map((name) => ({ name, email: toEmail(name) })),
      seed,
      clock: () => this.nowMs,
      behaviour: { ...drawBehaviour(this.random), ...(hasFaults ? {} : { faults: NO_FAULTS }) },
    });
    this.transport = this.doc.transport;
    this.furnish();
    this.pass(FIRST_LAG_MS);
  }

  /** Lets time pass; rows that buttons sent arrive meanwhile. */
  pass(ms: number): void {
    const untilMs = this.nowMs + ms;
    for (;;) {
      const next = this.arriving.findIndex(({ atMs }) => atMs <= untilMs);
      const [arrival] = next === -1 ? [] : this.arriving.splice(next, 1);
      if (arrival === undefined) break;
      this.nowMs = Math.max(this.nowMs, arrival.atMs);
      this.insert(arrival.command);
    }
    this.nowMs = untilMs;
    this.doc.advance();
  }

  /** Whether buttons were pressed whose rows are not in the doc yet. */
  hasArrivals(): boolean {
    return this.arriving.length > 0;
  }

  /** One thing that a person does. */
  act(): void {
    if (!this.isAwake) return;
    this.acts += 1;
    const dice = this.random.next();
    if (dice < 0.45) this.pressSomething();
    else if (dice < 0.6) this.typeRun();
    else if (dice < 0.7) this.changeTypedRun();
    else if (dice < 0.85) this.changeTask();
    else if (dice < 0.92) this.noteOnRun();
    else this.takeRowAway();
  }

  note(text: string): void {
    this.trace.push(`${new Date(this.nowMs).toISOString()} ${text}`);
  }

  /** Rows of a table as they are now, not as reads see them. */
  rows(table: string): ReturnType<LocalDoc['person']['readRows']> {
    return this.doc.person.readRows(table);
  }

  private furnish(): void {
    const { person } = this.doc;
    for (const name of PEOPLE) person.insertRow('people', { name, email: toEmail(name) });
    person.insertRow('workflows', { name: 'Audit', external_id: 'W1', status: 'Active' });
    person.insertRow('workflows', { name: 'Billing', external_id: 'W2', status: 'Active' });
    person.insertRow('process_templates', { name: 'Audit v1', workflow: 'Audit' });
    person.insertRow('process_templates', { name: 'Billing v1', workflow: 'Billing' });
    person.insertRow('projects', { name: 'Acme', process_template: 'Audit v1' });
    person.insertRow('projects', { name: 'Books', process_template: 'Billing v1' });
    for (const [index, name] of TASKS.entries()) {
      this.typeRow('tasks', {
        name,
        external_id: `T${index + 1}`,
        project: index < 2 ? 'Acme' : 'Books',
        status: 'In progress',
        estimated_hours: index + 1,
      });
    }
  }

  private pressSomething(): void {
    const person = this.random.pick(PEOPLE);
    const task = this.random.pick(TASKS);
    const isHours = this.random.chance(0.25);
    if (isHours) this.entry += 1;
    const target = { task, person };
    const command = createCommand(
      isHours
        ? {
            type: 'LogHours',
            atMs: this.nowMs,
            by: toEmail(person),
            data: { ...target, hours: 1, day: '2026-03-02', note: 'call', entry: this.entry },
          }
        : {
            type: this.random.pick(CLOCK_BUTTONS),
            atMs: this.nowMs,
            by: toEmail(person),
            data: target,
          },
      sha256,
    );
    this.note(`press ${command.type} ${task} ${person} ${command.key.slice(0, 8)}`);
    this.presses.set(command.key, { command, isWithdrawn: false });
    this.arriving.push({ atMs: this.nowMs + this.random.between(0, 60) * SECOND, command });
    // A retry whose first try was carried out all the same.
    if (this.random.chance(0.2))
      this.arriving.push({ atMs: this.nowMs + this.random.between(1, 90) * SECOND, command });
  }

  private insert(command: Command): void {
    this.doc.person.insertRow('Ledger', { ...toCommandRow(command, command.type) });
  }

  private typeRun(): void {
    const task = this.random.pick(TASKS);
    const hours = this.random.between(1, 12) / 4;
    this.typeRow('execution_runs', { task, actual_hours: hours, outcome_notes: 'typed' });
  }

  private typeRow(table: Typed['table'], cells: TypedCells): void {
    const rowId = this.doc.person.insertRow(table, cells);
    this.note(`types a row of ${table}: ${rowId}`);
    this.remember(table, rowId, Object.keys(cells));
  }

  private edit(typed: Pick<Typed, 'table' | 'rowId'>, cells: TypedCells): void {
    this.doc.person.editCell(typed.table, typed.rowId, cells);
    this.note(`edits ${typed.table} ${typed.rowId}: ${JSON.stringify(cells)}`);
    this.remember(typed.table, typed.rowId, Object.keys(cells));
  }

  private remember(table: Typed['table'], rowId: string, names: readonly string[]): void {
    const shown = this.rows(table).find((row) => row.rowId === rowId)?.cells ?? {};
    const typed = this.typed.get(rowId) ?? { table, rowId, cells: {} };
    for (const name of names) typed.cells[name] = shown[name] ?? '';
    this.typed.set(rowId, typed);
  }

  private changeTypedRun(): void {
    const own = this.typedRuns();
    if (own.length === 0) return;
    const run = this.random.pick(own);
    if (this.random.chance(0.3)) {
      this.doc.person.deleteRow('execution_runs', run.rowId);
      this.typed.delete(run.rowId);
      this.deleted.add(run.rowId);
      this.note(`deletes typed run ${run.rowId}`);
    } else this.edit(run, { actual_hours: this.random.between(1, 20) / 4 });
  }

  private changeTask(): void {
    const tasks = [...this.typed.values()].filter(({ table }) => table === 'tasks');
    const change = this.random.pick<TypedCells>([
      { estimated_hours: this.random.between(1, 16) / 2 },
      { status: this.random.pick(['In progress', 'Done', 'Blocked']) },
    ]);
    this.edit(this.random.pick(tasks), change);
  }

  /** Notes of a run belong to people, whoever made its row. */
  private noteOnRun(): void {
    const rows = this.rows('execution_runs');
    if (rows.length === 0) return;
    const { rowId } = this.random.pick(rows);
    this.edit({ table: 'execution_runs', rowId }, { outcome_notes: `note ${this.nowMs % 1000}` });
  }

  /** Somebody clears away rows of the Ledger table. A press that was never read is withdrawn with its row. */
  private takeRowAway(): void {
    const rows = this.rows('Ledger').filter(({ cells }) => cells['kind'] !== '');
    if (rows.length === 0) return;
    const { rowId, cells } = this.random.pick(rows);
    const press = this.presses.get(cells['key'] ?? '');
    if (press !== undefined) press.isWithdrawn = true;
    this.doc.person.deleteRow('Ledger', rowId);
    this.note(`deletes the ${cells['kind']} row ${rowId} of ${cells['key']?.slice(0, 18)}`);
  }

  /** Somebody types over a figure; nothing where there is none yet. */
  typeOver(): TypedOverCell | undefined {
    const shown = FIGURES.flatMap(({ table, key, column }) =>
      this.rows(table).flatMap(({ rowId, cells }): readonly TypedOverCell[] => {
        const [id, before] = [cells[key] ?? '', cells[column] ?? ''];
        return id === '' || before === '' ? [] : [{ table, rowId, key: id, column, before }];
      }),
    );
    if (shown.length === 0) return undefined;
    const cell = this.random.pick(shown);
    this.edit(cell, { [cell.column]: 90 + this.random.between(1, 9) });
    return cell;
  }

  /** The cell is cleared, for the ledger to fill it again. */
  giveBack({ table, rowId, column }: TypedOverCell): void {
    this.edit({ table, rowId }, { [column]: '' });
    const { [column]: _, ...others } = this.typed.get(rowId)?.cells ?? {};
    this.typed.set(rowId, { table, rowId, cells: others });
  }

  /** Rows of Execution Runs that people made. */
  typedRuns(): readonly Typed[] {
    return [...this.typed.values()].filter(
      ({ table, cells }) => table === 'execution_runs' && cells['task'] !== undefined,
    );
  }
}

/** Cells that the ledger fills. */
const FIGURES = [
  { table: 'tasks', key: 'external_id', column: 'actual_hours' },
  { table: 'execution_runs', key: 'run_id', column: 'net_minutes' },
] as const;

const toEmail = (name: string): string => `${name.toLowerCase()}@studio.example`;

const NO_FAULTS = { resetBefore: 0, resetAfter: 0, badGateway: 0 };

/** Late, stale, unordered and faulty, each as far as the seed says. */
function drawBehaviour(random: Random): Partial<Behaviour> {
  const lag = random.pick([0, 30, 120, 300]) * SECOND;
  const rate = random.pick([0, 0, 0.05, 0.15]);
  return {
    applyDelay: { minMs: 0, maxMs: random.pick([1, 20, 60]) * SECOND },
    isQueueOrdered: random.chance(0.5),
    snapshotLag: { minMs: lag / 2, maxMs: lag },
    statusHidden: { minMs: 0, maxMs: random.pick([0, 10, 30]) * SECOND },
    lostRate: random.pick([0, 0, 0.05]),
    silentRate: random.pick([0, 0.1]),
    // Small pages, so that a handful of rows is a listing of several.
    rowsPageMax: random.pick([3, 7, 200]),
    pageOverlap: random.between(0, 1),
    faults: { resetBefore: rate, resetAfter: rate, badGateway: rate },
    isTouchedWithoutChange: random.chance(0.5),
    upsertSees: random.pick(['live', 'snapshot'] as const),
    emptyCell: random.pick(['text', 'absent'] as const),
  };
}
