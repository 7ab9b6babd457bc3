import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import * as fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { FOUNDER_HQ_TABLES } from '#shared/doc/index.ts';
import { createCommand, toCommandRow } from '#shared/ledger/index.ts';
import { createDocFromTables, type LocalDoc } from '#worker/local-doc/index.ts';
import { openSqliteStore, sha256, verifyStore } from '#worker/store/index.ts';
import { type CallStage, type DeadlyServer, serveDeadly } from './deadly-server.ts';

const KILLS = Number(process.env['FOUNDER_HQ_KILLS'] ?? '10');
const SEED = Number(process.env['FOUNDER_HQ_SEED'] ?? '20260302');
const WORKER = resolve('test/crash/crash-worker.ts');
const TASKS = 230;
// Long ago is pruned; every doc of one run gets the same moments.
const PRESSED_AT = Date.now() - 24 * 3_600_000;
const STUDIO_TABLES = ['workflows', 'projects', 'people', 'tasks', 'execution_runs'];

const folder = mkdtempSync(join(tmpdir(), 'founder-hq-crash-'));
afterAll(() => rmSync(folder, { recursive: true }));
const csvFile = join(folder, 'history.csv');
writeFileSync(
  csvFile,
  [
    'task_id,workflow,project,person,estimated_hours,actual_hours,started_on,completed_on',
    ...Array.from({ length: TASKS }, (_, at) => {
      const [workflow, project, person] = [`Audit ${at % 3}`, `Acme ${at % 2}`, `Dana ${at % 2}`];
      return `T${at},${workflow},${project},${person},${at % 5},${at / 4},2026-02-02,2026-02-03`;
    }),
  ].join('\n'),
);

/** A doc with buttons pressed on tasks that are still to come by the import. */
function createPressedDoc(): LocalDoc {
  const doc = createDocFromTables(FOUNDER_HQ_TABLES, { seed: 7 });
  const by = 'dana@example.com';
  const press = (minute: number) => ({ by, atMs: PRESSED_AT + minute * 60_000 });
  const of = (at: number) => ({ task: `T${at}`, person: `Dana ${at % 2}` });
  const commands = [
    ...[0, 1, 2, 3].flatMap((at) => [
      createCommand({ type: 'StartRun', data: of(at), ...press(60 * at) }, sha256),
      createCommand({ type: 'FinishRun', data: of(at), ...press(60 * at + 30) }, sha256),
    ]),
    ...[4, 5, 6].map((at) => {
      const data = { ...of(at), hours: 1.5, day: '2026-03-01', note: 'by hand', entry: 1 };
      return createCommand({ type: 'LogHours', data, ...press(at) }, sha256);
    }),
  ];
  for (const command of commands) {
    doc.person.insertRow('Ledger', { ...toCommandRow(command, command.type) });
  }
  return doc;
}

/** What the doc says in the end; positions in the ledger depend on how the ticks fell, outcomes do not. */
function digestOf(doc: LocalDoc): readonly string[] {
  const studio = STUDIO_TABLES.flatMap((table) =>
    doc.person.readRows(table).map(({ cells }) => `${table} ${JSON.stringify(cells)}`),
  );
  const settled = doc.person.readRows('Ledger').flatMap(({ cells }) => {
    const { kind, type, key, outcome = '' } = cells;
    return kind === 'settled' ? [`${type} ${key} ${outcome.replace(/\d+$/, 'N')}`] : [];
  });
  return [...studio, ...settled].toSorted();
}

function runWorker(doc: LocalDoc, server: DeadlyServer, storeFile: string) {
  server.reset();
  const argv = [WORKER, server.baseUrl, doc.docId, doc.token, csvFile, storeFile];
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', ...argv]);
  let errors = '';
  child.stderr.on('data', (chunk: Buffer) => void (errors += chunk.toString()));
  const ended = once(child, 'close').then(([code]: readonly unknown[]) => ({ code, errors }));
  return { kill: () => child.kill('SIGKILL'), ended };
}

interface Kill {
  /** Which share of a whole run's calls has been made. */
  readonly share: number;
  readonly stage: CallStage;
  readonly delayMs: number;
}

/** Runs the worker and kills it at the given moment; answers where the kill fell, if it came in time. */
async function killWorker(
  scene: { doc: LocalDoc; server: DeadlyServer; storeFile: string },
  at: Kill & { call: number },
): Promise<'unanswered' | 'answered' | 'too-late'> {
  const { doc, server, storeFile } = scene;
  const { kill, ended } = runWorker(doc, server, storeFile);
  let fell: 'unanswered' | 'answered' | 'too-late' = 'too-late';
  const strike = () => {
    const isUnanswered = server.isUnanswered();
    if (kill()) fell = isUnanswered ? 'unanswered' : 'answered';
  };
  server.onStage = (call, stage) => {
    if (call !== at.call || stage !== at.stage) return;
    if (stage === 'answered' && at.delayMs > 0) setTimeout(strike, at.delayMs);
    else strike();
  };
  const { code, errors } = await ended;
  server.onStage = () => {};
  if (code === 0) return 'too-late';
  expect({ code, errors }).toEqual({ code: null, errors: '' });
  return fell;
}

describe(`${KILLS} kills of import and tick`, () => {
  it(
    'lose nothing and double nothing',
    async () => {
      const undisturbed = createPressedDoc();
      let callsOfARun = 0;
      const calm = await serveDeadly(undisturbed.transport);
      calm.onStage = (call) => void (callsOfARun = call);
      const run = runWorker(undisturbed, calm, join(folder, 'calm.db'));
      expect(await run.ended).toEqual({ code: 0, errors: '' });
      await calm.close();
      const wanted = digestOf(undisturbed);
      expect(wanted.filter((line) => line.startsWith('execution_runs'))).toHaveLength(TASKS + 7);
      expect(wanted.filter((line) => line.includes('accepted N'))).toHaveLength(11);

      const kill: fc.Arbitrary<Kill> = fc.record({
        share: fc.double({ min: 0, max: 1, noNaN: true }),
        stage: fc.constantFrom('received', 'carried-out', 'answered', 'answered'),
        delayMs: fc.integer({ min: 0, max: 12 }),
      });
      const fallen = { unanswered: 0, answered: 0, 'too-late': 0 };
      const kills = fc.sample(kill, { numRuns: 4 * KILLS, seed: SEED });
      for (let trial = 0; fallen.unanswered + fallen.answered < KILLS; trial += 1) {
        expect(kills).not.toEqual([]);
        const storeFile = join(folder, `${trial}.db`);
        const doc = createPressedDoc();
        const server = await serveDeadly(doc.transport);
        for (const each of kills.splice(0, 5)) {
          const call = 1 + Math.floor(each.share * callsOfARun);
          fallen[await killWorker({ doc, server, storeFile }, { ...each, call })] += 1;
        }
        const last = runWorker(doc, server, storeFile);
        expect(await last.ended).toEqual({ code: 0, errors: '' });
        await server.close();
        expect(digestOf(doc)).toEqual(wanted);
        const store = await openSqliteStore({ file: storeFile });
        expect(await verifyStore(store)).toMatchObject({ ok: true });
        await store.close();
      }
      console.log(
        `kills between send and answer: ${fallen.unanswered}, between answer and commit: ${fallen.answered}, too late: ${fallen['too-late']}`,
      );
    },
    60_000 + KILLS * 5_000,
  );
});
