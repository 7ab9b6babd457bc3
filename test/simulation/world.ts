import {
  type Command,
  type CommandDraft,
  createCommand,
  type LedgerRow,
  optimisticView,
  toCommandRow,
  toDeskId,
  toRunId,
  type VisibleRow,
  type Write,
} from '#shared/ledger/index.ts';
import type { Intention } from './oracle.ts';
import { createRandom, type Random } from './random.ts';
import { readCommand, readDesk } from './row-memory.ts';
import { sha256 } from './sha256.ts';
import { type Change, SimDoc, type Switches } from './sim-doc.ts';
import { DOC_ID, SimStore, SimWorker, type Step } from './sim-worker.ts';
import { isMove, sayOfRun, toAsked, type Wish } from './wish.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const PEOPLE = ['dana', 'lee'] as const;
const TASKS = ['Audit Acme', 'Onboard Birch', 'Report Cedar'] as const;

/** What people did by hand to the rows of one desk. */
interface Damage {
  readonly keys: Set<string>;
  /** Where the desk stood when its state row was changed or deleted. */
  seq: number;
}

/** People, a doc, and now and then a worker, driven by one seed. */
export class World {
  readonly random: Random;
  readonly switches: Switches;
  readonly doc: SimDoc;
  readonly wishes: Wish[] = [];
  readonly store = new SimStore();
  /** Desks whose presses overtook each other by more than the worker waits, with the gaps. */
  readonly overtaken = new Map<string, number[]>();
  /** By desk. */
  readonly damage = new Map<string, Damage>();
  readonly trace: string[] = [];
  worker: SimWorker | undefined;
  nowMs = Date.parse('2026-03-02T08:00:00.000Z');
  private readonly startsAtMove: number;
  private readonly skewMs: Readonly<Record<string, number>>;
  private lastAtMs = 0;
  private readonly lastPress = new Map<string, Wish>();

  constructor(seed: number) {
    const random = createRandom(seed);
    this.random = random;
    const bit = (place: number) => ((seed >>> place) & 1) === 1;
    this.switches = {
      upsertSeesLive: bit(0),
      readsTear: bit(1),
      batchIsAtomic: bit(2),
      appliesInOrder: bit(3),
      answersAreLost: bit(4),
    };
    this.doc = new SimDoc(random, this.switches);
    this.doc.lagMs = random.between(0, 300) * SECOND;
    const skew = () => random.between(-30, 30) * SECOND;
    this.skewMs = { dana: skew(), lee: skew(), worker: 2 * skew() };
    this.startsAtMove = random.pick([0, 0, 15, 30, Number.POSITIVE_INFINITY]);
  }

  /** One thing that happens. */
  move(index: number): void {
    this.pass(this.pause());
    if (index === this.startsAtMove) this.startWorker();
    const dice = this.random.next();
    if (dice < 0.34) this.pressSomething();
    else if (dice < 0.36) this.logAgain();
    else if (dice < 0.42) this.startFinishStart();
    else if (dice < 0.7) this.tick();
    else if (dice < 0.74) this.changeByHand();
    else if (dice < 0.78) this.replaceWorker();
    else if (dice < 0.86) this.correctSomething();
    else this.disturb(dice);
  }

  /** The doc lags anew, or a worker dies in the middle of a tick. */
  private disturb(dice: number): void {
    if (dice < 0.9) this.doc.lagMs = this.random.between(0, 300) * SECOND;
    else if (dice < 0.92) this.tick(this.random.pick(['read', 'decided', 'planned', 'sent']));
  }

  pass(ms: number): void {
    this.nowMs += ms;
    this.doc.advance(this.nowMs);
  }

  startWorker(): void {
    this.note('worker starts');
    this.worker = new SimWorker(this.store);
  }

  /** One tick, or part of one, whose writes are sent to the doc. */
  tick(dieAfter: Step = 'sent'): number {
    const writes = this.plan(dieAfter);
    this.send(writes);
    return writes.length;
  }

  view(rows = this.doc.read()): ReturnType<typeof optimisticView> {
    return optimisticView(rows, { docId: DOC_ID, nowMs: this.nowMs, sha256 });
  }

  /** Keys of the commands that somebody can read among some rows; what a hand has settled is withdrawn. */
  soundKeys(rows: readonly VisibleRow[]): Set<string> {
    const isAsked = ({ kind, outcome }: VisibleRow) =>
      kind === 'command' || (kind === 'settled' && !['', BY_HAND].includes(outcome));
    const sound = rows.filter((row) => isAsked(row) && readCommand(row) !== undefined);
    return new Set(sound.map(({ key }) => key));
  }

  /** Every press for a desk. */
  pressesOf(deskId: string): Wish['presses'] {
    const wishes = this.wishes.filter(({ desk }) => toDeskId(desk) === deskId);
    return wishes.flatMap(({ presses }) => presses);
  }

