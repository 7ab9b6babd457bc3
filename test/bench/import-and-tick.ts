/**
 * How the time of an import and the ticks after it grows with the rows: the same history at 1×, 2× and 4×, each into a
 * new doc in memory that answers at once, with a ledger on disk. One JSON line a size; `growth` is the time against the
 * size before, which the rows doubled, so 2 is as fast as the rows.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createCodaApi } from '#shared/coda/index.ts';
import { FOUNDER_HQ_TABLES } from '#shared/doc/index.ts';
import { createPacedTransport } from '#worker/coda/index.ts';
import { importHistory } from '#worker/import/index.ts';
import { createDocFromTables } from '#worker/local-doc/index.ts';
import { openSqliteStore } from '#worker/store/index.ts';
import { openTarget, tick } from '#worker/sync/index.ts';

const BASE_ROWS = 2_000;
const FACTORS = [1, 2, 4];
const [WORKFLOWS, PROJECTS, PEOPLE] = [60, 12, 6];
const TICKS_MAX = 5;

async function* generateFile(rows: number): AsyncGenerator<Uint8Array, void> {
  yield Buffer.from(
    'task_id,workflow,project,person,estimated_hours,actual_hours,started_on,completed_on\n',
  );
  for (let id = 0; id < rows; id += 1) {
    const [workflow, project, person] = [id % WORKFLOWS, id % PROJECTS, id % PEOPLE];
    const hours = `${(id % 40) / 2},${(id % 97) / 4}`;
    yield Buffer.from(
      `T-${id},Audit ${workflow},Acme ${project},Dana ${person},${hours},2026-03-02,2026-03-03\n`,
    );
  }
}

async function measure(rows: number): Promise<Readonly<Record<string, number>>> {
  const folder = mkdtempSync(join(tmpdir(), 'founder-hq-bench-'));
  const doc = createDocFromTables(FOUNDER_HQ_TABLES);
  const store = await openSqliteStore({ file: join(folder, 'ledger.db') });
  const timing = { clock: Date.now, wait: () => Promise.resolve(), lagMs: 0 };
  const paced = createPacedTransport(doc.transport, { ...timing, buckets: 'unlimited' });
  const api = createCodaApi(paced.transport);
  const { docId } = doc;
  const startMs = performance.now();
  await importHistory({ source: generateFile(rows), doc: { api, docId, ...timing } });
  const importedMs = performance.now();
  const before = paced.counts();
  let isSettled = false;
  for (let ticks = 0; ticks < TICKS_MAX && !isSettled; ticks += 1) {
    const target = await openTarget(api, docId);
    ({ isSettled } = await tick({ store, target, ...timing, holdMs: 0 }));
  }
  const endMs = performance.now();
  const target = await openTarget(api, docId);
  await tick({ store, target, ...timing, holdMs: 0 });
  const idleMs = performance.now() - endMs;
  const { contentWrites } = paced.counts();
  await store.close();
  doc.close();
  rmSync(folder, { recursive: true });
  const toSeconds = (ms: number): number => Number((ms / 1_000).toFixed(2));
  return {
    rows,
    importSeconds: toSeconds(importedMs - startMs),
    tickSeconds: toSeconds(endMs - importedMs),
    idleTickSeconds: toSeconds(idleMs),
    seconds: toSeconds(endMs - startMs),
    tickWrites: contentWrites - before.contentWrites,
  };
}

let lastSeconds: number | undefined;
for (const factor of FACTORS) {
  const figures = await measure(BASE_ROWS * factor);
  const { seconds = 0 } = figures;
  const growth =
    lastSeconds === undefined ? {} : { growth: Number((seconds / lastSeconds).toFixed(2)) };
  lastSeconds = seconds;
  console.log(JSON.stringify({ ...figures, ...growth }));
}
