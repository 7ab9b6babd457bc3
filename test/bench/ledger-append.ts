/**
 * How fast the store appends, beside a bare prepared insert of the same text and its SHA-256 into a table with no index, no
 * key and no guard, in transactions of the same size on the same disk with the same settings: once for a step of two events,
 * as a button press makes, and once for fifty. Rounds alternate, the medians are compared; one JSON line.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { type Instant, toInstant } from '#shared/kernel/index.ts';
import { openSqliteStore, sha256 } from '#worker/store/index.ts';

const ROUNDS = 7;
const STEPS = 100;
const STEP_SIZES = [2, 50];
const at: Instant = toInstant(Date.UTC(2026, 2, 2));

const folder = mkdtempSync(join(tmpdir(), 'founder-hq-bench-'));
const eventOf = (number: number) => ({
  type: 'run_started',
  at,
  actor: 'dana@example.com',
  payload: { run: `01J${number}`, task: 'Audit Acme', phase: 'work', note: 'x'.repeat(120) },
});
type Steps = readonly (readonly ReturnType<typeof eventOf>[])[];

const stepsOf = (size: number): Steps =>
  Array.from({ length: STEPS }, (_, step) =>
    Array.from({ length: size }, (_event, index) => eventOf(step * size + index)),
  );

async function measureStore(file: string, steps: Steps): Promise<number> {
  const store = await openSqliteStore({ file });
  const startMs = performance.now();
  for (const [step, events] of steps.entries()) {
    await store.transaction((transaction) =>
      transaction.append(`desk/${step % 10}`, events, {
        expectedVersion: 'any',
        idempotencyKey: `key-${step}`,
      }),
    );
  }
  const perSecond = toPerSecond(startMs, steps);
  await store.close();
  return perSecond;
}

function measureBare(file: string, steps: Steps): number {
  const database = new DatabaseSync(file);
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;');
  database.exec('CREATE TABLE event (position INTEGER PRIMARY KEY, body TEXT, hash TEXT) STRICT');
  const insert = database.prepare('INSERT INTO event VALUES (?, ?, ?)');
  const startMs = performance.now();
  let position = 0;
  let hash = '0'.repeat(64);
  for (const [step, events] of steps.entries()) {
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
  }
  const perSecond = toPerSecond(startMs, steps);
  database.close();
  return perSecond;
}

const toPerSecond = (startMs: number, steps: Steps): number =>
  (steps.flat().length * 1_000) / (performance.now() - startMs);
const toMedian = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

async function compare(eventsPerStep: number) {
  const steps = stepsOf(eventsPerStep);
  const stored: number[] = [];
  const bare: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const name = join(folder, `${eventsPerStep}-${round}`);
    bare.push(measureBare(`${name}-bare.sqlite`, steps));
    stored.push(await measureStore(`${name}-store.sqlite`, steps));
  }
  const storePerSecond = Math.round(toMedian(stored));
  const barePerSecond = Math.round(toMedian(bare));
  const ratio = Number((storePerSecond / barePerSecond).toFixed(2));
  return { eventsPerStep, storePerSecond, barePerSecond, ratio };
}

try {
  const results = [];
  for (const size of STEP_SIZES) results.push(await compare(size));
  console.log(JSON.stringify({ bench: 'ledger-append', results }));
} finally {
  rmSync(folder, { recursive: true, force: true });
}
