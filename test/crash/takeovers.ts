import { type ChildProcess, fork } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { FOUNDER_HQ_TABLES } from '#shared/doc/index.ts';
import { createCommand, toCommandRow } from '#shared/ledger/index.ts';
import { createDocFromTables, type Listening, type LocalDoc } from '#worker/local-doc/index.ts';
import { openSqliteStore, sha256 } from '#worker/store/index.ts';
import { verifyStore } from '#worker/verify/index.ts';
import { createRandom, type Random } from '../simulation/random.ts';
import type { Saying } from './takeover-worker.ts';

/** What came of the takeovers; a proof has every list of faults empty. */
export interface TakeoverReport {
  readonly kills: number;
  /** Stops of a worker at work, those that nobody could take over from included. */
  readonly stops: number;
  /** From the kill to the next worker's lease. Units: ms of the machine's clock. */
  readonly killMs: readonly number[];
  /** From the stop to the next worker's lease. Units: ms of the workers' clock, by which a lease lasts 120,000. */
  readonly stopMs: readonly number[];
  /** What the ticks of stopped workers ended with when they went on; `idle` where none was at work, `LOCKED` where it held the file. */
  readonly ends: Readonly<Record<string, number>>;
  /** Steps of a stopped worker’s tick that landed after another worker had taken over. */
  readonly fencedWrites: readonly string[];
  /** Presses without a decision, or with two; runs without a row, or with two; a broken chain. */
  readonly faults: readonly string[];
}

const WORKER = fileURLToPath(new URL('takeover-worker.ts', import.meta.url));
/** How much faster the workers' clock runs: a lease of two minutes is over in 1.2 s. */
const SPEED = 100;
const BY = 'dana@example.com';
/** A stopped worker that still holds the doc after several leases has the file locked. Units: ms. */
const LOCKED_AFTER_MS = 8_000;
/** After this long a worker that neither takes over nor ends is a fault of its own. Units: ms. */
const GIVE_UP_MS = 60_000;

/** Two workers on one doc; the one at work is killed or stopped again and again, and the other takes over. */
export async function proveTakeovers(request: {
  readonly takeovers: number;
  readonly seed: number;
}): Promise<TakeoverReport> {
  const folder = mkdtempSync(join(tmpdir(), 'founder-hq-takeover-'));
  const doc = createDocFromTables(FOUNDER_HQ_TABLES, { seed: request.seed });
  doc.person.insertRow('tasks', { name: 'Interview', external_id: 'T1', status: 'In progress' });
  const server = await doc.listen();
  const scene = new Scene({ doc, server, storeFile: join(folder, 'ledger.db') });
  try {
    return await scene.play(request.takeovers, createRandom(request.seed));
  } finally {
    await scene.end();
    await server.close();
    doc.close();
    rmSync(folder, { recursive: true });
  }
}

/** The report in a sentence. */
export function describeTakeovers(report: TakeoverReport): string {
  const { kills, killMs, stops, stopMs, ends, fencedWrites } = report;
  const ended = Object.entries(ends).map(([code, count]) => `${code} ${count}`);
  return [
    `${kills} kills: taken over after ${medianOf(killMs)} ms, at most ${Math.max(...killMs)} ms`,
    `${stops} stops: after ${Math.round(medianOf(stopMs) / 1_000)} s of a lease of 120 s`,
    `the stopped ones ended with ${ended.join(', ')}`,
    `${fencedWrites.length} fenced writes`,
  ].join('; ');
}

const medianOf = (values: readonly number[]): number =>
  values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] ?? 0;

interface Place {
  readonly doc: LocalDoc;
  readonly server: Listening;
  readonly storeFile: string;
}

interface Held {
  readonly worker: Worker;
  readonly fence: number;
  readonly atMs: number;
}

/** A child process, and what it has said. */
class Worker {
  readonly child: ChildProcess;
  /** Steps that landed, by the fence they landed under. */
  readonly landed: number[] = [];
  isAtWork = false;
  ended: ((code: string) => void) | undefined;

  constructor(child: ChildProcess, onHeld: (held: Held) => void) {
    this.child = child;
    child.on('message', (saying: Saying) => {
      this.isAtWork = saying.kind !== 'ended';
      if (saying.kind === 'held') onHeld({ worker: this, ...saying });
      if (saying.kind === 'landed') this.landed.push(saying.fence);
      if (saying.kind === 'ended') this.ended?.(saying.code);
    });
  }

  /** What the tick at work ends with. */
  end(): Promise<string> {
    return new Promise((resolve) => {
      this.ended = resolve;
    });
  }
}

class Scene {
  private readonly place: Place;
  private readonly keys: string[] = [];
  private readonly workers = new Set<Worker>();
  private readonly beganAtMs = Date.now();
  private waiting: ((held: Held) => void) | undefined;
  private readonly fencedWrites: string[] = [];
  private readonly ends: Record<string, number> = {};

  constructor(place: Place) {
    this.place = place;
  }

