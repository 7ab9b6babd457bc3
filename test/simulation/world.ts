import {
  type Command,
  type CommandDraft,
  createCommand,
  optimisticView,
  parseCommandRow,
  parseStateRow,
  toCommandRow,
  toDeskId,
  type VisibleRow,
  type Write,
} from '#shared/ledger/index.ts';
import type { Intention } from './oracle.ts';
import { createRandom, type Random } from './random.ts';
import { sha256 } from './sha256.ts';
import { type Change, SimDoc, type Switches } from './sim-doc.ts';
import { DOC_ID, SimStore, SimWorker, type Step } from './sim-worker.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const DAY = 24 * 60 * MINUTE;
const PEOPLE = ['dana', 'lee'] as const;
const TASKS = ['Audit Acme', 'Onboard Birch', 'Report Cedar'] as const;

/** One wish, and every press that expressed it: a doubled press is the same wish twice. */
export interface Wish extends Intention {
  readonly presses: { readonly key: string; readonly atMs: number }[];
}

/** What draws a press's key; replaced to show that other rules fail. */
export type KeyRule = (draft: CommandDraft, rows: readonly VisibleRow[]) => Command;
const byPressAlone: KeyRule = (draft) => createCommand(draft, sha256);

/** People, a doc, and now and then a worker, driven by one seed. */
export class World {
  readonly random: Random;
  readonly switches: Switches;
  readonly doc: SimDoc;
  readonly wishes: Wish[] = [];
  readonly store = new SimStore();
  /** Desks whose presses overtook each other by more than the worker waits, with the gaps. */
  readonly overtaken = new Map<string, number[]>();
  /** Desks whose rows a person changed or deleted by hand. */
  readonly tampered = new Set<string>();
  readonly trace: string[] = [];
  worker: SimWorker | undefined;
  nowMs = Date.parse('2026-03-02T08:00:00.000Z');
  private readonly startsAtMove: number;
  private readonly skewMs: Readonly<Record<string, number>>;
  private readonly keyRule: KeyRule;
  private lastAtMs = 0;
  private readonly lastPress = new Map<string, Wish>();

  constructor(seed: number, keyRule: KeyRule = byPressAlone) {
    const random = createRandom(seed);
    this.random = random;
    this.keyRule = keyRule;
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
    if (dice < 0.36) this.pressSomething();
    else if (dice < 0.42) this.startFinishStart();
    else if (dice < 0.7) this.tick();
    else if (dice < 0.74) this.changeByHand();
    else if (dice < 0.78) this.replaceWorker();
    else if (dice < 0.82) this.doc.lagMs = this.random.between(0, 300) * SECOND;
    else if (dice < 0.84) this.tick(this.random.pick(['read', 'decided', 'planned', 'sent']));
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

  /** Keys of the sound command rows among some rows. */
  soundKeys(rows: readonly VisibleRow[]): Set<string> {
    return new Set(
      rows
        .filter(
          (row) =>
            (row.kind === 'command' || row.kind === 'settled') && parseCommandRow(row, sha256).ok,
        )
        .map(({ key }) => key),
    );
  }

  /** The wishes of a desk that these keys express, each at its first press among them. */
  wishesOf(deskId: string, keys: ReadonlySet<string>): Intention[] {
    return this.wishes
      .filter(({ desk }) => toDeskId(desk) === deskId)
      .flatMap((wish) => {
        const made = wish.presses.filter(({ key }) => keys.has(key)).map(({ atMs }) => atMs);
        return made.length === 0 ? [] : [{ ...wish, atMs: Math.min(...made) }];
      });
  }

  press(person: string, task: string, want: Intention['want'], by = this.someone(person)): void {
    const wish = this.sameWish(person, task, want, by) ?? this.newWish(person, task, want);
    this.pressOnce(wish, by);
    if (this.random.chance(0.25)) {
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
    const isSame = last?.task === task && last.want.kind === want.kind && want.kind !== 'log';
    const agoMs = this.nowMs + (this.skewMs[by] ?? 0) - (last?.presses.at(-1)?.atMs ?? 0);
    return isSame && agoMs <= 10 * SECOND ? last : undefined;
  }

  private pressOnce(wish: Wish, by: string): void {
    if (wish.want.kind !== 'log') this.lastPress.set(`${wish.desk} ${by}`, wish);
    const entry = this.wishes.indexOf(wish) + 1;
    const atMs = Math.max(
      this.nowMs + (this.skewMs[by] ?? 0),
      wish.presses[0]?.atMs ?? 0,
      this.lastAtMs - MINUTE,
    );
    const unique = this.wishes.some(({ presses }) => presses.some((one) => one.atMs === atMs))
      ? 1
      : 0;
    const target = { task: wish.task, person: wish.desk };
    const { want } = wish;
    const draft: CommandDraft =
      want.kind === 'log'
        ? {
            type: 'LogHours',
            atMs: atMs + unique,
            by,
            data: {
              ...target,
              hours: want.hoursMs / 3_600_000,
              day: '2026-03-02',
              note: 'call',
              entry,
            },
          }
        : { type: TYPE[want.kind], atMs: atMs + unique, by, data: target };
    this.lastAtMs = Math.max(this.lastAtMs, draft.atMs);
    const command = this.keyRule(draft, this.doc.read());
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
    const hoursMs = this.random.between(1, 8) * 30 * MINUTE;
    this.press(person, task, kind === 'log' ? { kind, hoursMs } : { kind });
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

  private changeByHand(): void {
    if (this.doc.live.size === 0) return;
    const row = this.random.pick([...this.doc.live.values()]);
    const { rowId } = row;
    if (row.stream !== '') this.tampered.add(row.stream);
    const edits = [
      { outcome: 'refused: BY_HAND – x' },
      { kind: 'settled' },
      { data: '{}' },
      { seq: '99999' },
      { at: 'soon' },
    ];
    const change: Change = this.random.chance(0.6)
      ? { kind: 'delete', rowId }
      : { kind: 'edit', rowId, cells: this.random.pick(edits) };
    this.note(`by hand: ${JSON.stringify(change)} on ${row.kind} ${row.key.slice(0, 6)}`);
    this.doc.editByPerson(change, this.nowMs);
  }

  /** Another worker takes the lease; what the old one had in hand may still arrive, minutes later. */
  private replaceWorker(): void {
    if (this.worker === undefined) return;
    const late = this.plan('sent');
    this.startWorker();
    this.pass(this.random.between(1, 200) * SECOND);
    this.tick();
    this.pass(this.random.between(1, 60) * SECOND);
    this.send(late);
  }

  /** A tick up to the writes it wants; presses it read too late to be decided in order are noted. */
  private plan(dieAfter: Step): readonly Write[] {
    if (this.worker === undefined) return [];
    const before = new Set(this.store.everRead.keys());
    const decidedBefore = this.store.decisions.length;
    const nowMs = this.nowMs + (this.skewMs['worker'] ?? 0);
    const writes = this.worker.tick(this.doc.read(), nowMs, dieAfter);
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
    const deskId = toDeskId(command.data.person);
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

const TYPE = {
  start: 'StartRun',
  pause: 'PauseRun',
  resume: 'ResumeRun',
  finish: 'FinishRun',
} as const;

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
    .map((row) => (row.kind === 'state' && row.stream === deskId ? parseStateRow(row) : undefined))
    .reduce((best, desk) => Math.max(best, desk?.seq ?? 0), 0);
