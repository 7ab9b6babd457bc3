/**
 * What it costs to read a ledger again: replay (every event as an envelope), verify (hashes, links, versions), fold (every entity
 * of its stream) and rebuild (every document from all events), over one SQLite file; beside replay, a bare `SELECT` of the same
 * texts with `JSON.parse`. Medians of a few rounds, events a second; one JSON line.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import {
  applyEnvelope,
  bearTask,
  decideSteps,
  type Envelope,
  openBooks,
  rebuildDocuments,
} from '#shared/ledger/index.ts';
import { openSqliteStore, type Store, sha256 } from '#worker/store/index.ts';
import { verifyStore } from '#worker/verify/index.ts';
import { asked, idOf, task } from '../shared/ledger/record/work-scene.ts';

const ROUNDS = 5;
const TASKS = 4_000;
const PAGE = 1_000;
const folder = mkdtempSync(join(tmpdir(), 'founder-hq-bench-'));
const file = join(folder, 'ledger.sqlite');

async function fill(store: Store): Promise<void> {
  for (let from = 0; from < TASKS; from += 100) {
    await store.transaction(async (transaction) => {
      for (let index = from; index < from + 100; index += 1) {
        const name = `T${index}`;
        const steps = [
          bearTask(task(name, { run: 'R', workstream: 'W' }), asked(0)),
          {
            entity: 'task' as const,
            id: idOf(name),
            command: {
              ...asked(1),
              type: 'queue' as const,
              openDependencies: [],
              openGates: [],
              priority: 'normal' as const,
              score: 100,
            },
          },
          {
            entity: 'task' as const,
            id: idOf(name),
            command: { ...asked(2), type: 'cancel' as const, reason: 'not wanted' },
          },
        ];
        const decided = decideSteps(openBooks(), steps, sha256);
        if (!decided.ok) throw new Error(decided.refusal.refusal.code);
        for (const { stream, events, expectedVersion } of decided.value.appends) {
          await transaction.append(stream, events, { expectedVersion });
        }
      }
    });
  }
}

async function replay(store: Store): Promise<readonly Envelope[]> {
  const all: Envelope[] = [];
  for (let page = await store.readAll(0, PAGE); page.length > 0; ) {
    all.push(...page);
    page = await store.readAll(all.length, PAGE);
  }
  return all;
}

function readBare(): number {
  const database = new DatabaseSync(file, { readOnly: true });
  const rows = database.prepare('SELECT body FROM events ORDER BY position').all();
  const read = rows.map(({ body }) => JSON.parse(String(body)));
  database.close();
  return read.length;
}

const toMedian = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

async function perSecond(work: () => unknown, events: number): Promise<number> {
  const rates: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const startMs = performance.now();
    await work();
    rates.push((events * 1_000) / (performance.now() - startMs));
  }
  return Math.round(toMedian(rates));
}

const store = await openSqliteStore({ file });
try {
  await fill(store);
  const events = await replay(store);
  const count = events.length;
  const fold = (): void => {
    const books = openBooks();
    for (const event of events) applyEnvelope(books, event, sha256);
  };
  const replayed = await perSecond(() => replay(store), count);
  const bare = await perSecond(readBare, count);
  console.log(
    JSON.stringify({
      bench: 'ledger-read',
      events: count,
      replayPerSecond: replayed,
      barePerSecond: bare,
      replayRatio: Number((replayed / bare).toFixed(2)),
      verifyPerSecond: await perSecond(() => verifyStore(store), count),
      foldPerSecond: await perSecond(fold, count),
      rebuildPerSecond: await perSecond(() => rebuildDocuments(events, sha256), count),
    }),
  );
} finally {
  await store.close();
  rmSync(folder, { recursive: true, force: true });
}