  async play(takeovers: number, random: Random): Promise<TakeoverReport> {
    const [killMs, stopMs]: [number[], number[]] = [[], []];
    this.start();
    this.start();
    for (let round = 0; round < takeovers; round += 1) {
      this.press(round);
      const held = await this.nextHeld(() => true);
      await sleep(random.between(0, 40));
      if (round % 2 === 0) killMs.push(await this.kill(held));
      else stopMs.push(...(await this.stop(held)).map((ms) => SPEED * ms));
    }
    const [kills, stops] = [killMs.length, Math.floor(takeovers / 2)];
    const { fencedWrites, ends } = this;
    return { kills, stops, killMs, stopMs, ends, fencedWrites, faults: await this.judge() };
  }

  async end(): Promise<void> {
    for (const { child } of this.workers) child.kill('SIGKILL');
    this.workers.clear();
    await Promise.resolve();
  }

  private start(): void {
    const { doc, server, storeFile } = this.place;
    const argv = [server.baseUrl, doc.docId, doc.token, storeFile, `${SPEED}`, `${this.beganAtMs}`];
    const child = fork(WORKER, argv, { execArgv: ['--disable-warning=ExperimentalWarning'] });
    this.workers.add(new Worker(child, (held) => this.waiting?.(held)));
  }

  private press(round: number): void {
    const data = { task: 'Interview', person: 'Dana', hours: 1, day: '2026-03-02', note: 'call' };
    const draft = { type: 'LogHours', data: { ...data, entry: round + 1 } } as const;
    const command = createCommand({ ...draft, atMs: this.beganAtMs, by: BY }, sha256);
    this.keys.push(command.key);
    this.place.doc.person.insertRow('Ledger', { ...toCommandRow(command, command.type) });
  }

  private nextHeld(isMeant: (held: Held) => boolean): Promise<Held> {
    return orGiveUp(
      'no worker took the lease',
      new Promise((resolve) => {
        this.waiting = (held) => {
          if (isMeant(held)) resolve(held);
        };
      }),
    );
  }

  private async kill({ worker, fence }: Held): Promise<number> {
    const next = this.nextHeld((held) => held.worker !== worker && held.fence > fence);
    const sinceMs = Date.now();
    worker.child.kill('SIGKILL');
    this.workers.delete(worker);
    const { atMs } = await next;
    this.start();
    return Math.max(0, atMs - sinceMs);
  }

  /** How long the takeover took. None where the worker was stopped within a step: the file stays locked until it goes on. */
  private async stop({ worker, fence }: Held): Promise<readonly number[]> {
    const next = this.nextHeld((held) => held.worker !== worker && held.fence > fence);
    const sinceMs = Date.now();
    worker.child.kill('SIGSTOP');
    const taken = await Promise.race([next, sleep(LOCKED_AFTER_MS)]);
    if (taken === undefined) {
      // Nobody waits for it any longer.
      next.catch(() => undefined);
      worker.child.kill('SIGCONT');
      this.ends['LOCKED'] = (this.ends['LOCKED'] ?? 0) + 1;
      return [];
    }
    await orGiveUp('the other worker did not end its tick', taken.worker.end());
    // All that it said before it was stopped has long been heard, so what it does now it does without the lease.
    const { isAtWork } = worker;
    const before = worker.landed.length;
    const end = worker.end();
    worker.child.kill('SIGCONT');
    const code = isAtWork ? await orGiveUp('the stopped worker did not go on', end) : 'idle';
    this.ends[code] = (this.ends[code] ?? 0) + 1;
    const late = isAtWork ? worker.landed.slice(before) : [];
    this.fencedWrites.push(...late.map((own) => `fence ${own}, begun under ${fence}`));
    return [Math.max(0, taken.atMs - sinceMs)];
  }

  /** Lets the workers finish, and looks at what is left. */
  private async judge(): Promise<readonly string[]> {
    const { doc, storeFile } = this.place;
    for (let ticks = 0; ticks < 3; ticks += 1) {
      const { worker } = await this.nextHeld(() => true);
      await orGiveUp('a worker did not end its tick', worker.end());
    }
    await this.end();
    const store = await openSqliteStore({ file: storeFile });
    const verdict = await verifyStore(store);
    const events = await store.readAll(0, Number.MAX_SAFE_INTEGER);
    await store.close();
    const decided = events.flatMap(({ type, idempotencyKey }) =>
      type === 'command_decided' && idempotencyKey !== undefined ? [idempotencyKey] : [],
    );
    const rows = doc.person.readRows('execution_runs').map(({ cells }) => cells['run_id'] ?? '');
    const created = events.filter(({ type }) => type === 'run_created').length;
    return [
      ...(verdict.ok ? [] : [JSON.stringify(verdict)]),
      ...this.keys
        .map((key) => [key, decided.filter((one) => one === key).length] as const)
        .filter(([, times]) => times !== 1)
        .map(([key, times]) => `press ${key} decided ${times} times`),
      ...(new Set(rows).size === rows.length ? [] : ['a run has two rows']),
      ...(rows.length === created ? [] : [`${created} runs, ${rows.length} rows`]),
    ];
  }
}

function orGiveUp<Value>(what: string, coming: Promise<Value>): Promise<Value> {
  const over = new AbortController();
  const late = sleep(GIVE_UP_MS, undefined, { signal: over.signal }).then((): never => {
    throw new Error(`${what} within ${GIVE_UP_MS / 1_000} s`);
  });
  return Promise.race([coming, late]).finally(() => over.abort());
}
