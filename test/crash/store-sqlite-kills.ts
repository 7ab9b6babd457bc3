import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { openSqliteStore, type Store } from '#worker/store/index.ts';
import { verifyStore } from '#worker/verify/index.ts';
import { createRandom, type Random } from '../simulation/random.ts';

/** What is asked of the proof. */
export interface KillsRequest {
  readonly kills: number;
  readonly seed: number;
}

/** What came of it; a proof has every list of faults empty. */
export interface KillsReport {
  readonly kills: number;
  /** Kills between the last write of a step and its commit. */
  readonly held: number;
  readonly acknowledged: number;
  readonly events: number;
  /** Keys that were acknowledged and are not there. */
  readonly lost: readonly string[];
  /** Keys that are there twice or in part. */
  readonly doubled: readonly string[];
  /** Keys of steps that were killed before their commit and are there all the same. */
  readonly early: readonly string[];
  /** Chains that are broken, and documents or outbox rows that are not what their events left. */
  readonly broken: readonly string[];
}

const WRITER = fileURLToPath(new URL('store-sqlite-writer.ts', import.meta.url));
/** A new file now and then, so that looking through it all after each kill stays cheap. */
const KILLS_A_FILE = 25;
const ROUNDS_MAX = 25;
const DELAY_MAX_MS = 8;
const HALT = 'halt ';
const NO_FAULTS = { lost: [], doubled: [], early: [], broken: [] };

/** Kills a writing process again and again, at any moment or between write and commit, and looks each time at what is left. */
export async function proveSqliteKills({ kills, seed }: KillsRequest): Promise<KillsReport> {
  const folder = mkdtempSync(join(tmpdir(), 'founder-hq-kills-'));
  const random = createRandom(seed);
  let report: KillsReport = { kills, held: 0, acknowledged: 0, events: 0, ...NO_FAULTS };
  let said: readonly string[] = [];
  try {
    for (let kill = 0; kill < kills; kill += 1) {
      if (kill % KILLS_A_FILE === 0) said = [];
      const file = join(folder, `${Math.floor(kill / KILLS_A_FILE)}.sqlite`);
      const heard = await killWriter(file, { name: `writer-${kill}`, random });
      said = [...said, ...heard.acknowledged];
      const found = await judge(file, said, heard.held);
      const isLast = kill + 1 === kills || (kill + 1) % KILLS_A_FILE === 0;
      report = {
        kills,
        held: report.held + (heard.held === undefined ? 0 : 1),
        acknowledged: report.acknowledged + heard.acknowledged.length,
        events: report.events + (isLast ? found.events : 0),
        lost: [...report.lost, ...found.lost],
        doubled: [...report.doubled, ...found.doubled],
        early: [...report.early, ...found.early],
        broken: [...report.broken, ...found.broken],
      };
    }
    return report;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Starts a writer and kills it: half of the time where it stands still before a commit, else some moment after some step. */
async function killWriter(file: string, { name, random }: { name: string; random: Random }) {
  const rounds = random.between(1, ROUNDS_MAX);
  const isHeld = random.chance(0.5);
  const delayMs = random.between(0, DELAY_MAX_MS);
  const child = spawn(process.execPath, [WRITER, file, name, String(isHeld ? rounds : 0)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(child, 'close');
  const acknowledged: string[] = [];
  let held: string | undefined;
  for await (const line of createInterface({ input: child.stdout })) {
    if (line.startsWith(HALT)) {
      held = line.slice(HALT.length);
      child.kill('SIGKILL');
    } else {
      acknowledged.push(line);
      if (acknowledged.length === rounds) setTimeout(() => child.kill('SIGKILL'), delayMs);
    }
  }
  await ended;
  if (child.signalCode !== 'SIGKILL') throw new Error(`the writer ended by itself in ${file}`);
  return { acknowledged, held };
}

async function judge(file: string, acknowledged: readonly string[], held: string | undefined) {
  const store = await openSqliteStore({ file });
  try {
    const { position } = await store.head();
    const counts = new Map<string, number>();
    for (const { idempotencyKey: key = '' } of await store.readAll(0, position + 1)) {
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
    const expected = (key: string) => 1 + (Number(key.split('/')[1]) % 3);
    const verified = await verifyStore(store);
    const chain = verified.ok && verified.head.position === position ? [] : [`chain of ${file}`];
    return {
      events: position,
      lost: acknowledged.filter((key) => !counts.has(key)),
      doubled: [...counts].flatMap(([key, count]) => (count === expected(key) ? [] : [key])),
      early: held !== undefined && counts.has(held) ? [held] : [],
      broken: [...chain, ...(await findUnfolded(store))],
    };
  } finally {
    await store.close();
  }
}

/** The documents and outbox rows that are not the fold of their events: here, how many there are. */
async function findUnfolded(store: Store): Promise<readonly string[]> {
  const outbox = new Map(
    (await store.listOutbox()).map(({ key, cells }) => [key, cells['faults']]),
  );
  const records = await store.listRecords('breakers');
  const unfolded: string[] = outbox.size === records.length ? [] : ['outbox'];
  for (const { id, document } of records) {
    const events = (await store.readStream(`breaker/${id}`)).length;
    if (document['faults'] !== events || outbox.get(id) !== events) unfolded.push(id);
  }
  return unfolded;
}
