/**
 * How fast the store appends, beside a bare prepared insert of the same text and its SHA-256 into a table with no index, no
 * key and no guard, in transactions of the same size on the same disk with the same settings: once for a step of two events,
 * as a button press makes, and once for fifty. Both files are open at once and take turns step by step, so that whatever else
 * the machine does meets both alike; each round begins new files and gives one ratio of its times, and the median of the
 * rounds' ratios counts. Beside the time stands the processor's, of all threads and the kernel. One JSON line.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { type Instant, toInstant } from '#shared/kernel/index.ts';
import { openSqliteStore, sha256 } from '#worker/store/index.ts';

const ROUNDS = 15;
const STEPS = 200;
const STEP_SIZES = [2, 50];
const at: Instant = toInstant(Date.UTC(2026, 2, 2));

const folder = mkdtempSync(join(tmpdir(), 'founder-hq-bench-'));
const eventOf = (number: number) => ({
  type: 'run_started',
  at,
  actor: 'dana@example.com',
  payload: { run: `01J${number}`, task: 'Audit Acme', phase: 'work', note: 'x'.repeat(120) },
});
type Events = readonly ReturnType<typeof eventOf>[];

/** One of the two that are compared. */
interface Side {
  append(step: number, events: Events): unknown;
  close(): unknown;
}

async function openStoreSide(file: string): Promise<Side> {
  const store = await openSqliteStore({ file });
  return {
    append: (step, events) =>
      store.transaction((transaction) =>
        transaction.append(`desk/${step % 10}`, events, {
          expectedVersion: 'any',
          idempotencyKey: `key-${step}`,
        }),
      ),
    close: () => store.close(),
  };
}

function openBareSide(file: string): Side {
  const database = new DatabaseSync(file);
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;');
  database.exec('CREATE TABLE event (position INTEGER PRIMARY KEY, body TEXT, hash TEXT) STRICT');
  const insert = database.prepare('INSERT INTO event VALUES (?, ?, ?)');
  let position = 0;
  let hash = '0'.repeat(64);
  return {
    append(step, events) {
      database.exec('BEGIN IMMEDIATE');
      for (const event of events) {
        position += 1;
        const place = { position, stream: `desk/${step % 10}`, version: position };
        const body = JSON.stringify({
          ...event,
          ...place,
          idempotencyKey: `key-${step}`,
          previousHash: hash,
        });
        hash = sha256(body);
        insert.run(position, body, hash);
      }
      database.exec('COMMIT');
    },
    close: () => database.close(),
  };
}

/** What a side has used so far. */
interface Spent {
  ms: number;
  cpuMicros: number;
}

async function measureStep(spent: Spent, work: () => unknown): Promise<void> {
  const cpuBefore = process.cpuUsage();
  const startMs = performance.now();
  await work();
  spent.ms += performance.now() - startMs;
  const cpu = process.cpuUsage(cpuBefore);
  spent.cpuMicros += cpu.user + cpu.system;
}

async function runRound(name: string, size: number) {
  const store = { side: await openStoreSide(`${name}-store.sqlite`), ms: 0, cpuMicros: 0 };
  const bare = { side: openBareSide(`${name}-bare.sqlite`), ms: 0, cpuMicros: 0 };
  for (let step = 0; step < STEPS; step += 1) {
    const events = Array.from({ length: size }, (_, index) => eventOf(step * size + index));
    // Who begins changes with every step, so that neither always follows the other's write.
    for (const one of step % 2 === 0 ? [bare, store] : [store, bare]) {
      await measureStep(one, () => one.side.append(step, events));
    }
  }
  for (const { side } of [store, bare]) await side.close();
  return { store, bare, ratio: bare.ms / store.ms };
}

async function compare(eventsPerStep: number) {
  const rounds = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    rounds.push(await runRound(join(folder, `${eventsPerStep}-${round}`), eventsPerStep));
  }
  const toPerSecond = ({ ms }: Spent) => (eventsPerStep * STEPS * 1_000) / ms;
  const toCpu = ({ cpuMicros }: Spent) => cpuMicros / STEPS;
  const ratios = rounds.map(({ ratio }) => ratio).sort((a, b) => a - b);
  return {
    eventsPerStep,
    storePerSecond: Math.round(toMedian(rounds.map(({ store }) => toPerSecond(store)))),
    barePerSecond: Math.round(toMedian(rounds.map(({ bare }) => toPerSecond(bare)))),
    ratio: toRounded(toMedian(ratios)),
    ratioOfHalf: [0.25, 0.75].map((share) => toRounded(ratios[Math.floor(share * ROUNDS)] ?? 0)),
    storeCpuMicrosPerStep: Math.round(toMedian(rounds.map(({ store }) => toCpu(store)))),
    bareCpuMicrosPerStep: Math.round(toMedian(rounds.map(({ bare }) => toCpu(bare)))),
  };
}

const toMedian = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
const toRounded = (ratio: number): number => Number(ratio.toFixed(2));

try {
  const results = [];
  for (const size of STEP_SIZES) results.push(await compare(size));
  console.log(JSON.stringify({ bench: 'ledger-append', results }));
} finally {
  rmSync(folder, { recursive: true, force: true });
}
