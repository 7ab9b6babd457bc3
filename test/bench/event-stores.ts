/**
 * The store's append beside the best TypeScript event store on npm that keeps the same promise, on SQLite and on PostgreSQL: same
 * events, same steps, same durability (SQLite: write-ahead log, synchronous FULL; PostgreSQL: fsync and synchronous_commit on).
 * Rounds alternate and the medians are compared. The other store writes no hash chain and no idempotency key; ours does both.
 * It is no dependency of the project: `node tools/install-rivals.ts` puts it into `out/rivals`. One JSON line.
 */
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { toInstant } from '#shared/kernel/index.ts';
import { openSqliteStore, type Store } from '#worker/store/index.ts';
import { RIVALS, rivalFolder } from '../../tools/install-rivals.ts';

const ROUNDS = 5;
const STEPS = 100;
const STEP_SIZES = [2, 50];
const at = toInstant(Date.UTC(2026, 2, 2));
const folder = mkdtempSync(join(tmpdir(), 'founder-hq-bench-'));

/** As much of the other store as is used here. */
interface Rival {
  appendToStream(stream: string, events: readonly object[]): Promise<unknown>;
  close?(): Promise<void>;
}
type Append = (stream: string, size: number, step: number) => Promise<unknown>;

const facts = (index: number) => ({
  run: `01J${index}`,
  task: 'Audit Acme',
  phase: 'work',
  note: 'x'.repeat(120),
});

const appendToOurs =
  (store: Store): Append =>
  (stream, size, step) =>
    store.transaction((transaction) =>
      transaction.append(
        stream,
        Array.from({ length: size }, (_, index) => ({
          type: 'run_started',
          at,
          actor: 'dana@example.com',
          payload: facts(index),
        })),
        { expectedVersion: 'any', idempotencyKey: `${stream}/${size}/${step}` },
      ),
    );

const appendToRival =
  (rival: Rival): Append =>
  (stream, size) =>
    rival.appendToStream(
      stream,
      Array.from({ length: size }, (_, index) => ({
        type: 'run_started',
        data: facts(index),
        metadata: { at, actor: 'dana@example.com' },
      })),
    );

async function measure(append: Append, size: number): Promise<number> {
  const startMs = performance.now();
  for (let step = 0; step < STEPS; step += 1) await append(`desk/${step % 10}`, size, step);
  return (STEPS * size * 1_000) / (performance.now() - startMs);
}

const toMedian = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

async function compareOnSqlite(eventsPerStep: number) {
  const { getSQLiteEventStore } = createRequire(`${rivalFolder('sqlite')}/`)(RIVALS.sqlite.main);
  const ours: number[] = [];
  const theirs: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const file = join(folder, `${eventsPerStep}-${round}`);
    const schema = { autoMigration: 'CreateOrUpdate' };
    const rival: Rival = getSQLiteEventStore({ fileName: `${file}-rival.sqlite`, schema });
    theirs.push(await measure(appendToRival(rival), eventsPerStep));
    const store = await openSqliteStore({ file: `${file}-ours.sqlite` });
    ours.push(await measure(appendToOurs(store), eventsPerStep));
    await store.close();
  }
  const oursPerSecond = Math.round(toMedian(ours));
  const theirsPerSecond = Math.round(toMedian(theirs));
  const ratio = Number((oursPerSecond / theirsPerSecond).toFixed(2));
  return {
    on: 'sqlite',
    rival: RIVALS.sqlite.packages[0],
    eventsPerStep,
    oursPerSecond,
    theirsPerSecond,
    ratio,
  };
}

if (existsSync(rivalFolder('sqlite'))) {
  try {
    const results = [];
    for (const size of STEP_SIZES) results.push(await compareOnSqlite(size));
    console.log(JSON.stringify({ bench: 'event-stores', results }));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
} else {
  console.log('skipped: the other stores are not installed; run `node tools/install-rivals.ts`');
}
