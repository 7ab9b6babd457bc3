import { copyFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CodaTransport } from '#shared/coda/index.ts';
import { isDomainError } from '#shared/kernel/index.ts';
import type { LocalDoc } from '#worker/local-doc/index.ts';
import { openSqliteStore, type Store } from '#worker/store/index.ts';
import { type Fate, runMortalTick, type TickEnd } from './mortal-worker.ts';
import { checkAlways, checkAtRest, checkConflict, type Seen, type Violation } from './sync-laws.ts';
import { MINUTE, SyncWorld } from './sync-world.ts';

/** What one seed came to. */
export interface SyncOutcome {
  readonly seed: number;
  readonly violations: readonly Violation[];
  readonly ticks: number;
  readonly kills: number;
  readonly takeovers: number;
  readonly presses: number;
  /** Things that people did, presses included. */
  readonly acts: number;
  readonly rowsSent: number;
  /** Ticks that ended in an error, by its code. */
  readonly failures: Readonly<Record<string, number>>;
  readonly trace: readonly string[];
}

/** Ticks after which a doc that is still written to will be so for ever. */
const REST_TICKS = 40;
/** What a tick may end with on a bad day: the next one goes on. */
const PASSING = new Set(['LEASE_HELD', 'LEASE_LOST', 'STALE_LEASE', 'NETWORK', 'INTERRUPTED']);

/** Where a store loses nothing by being in memory: a kill of the simulated process is no kill of ours. */
const QUICK = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();

/** How long and how crowded each play is, and the way its workers take to the doc. */
export interface PlayOptions {
  /** Ticks before everything comes to rest. */
  readonly moves: number;
  /** Things people do between two ticks, at most. */
  readonly actsMax: number;
  /** @default without any sockets */
  readonly connect?: (doc: LocalDoc) => Promise<Way>;
}

/** A way to a doc. */
export interface Way {
  readonly transport: CodaTransport;
  readonly close: () => Promise<void>;
}

const SHORT: PlayOptions = { moves: 10, actsMax: 3 };

/** Plays seeds on stores of their own. */
export async function createSyncPlayground(options: PlayOptions = SHORT): Promise<{
  readonly simulate: (seed: number) => Promise<SyncOutcome>;
  readonly close: () => void;
}> {
  const folder = mkdtempSync(join(QUICK, 'founder-hq-seeds-'));
  const empty = join(folder, 'empty.db');
  await (await openSqliteStore({ file: empty })).close();
  return {
    async simulate(seed) {
      const file = join(folder, 'seed.db');
      for (const end of ['', '-wal', '-shm']) rmSync(`${file}${end}`, { force: true });
      copyFileSync(empty, file);
      const store = await openSqliteStore({ file });
      try {
        return await new Play({ seed, store, options }).run();
      } finally {
        await store.close();
      }
    },
    close: () => rmSync(folder, { recursive: true }),
  };
}

/** One seed: people, a doc on bad days, and ticks of workers that are killed, stopped and overtaken. */
class Play {
  private readonly world: SyncWorld;
  private readonly seen: Seen = { position: 0, hash: '', baselines: new Map() };
  private readonly failures: Record<string, number> = {};
  private readonly seed: number;
  private readonly store: Store;
  private readonly options: PlayOptions;
  private rowsSent = 0;
  /** Whether the last tick paused over rows that seem to be gone: whoever is asked has taken them away. */
  private isAsked = false;
  /** What the last tick found odd, by code. */
  private told: readonly string[] = [];
  private ticks = 0;
  private kills = 0;
  private takeovers = 0;

  constructor(of: { readonly seed: number; readonly store: Store; readonly options: PlayOptions }) {
    this.seed = of.seed;
    this.store = of.store;
    this.options = of.options;
    this.world = new SyncWorld(of.seed, { hasFaults: of.options.connect === undefined });
  }

  async run(): Promise<SyncOutcome> {
    const { seed, world, failures, options } = this;
    const way = await options.connect?.(world.doc);
    if (way !== undefined) world.transport = way.transport;
    const violations = await this.play();
    await way?.close();
    world.doc.close();
    const { ticks, kills, takeovers, rowsSent } = this;
    const { acts, trace } = world;
    const counts = { ticks, kills, takeovers, rowsSent, acts, presses: world.presses.size };
    return { seed, violations, failures, trace, ...counts };
  }

