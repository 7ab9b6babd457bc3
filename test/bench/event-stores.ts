/**
 * The store's append beside the best TypeScript event store on npm that keeps the same promise, on SQLite and on PostgreSQL: same
 * events, same steps, same durability (SQLite: write-ahead log, synchronous FULL; PostgreSQL: fsync and synchronous_commit on).
 * Rounds alternate and the medians are compared. The other store writes no hash chain and no idempotency key; ours does both.
 * It is no dependency of the project: `node tools/install-rivals.ts` puts it into `out/rivals`. One JSON line.
 */
import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { Client } from 'pg';
import { openStore } from '#worker/store/index.ts';
import { RIVALS, rivalFolder } from '../../tools/install-rivals.ts';
import { createCluster } from '../postgres/cluster.ts';
import { measureSteps, toFacts } from './rival/bout.ts';

const ROUNDS = 5;
const TRIES_MAX = 20;
const STEP_SIZES = [2, 50];
const RIVAL = fileURLToPath(new URL('rival/append-to-rival.ts', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'founder-hq-bench-'));
const run = promisify(execFile);

type DatabaseName = keyof typeof RIVALS;
/** A new place for a store: a file, or the URL of an empty database. */
type NextPlace = (name: string) => Promise<string>;

async function measureOurs(place: string, size: number): Promise<number> {
  const store = await openStore({ store: place, docId: 'bench' });
  const append = (stream: string, count: number, step: number): Promise<unknown> =>
    store.transaction((transaction) => {
      const events = Array.from({ length: count }, (_, index) => {
        const { data, metadata } = toFacts(index);
        return { type: 'run_started', ...metadata, payload: data };
      });
      const idempotencyKey = `${stream}/${count}/${step}`;
      return transaction.append(stream, events, { expectedVersion: 'any', idempotencyKey });
    });
  await append('warm/up', 2, -1);
  const perSecond = await measureSteps(append, size);
  await store.close();
  return perSecond;
}

async function compare(on: DatabaseName, eventsPerStep: number, nextPlace: NextPlace) {
  const ours: number[] = [];
  const theirs: number[] = [];
  let rivalFailures = 0;
  for (let round = 0; round < ROUNDS; round += 1) {
    for (let tries = 0; theirs.length <= round && tries < TRIES_MAX; tries += 1) {
      const place = await nextPlace(`r${eventsPerStep}_${round}_${tries}`);
      const bout = run(process.execPath, [RIVAL, on, place, String(eventsPerStep)]);
      const answer = await bout.catch(() => undefined);
      if (answer === undefined) rivalFailures += 1;
      else theirs.push(Number(answer.stdout));
    }
    ours.push(await measureOurs(await nextPlace(`o${eventsPerStep}_${round}`), eventsPerStep));
  }
  const [rival] = RIVALS[on].packages;
  const oursPerSecond = Math.round(toMedian(ours));
  const theirsPerSecond = Math.round(toMedian(theirs));
  const ratio = Number((oursPerSecond / theirsPerSecond).toFixed(2));
  return { on, rival, eventsPerStep, oursPerSecond, theirsPerSecond, ratio, rivalFailures };
}

const toMedian = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

async function makeDatabase(url: string, name: string): Promise<string> {
  const client = new Client({ connectionString: url });
  await client.connect();
  await client.query(`CREATE DATABASE ${name}`);
  await client.end();
  const own = new URL(url);
  own.pathname = `/${name}`;
  return own.href;
}

async function compareAll() {
  const results = [];
  const nextFile: NextPlace = (name) => Promise.resolve(join(folder, `${name}.sqlite`));
  for (const size of STEP_SIZES) results.push(await compare('sqlite', size, nextFile));
  const cluster = await createCluster();
  try {
    const nextDatabase: NextPlace = (name) => makeDatabase(cluster.url, name);
    for (const size of STEP_SIZES) results.push(await compare('postgres', size, nextDatabase));
  } finally {
    await cluster.remove();
  }
  return results;
}

if (existsSync(rivalFolder('sqlite')) && existsSync(rivalFolder('postgres'))) {
  try {
    console.log(JSON.stringify({ bench: 'event-stores', results: await compareAll() }));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
} else {
  console.log('skipped: the other stores are not installed; run `node tools/install-rivals.ts`');
}