  /** The wishes of a desk that these keys express, each at its first press among them. */
  wishesOf(deskId: string, keys: ReadonlySet<string>): Intention[] {
    return this.wishes
      .filter(({ desk }) => toDeskId(desk) === deskId)
      .flatMap((wish) => {
        const made = wish.presses.filter(({ key }) => keys.has(key));
        const [first] = made.toSorted((one, other) => one.atMs - other.atMs);
        return first === undefined
          ? []
          : [{ ...wish, atMs: first.atMs, runId: toRunId(first.key, sha256) }];
      });
  }

  /** The desk of the person that a press was meant for. */
  deskOf(key: string): string {
    const wish = this.wishes.find(({ presses }) => presses.some((one) => one.key === key));
    return toDeskId(wish?.desk ?? '');
  }

  press(person: string, task: string, want: Intention['want'], by = this.someone(person)): void {
    const wish = this.sameWish(person, task, want, by) ?? this.newWish(person, task, want);
    this.pressOnce(wish, by);
    // A correction pressed twice may say a time that is to come at the first press alone.
    if (want.kind !== 'correct' && this.random.chance(0.25)) {
      this.pass(this.random.between(1, 9) * SECOND);
      this.pressOnce(wish, by);
    }
  }

  private someone(person: string): string {
    return this.random.chance(0.9) ? person : this.random.pick(PEOPLE);
  }

  private newWish(person: string, task: string, want: Intention['want']): Wish {
    const wish: Wish = { desk: person, task, want, atMs: 0, presses: [] };
    this.wishes.push(wish);
    return wish;
  }

  /** Nobody means two things by the same button on the same task within ten seconds of their last press. */
  private sameWish(
    person: string,
    task: string,
    want: Intention['want'],
    by: string,
  ): Wish | undefined {
    const last = this.lastPress.get(`${person} ${by}`);
    const isSame = last?.task === task && last.want.kind === want.kind && isMove(want);
    const agoMs = this.nowMs + (this.skewMs[by] ?? 0) - (last?.presses.at(-1)?.atMs ?? 0);
    return isSame && agoMs <= 10 * SECOND ? last : undefined;
  }

  private pressOnce(wish: Wish, by: string): void {
    if (isMove(wish.want)) this.lastPress.set(`${wish.desk} ${by}`, wish);
    const entry = this.wishes.indexOf(wish) + 1;
    const atMs = Math.max(
      this.nowMs + (this.skewMs[by] ?? 0),
      wish.presses[0]?.atMs ?? 0,
      this.lastAtMs - MINUTE,
    );
    const unique = this.wishes.some(({ presses }) => presses.some((one) => one.atMs === atMs))
      ? 1
      : 0;
    const draft = { ...toAsked(wish, entry), atMs: atMs + unique, by } as CommandDraft;
    this.lastAtMs = Math.max(this.lastAtMs, draft.atMs);
    const command = createCommand(draft, sha256);
    wish.presses.push({ key: command.key, atMs: draft.atMs });
    this.note(
      `press ${command.type} ${wish.task} for ${wish.desk} by ${by} at ${draft.atMs} key ${command.key.slice(0, 6)}${wish.presses.length > 1 ? ' (double)' : ''}`,
    );
    this.insert(command);
  }

  /** The platform's insert: late, sometimes lost, sometimes doubled, hardly ever very late. */
  private insert(command: Command): void {
    const { random } = this;
    const change: Change = { kind: 'insert', cells: toCommandRow(command, command.type) };
    const delayMs = random.chance(0.02)
      ? random.between(1, 30) * MINUTE
      : random.between(0, 60) * SECOND;
    const retryMs = delayMs + random.between(2, 90) * SECOND;
    const fate = this.switches.answersAreLost ? random.next() : 1;
    if (fate > 0.15) this.doc.request([change], this.nowMs, delayMs);
    if (fate < 0.3) this.doc.request([change], this.nowMs, retryMs);
  }

  private pressSomething(): void {
    const person = this.random.pick(PEOPLE);
    const task = this.random.pick(TASKS);
    const kind = this.random.pick([
      'start',
      'start',
      'pause',
      'resume',
      'finish',
      'finish',
      'log',
    ] as const);
    const hoursMs = this.random.between(1, 3) * HOUR;
    this.press(person, task, kind === 'log' ? { kind, hoursMs } : { kind });
  }

  /** Somebody looks at a run as the doc shows it, minutes old, and says what it was. */
  private correctSomething(): void {
    const { random } = this;
    const runs = this.view().runs.filter(({ day }) => day === undefined);
    if (runs.length === 0) return;
    const run = random.pick(runs);
    const person = PEOPLE.find((one) => toDeskId(one) === run.deskId) ?? PEOPLE[0];
    this.press(person, run.task, sayOfRun(run, random, TASKS));
  }

  private startFinishStart(): void {
    const person = this.random.pick(PEOPLE);
    const task = this.random.pick(TASKS);
    const by = this.someone(person);
    for (const kind of ['start', 'finish', 'start'] as const) {
      this.press(person, task, { kind }, by);
      this.pass(this.random.between(2, 20) * SECOND);
    }
  }

  /** The same hours once more, by anyone and whenever: somebody forgot that they were logged. */
  private logAgain(): void {
    const logs = this.wishes.filter(({ want }) => want.kind === 'log');
    if (logs.length > 0) this.pressOnce(this.random.pick(logs), this.random.pick(PEOPLE));
  }

