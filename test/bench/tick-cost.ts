/**
 * What a tick over a hundred changed rows costs as the doc grows: the same changes in docs of 1,000, 10,000 and (with `--full`)
 * 100,000 runs that the worker has seen, each in memory and answering at once, with a ledger on disk. One JSON line a size:
 * requests, milliseconds of a tick over a hundred changes and of one over none, and how many times those of the smallest doc.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createCodaApi } from '#shared/coda/index.ts';
import { FOUNDER_HQ_TABLES } from '#shared/doc/index.ts';
import { createPacedTransport } from '#worker/coda/index.ts';
import { createDocFromTables, type LocalDoc } from '#worker/local-doc/index.ts';
import { openSqliteStore } from '#worker/store/index.ts';
import { recallTarget, tick } from '#worker/sync/index.ts';

const CHANGES = 100;
const TIMES = 5;
const SIZES = process.argv.includes('--full') ? [1_000, 10_000, 100_000] : [1_000, 10_000];
const MARGIN_MS = 2_000;

function fill({ person }: LocalDoc, runs: number): readonly string[] {
  person.insertRow('workflows', { name: 'Audit', external_id: 'W1', status: 'Active' });
  person.insertRow('process_templates', { name: 'Audit v1', workflow: 'Audit' });
  person.insertRow('projects', { name: 'Acme', process_template: 'Audit v1' });
  const task = { external_id: 'T1', project: 'Acme', estimated_hours: 2 };
  person.insertRow('tasks', { name: 'Interview', ...task });
  return Array.from({ length: runs }, (_, at) =>
    person.insertRow('execution_runs', { run_id: `R${at}`, task: 'Interview', actual_hours: 1 }),
  );
}

const median = (values: readonly number[]): number =>
  [...values].sort((one, other) => one - other)[Math.floor(values.length / 2)] ?? 0;

async function measure(runs: number): Promise<Readonly<Record<string, number>>> {
  const folder = mkdtempSync(join(tmpdir(), 'founder-hq-bench-'));
  let nowMs = Date.UTC(2026, 4, 4, 9);
  const clock = (): number => nowMs;
  const doc = createDocFromTables(FOUNDER_HQ_TABLES, { clock });
  const rowIds = fill(doc, runs);
  const store = await openSqliteStore({ file: join(folder, 'ledger.db') });
  const timing = { clock, wait: () => Promise.resolve(), lagMs: 0, holdMs: 0 };
  const paced = createPacedTransport(doc.transport, { ...timing, buckets: 'unlimited' });
  const api = createCodaApi(paced.transport);
  const run = async () => {
    nowMs += MARGIN_MS;
    const before = paced.counts();
    const startMs = performance.now();
    const target = await recallTarget(store, { api, docId: doc.docId });
    const { isSettled } = await tick({ store, target, ...timing });
    const ms = performance.now() - startMs;
    const { reads, writes } = paced.counts();
    return { ms, isSettled, reads: reads - before.reads, writes: writes - before.writes };
  };
  const settle = async (): Promise<void> => {
    for (let left = 6; left > 0; left -= 1) await run();
  };
  await settle();
  const [changed, idle] = [[] as number[], [] as number[]];
  let last = await run();
  for (let time = 0; time < TIMES; time += 1) {
    idle.push((await run()).ms);
    for (const rowId of rowIds.slice(0, CHANGES))
      doc.person.editCell('execution_runs', rowId, { actual_hours: 2 + time });
    last = await run();
    changed.push(last.ms);
    await settle();
  }
  await store.close();
  doc.close();
  rmSync(folder, { recursive: true });
  const { reads, writes } = last;
  return {
    rows: runs,
    reads,
    writes,
    ms: Math.round(median(changed)),
    idleMs: Math.round(median(idle)),
  };
}

let first: Readonly<Record<string, number>> | undefined;
for (const runs of SIZES) {
  const figures = await measure(runs);
  first ??= figures;
  const ratio = (name: string): number =>
    Number(((figures[name] ?? 0) / (first?.[name] ?? 1)).toFixed(2));
  console.log(JSON.stringify({ ...figures, ratio: ratio('ms'), idleRatio: ratio('idleMs') }));
}
