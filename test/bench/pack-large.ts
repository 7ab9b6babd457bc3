/**
 * The table `Variance` of a large doc in one execution of the built Pack, in its VM, over an API that takes 150 ms a call: time, calls
 * and what the process grew by. One JSON line; fails above the bar. The VM ends what needs more than 128 MB by itself.
 */
import { request as ask, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { FOUNDER_HQ_TABLES } from '#shared/doc/index.ts';
import { createDocFromTables } from '#worker/local-doc/index.ts';
import { buildPackBundle, createPackRunner } from '#worker/local-doc/pack-runner/index.ts';

const [WORKFLOWS, TASKS, RUNS] = [60, 3_000, 10_000];
const CALL_MS = 150;
/** Units: s for one execution. */
const BAR_S = 20;

const doc = createDocFromTables(FOUNDER_HQ_TABLES, { seed: 1 });
const add = (table: string, cells: Record<string, string | number>): void => {
  doc.person.insertRow(table, cells);
};
for (let at = 0; at < WORKFLOWS; at += 1) {
  add('workflows', { name: `Workflow ${at}`, external_id: `W${at}` });
  add('process_templates', { name: `Template ${at}`, workflow: `Workflow ${at}` });
  add('projects', { name: `Project ${at}`, process_template: `Template ${at}` });
}
for (let at = 0; at < TASKS; at += 1) {
  const project = `Project ${at % WORKFLOWS}`;
  add('tasks', { name: `Task ${at}`, project, status: 'Done', estimated_hours: 1 + (at % 8) });
}
for (let at = 0; at < RUNS; at += 1) {
  const hours = (1 + (at % 7)) / 2;
  add('execution_runs', { run_id: `R${at}`, task: `Task ${at % TASKS}`, actual_hours: hours });
}

const served = await doc.listen();
let calls = 0;
const slow = createServer((incoming, outgoing) => {
  calls += 1;
  const { port } = served;
  const { method, headers, url: path } = incoming;
  setTimeout(() => {
    const through = ask({ host: '127.0.0.1', port, method, path, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
    });
    incoming.pipe(through);
  }, CALL_MS);
});
await new Promise<void>((done) => {
  slow.listen(0, '127.0.0.1', done);
});
try {
  const { bundlePath, bundleBytes } = await buildPackBundle();
  const { port } = slow.address() as AddressInfo;
  const localOrigin = `http://127.0.0.1:${port}`;
  const pack = await createPackRunner({ bundlePath, localOrigin, token: doc.token });
  const before = process.memoryUsage().rss;
  const startMs = performance.now();
  const rows = await pack.sync('Variance', [doc.docId]);
  const seconds = Number(((performance.now() - startMs) / 1_000).toFixed(2));
  const grownMb = Math.round((process.memoryUsage().rss - before) / 1_048_576);
  const size = { workflows: WORKFLOWS, tasks: TASKS, runs: RUNS };
  console.log(
    JSON.stringify({
      bench: 'pack-large',
      ...size,
      rows: rows.length,
      calls,
      callMs: CALL_MS,
      seconds,
      grownMb,
      bundleBytes,
    }),
  );
  if (rows.length !== WORKFLOWS || seconds > BAR_S) process.exitCode = 1;
} finally {
  slow.close();
  slow.closeAllConnections();
  await served.close();
  doc.close();
}