  private changeByHand(): void {
    if (this.doc.live.size === 0) return;
    const { rowId, ...cells } = this.random.pick([...this.doc.live.values()]);
    const dice = this.random.next();
    const change: Change =
      dice < 0.5
        ? { kind: 'delete', rowId }
        : dice < 0.6
          ? { kind: 'insert', cells }
          : { kind: 'edit', rowId, cells: this.random.pick(EDITS) };
    if (change.kind !== 'insert') this.noteDamage(cells);
    this.note(`by hand: ${JSON.stringify(change)} on ${cells.kind} ${cells.key.slice(0, 6)}`);
    this.doc.editByPerson(change, this.nowMs);
  }

  private noteDamage({ kind, key, type, stream: named }: LedgerRow): void {
    const stream = type === 'CorrectRun' ? this.deskOf(key) : named;
    const damage = this.damage.get(stream) ?? { keys: new Set(), seq: 0 };
    if (kind === 'state') damage.seq = this.store.desks.get(stream)?.seq ?? 0;
    else damage.keys.add(key);
    this.damage.set(stream, damage);
  }

  /** Another worker takes the lease; what the old one had in hand may still arrive, minutes later. */
  private replaceWorker(): void {
    const old = this.worker;
    if (old === undefined) return;
    if (this.random.chance(0.5)) {
      const late = this.plan('sent');
      this.startWorker();
      this.pass(this.random.between(1, 200) * SECOND);
      this.tick();
      this.pass(this.random.between(1, 60) * SECOND);
      return this.send(late);
    }
    this.plan('read');
    const considered = old.consider(this.workerMs());
    this.startWorker();
    this.tick();
    old.commit(considered, this.workerMs());
  }

  private workerMs(): number {
    return this.nowMs + (this.skewMs['worker'] ?? 0);
  }

  /** A tick up to the writes it wants; presses it read too late to be decided in order are noted. */
  private plan(dieAfter: Step): readonly Write[] {
    if (this.worker === undefined) return [];
    const before = new Set(this.store.everRead.keys());
    const decidedBefore = this.store.decisions.length;
    const writes = this.worker.tick(this.doc.read(), this.workerMs(), dieAfter);
    for (const key of this.store.everRead.keys()) {
      if (!before.has(key)) this.noteLate(key, decidedBefore);
    }
    return writes;
  }

  private send(writes: readonly Write[]): void {
    const { random } = this;
    const isLost = this.switches.answersAreLost && random.chance(0.15);
    if (writes.length === 0 || isLost) return;
    this.note(
      `worker writes ${writes.map((write) => `${write.kind} ${write.id.slice(0, 12)}`).join(', ')}`,
    );
    this.doc.request(writes.map(toChange), this.nowMs, random.between(0, 60) * SECOND);
  }

  private noteLate(key: string, decidedBefore: number): void {
    const command =
      this.store.inbox.get(key)?.command ??
      this.store.decisions.find(({ command: one }) => one.key === key)?.command;
    if (command === undefined || command.type === 'LogHours') return;
    const deskId = this.deskOf(key);
    const later = this.store.decisions
      .slice(0, decidedBefore)
      .filter(
        (one) =>
          one.deskId === deskId &&
          one.command.type !== 'LogHours' &&
          one.command.atMs > command.atMs,
      );
    const seenMs = (one: string) => this.store.everRead.get(one) ?? 0;
    for (const { command: one } of later) {
      const gaps = this.overtaken.get(deskId) ?? [];
      this.overtaken.set(deskId, [...gaps, seenMs(key) - seenMs(one.key)]);
    }
  }

  private pause(): number {
    const dice = this.random.next();
    if (dice < 0.5) return this.random.between(1, 20) * SECOND;
    if (dice < 0.85) return this.random.between(20, 120) * SECOND;
    return dice < 0.995 ? this.random.between(2, 20) * MINUTE : this.random.between(1, 15) * DAY;
  }

  private note(text: string): void {
    this.trace.push(`${new Date(this.nowMs).toISOString()} ${text}`);
  }
}

/** An outcome that only a hand writes. */
const BY_HAND = 'refused: BY_HAND – x';
/** What a hand can do to a row. */
const EDITS: readonly Partial<LedgerRow>[] = [
  { outcome: BY_HAND },
  { outcome: '' },
  { kind: 'settled' },
  { kind: 'command' },
  { data: '{}' },
  { seq: '99999' },
  { seq: 'new' },
  { at: 'soon' },
  { key: 'mine' },
];

function toChange(write: Write): Change {
  switch (write.kind) {
    case 'upsert':
      return { kind: 'upsert', cells: write.cells };
    case 'edit':
      return { kind: 'edit', rowId: write.rowId, cells: write.cells };
    case 'delete':
      return { kind: 'delete', rowId: write.rowId };
  }
}

/** The seq of the desk's state row a reader of these rows builds on. */
export const baseSeq = (rows: readonly VisibleRow[], deskId: string): number =>
  rows
    .map(readDesk)
    .reduce((best, desk) => (desk?.deskId === deskId ? Math.max(best, desk.seq) : best), 0);
