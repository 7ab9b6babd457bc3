/**
 * How the time of an import grows with its rows: the same history at 1×, 2× and 4×, each into a new doc in memory that
 * answers at once, so that what is measured is the work and not the waiting. One JSON line each; the requests of a size
 * stand beside the least that can carry it.
 */
import { createCodaApi } from '#shared/coda/index.ts';
import { FOUNDER_HQ_TABLES } from '#shared/doc/index.ts';
import { importHistory, type LoadReport } from '#worker/import/index.ts';
import { createDocFromTables } from '#worker/local-doc/index.ts';

const BASE_ROWS = 2_000;
const FACTORS = [1, 2, 4];
const ROUNDS = 3;
const [WORKFLOWS, PROJECTS, PEOPLE] = [60, 12, 6];

async function* generateFile(rows: number): AsyncGenerator<Uint8Array, void> {
  yield Buffer.from('task_id,workflow,project,person,estimated_hours,actual_hours,started_on\n');
  for (let id = 0; id < rows; id += 1) {
    const [workflow, project, person] = [id % WORKFLOWS, id % PROJECTS, id % PEOPLE];
    const hours = `${(id % 40) / 2},${(id % 97) / 4}`;
    yield Buffer.from(
      `T-${id},Audit ${workflow},Acme ${project},Dana ${person},${hours},2026-03-02\n`,
    );
  }
}

async function importRows(
  rows: number,
): Promise<{ seconds: number; load: LoadReport | undefined }> {
  const doc = createDocFromTables(FOUNDER_HQ_TABLES);
  const startMs = performance.now();
  const { load } = await importHistory({
    source: generateFile(rows),
    doc: {
      api: createCodaApi(doc.transport),
      docId: doc.docId,
      clock: Date.now,
      wait: () => Promise.resolve(),
      lagMs: 0,
    },
  });
  const seconds = (performance.now() - startMs) / 1_000;
  doc.close();
  return { seconds, load };
}

const seconds = new Map<number, number>();
const loads = new Map<number, LoadReport | undefined>();
await importRows(BASE_ROWS);
// Sizes alternate and the best of each counts, so that whatever else the machine does falls out.
for (let round = 0; round < ROUNDS; round += 1) {
  for (const factor of FACTORS) {
    const figures = await importRows(BASE_ROWS * factor);
    seconds.set(factor, Math.min(figures.seconds, seconds.get(factor) ?? Number.POSITIVE_INFINITY));
    loads.set(factor, figures.load);
  }
}
for (const factor of FACTORS) {
  const rows = BASE_ROWS * factor;
  const sizes = [WORKFLOWS, PROJECTS, PEOPLE, rows, rows];
  const least = (size: number): number =>
    sizes.reduce((total, count) => total + Math.ceil(count / size), 0);
  const figures = {
    rows,
    seconds: Number((seconds.get(factor) ?? 0).toFixed(2)),
    timesTheFirst: Number(((seconds.get(factor) ?? 0) / (seconds.get(1) ?? 1)).toFixed(2)),
    contentWrites: loads.get(factor)?.contentWrites,
    leastWrites: least(100),
    listPages: loads.get(factor)?.listPages,
    leastPages: least(200),
  };
  console.log(JSON.stringify(figures));
}