  private async play(): Promise<readonly Violation[]> {
    const { world, store, seen, options } = this;
    for (let move = 0; move < options.moves; move += 1) {
      for (let left = world.random.between(0, options.actsMax); left > 0; left -= 1) world.act();
      world.pass(world.random.between(1, 300) * 1_000);
      const broken = [
        ...(await this.tick(this.drawFate())),
        ...(await checkAlways(world, store, seen)),
      ];
      if (broken.length > 0) return broken;
    }
    world.isAwake = false;
    const broken = await this.judgeAtRest();
    return broken.length > 0 || world.random.chance(0.7) ? broken : this.typeOver();
  }

  /** Somebody types over a figure, and later clears it. */
  private async typeOver(): Promise<readonly Violation[]> {
    const { world } = this;
    const cell = world.typeOver();
    if (cell === undefined) return [];
    const broken = [...(await this.rest()), ...checkConflict(world, cell, 'open')];
    if (broken.length > 0) return broken;
    world.giveBack(cell);
    const after = await this.judgeAtRest();
    return after.length > 0 ? after : checkConflict(world, cell, 'agreed');
  }

  private async judgeAtRest(): Promise<readonly Violation[]> {
    const broken = await this.rest();
    return broken.length > 0 ? broken : checkAtRest(this.world, this.store, this.told);
  }

  private drawFate(): Fate {
    const { random } = this.world;
    const dice = random.next();
    if (dice < 0.3) return { killAtStep: random.between(1, 90) };
    const meanwhile = () => this.takeOver();
    if (dice < 0.4) return { stallAtRequest: random.between(1, 30), meanwhile };
    return dice < 0.45 ? { stallAtWrite: random.between(1, 3), meanwhile } : {};
  }

  /** The process sleeps for longer than its lease lasts, and another one works meanwhile. */
  private async takeOver(): Promise<boolean> {
    this.takeovers += 1;
    this.world.note('the worker is stopped, and another takes over');
    this.world.pass(this.world.random.between(3, 20) * MINUTE);
    const end = await runMortalTick(this.world, this.store);
    this.count(end);
    this.world.note(`the other one: ${end.kind}; the stopped one goes on`);
    return end.kind === 'done';
  }

  private async tick(fate: Fate = {}): Promise<readonly Violation[]> {
    this.ticks += 1;
    const own = { ...fate, acceptDeletes: this.isAsked };
    const end = await runMortalTick(this.world, this.store, own);
    this.world.note(`tick ${this.ticks}: ${describe(end)}`);
    const { writesWhenFenced } = end;
    const fenced = {
      law: 'a worker that was overtaken writes no more',
      detail: `${writesWhenFenced}`,
    };
    return [...(writesWhenFenced > 0 ? [fenced] : []), ...this.count(end)];
  }

  private count(end: TickEnd): readonly Violation[] {
    if (end.kind === 'killed') this.kills += 1;
    if (end.kind === 'done') {
      this.rowsSent += end.report.rowsSent;
      this.isAsked = end.report.fuses.length > 0;
      this.told = end.report.findings.map(({ code }) => code);
    }
    if (end.kind !== 'failed') return [];
    const code = isDomainError(end.error) ? end.error.code : 'BUG';
    this.failures[code] = (this.failures[code] ?? 0) + 1;
    if (isDomainError(end.error) && (end.error.retryable || PASSING.has(code))) return [];
    const detail = end.error instanceof Error ? String(end.error.stack) : String(end.error);
    return [{ law: 'a tick ends well or is to be tried again', detail }];
  }

  /** Nobody does anything; the worker ticks until it has had nothing to do for long. */
  private async rest(): Promise<readonly Violation[]> {
    const { world, store, seen } = this;
    let quiet = 0;
    for (let tick = 0; tick < REST_TICKS && quiet < 2; tick += 1) {
      world.pass(8 * MINUTE);
      const before = await store.head();
      const end = await runMortalTick(world, store, { acceptDeletes: this.isAsked });
      world.note(`rest: ${describe(end)}`);
      const broken = [...this.count(end), ...(await checkAlways(world, store, seen))];
      if (broken.length > 0) return broken;
      // A tick that was broken off says nothing of whether there is something left to do.
      if (end.kind !== 'done') continue;
      const { position } = await store.head();
      const isIdle = end.contentWrites === 0 && position === before.position;
      quiet = isIdle && !this.isAsked && !world.hasArrivals() ? quiet + 1 : 0;
    }
    return quiet < 2 ? [{ law: 'it comes to rest', detail: `${REST_TICKS} ticks` }] : [];
  }
}

function describe(end: TickEnd): string {
  if (end.kind === 'killed') return 'killed';
  if (end.kind === 'failed') return `failed: ${String(end.error)}`;
  const { events, rowsSent, rowsOnTheirWay, waiting } = end.report;
  return `${events} events, ${rowsSent} sent, ${rowsOnTheirWay} on their way, ${waiting} waiting, ${end.contentWrites} writes`;
}
