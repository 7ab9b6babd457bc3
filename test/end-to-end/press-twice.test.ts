import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { FOUNDER_HQ_TABLES } from '#shared/doc/index.ts';
import { createDocFromTables } from '#worker/local-doc/index.ts';
import { buildPackBundle, createPackRunner } from '#worker/local-doc/pack-runner/index.ts';
import { useFolder } from './founder-hq.ts';

const DAY_MS = 86_400_000;
/** What a founder reads of a run; hours of an open one grow while the test runs. */
const SHOWN = ['runId', 'task', 'person', 'state', 'startedAt', 'endedAt', 'day', 'note', 'origin'];
const folder = useFolder();
let bundlePath: string;
beforeAll(async () => {
  ({ bundlePath } = await buildPackBundle());
});

/** A served doc with two tasks, and the built Pack connected to it. */
async function createScene() {
  const doc = createDocFromTables(FOUNDER_HQ_TABLES, {
    people: [{ name: 'Dana', email: 'dana@studio.example' }],
  });
  const server = await doc.listen();
  onTestFinished(async () => {
    await server.close();
    doc.close();
  });
  const { docId, token, person } = doc;
  folder.announce({ baseUrl: server.baseUrl, docId, token });
  person.insertRow('people', { name: 'Dana', email: 'dana@studio.example' });
  for (const name of ['Interview', 'Report']) {
    person.insertRow('tasks', { name, external_id: name, estimated_hours: 2 });
  }
  const pack = await createPackRunner({
    bundlePath,
    localOrigin: new URL(server.baseUrl).origin,
    token,
  });
  const press = (name: string, ...more: readonly (string | number | Date)[]) =>
    pack.formula(name, [docId, ...more]);
  const readRuns = async () =>
    (await pack.sync('Runs', [docId])).map((run) =>
      Object.fromEntries(SHOWN.map((name) => [name, run[name]])),
    );
  const outcomes = () =>
    person
      .readRows('Ledger')
      .filter(({ cells }) => cells['kind'] !== 'state')
      .map(({ cells }) => `${cells['type']} ${cells['outcome']?.split(' ')[0]}`);
  return { doc, press, readRuns, outcomes };
}

describe('buttons of the built Pack', () => {
  it('show the same states without a worker as after its tick', async () => {
    const { doc, press, readRuns, outcomes } = await createScene();
    await press('StartRun', 'Interview');
    await press('StartRun', 'Report');
    await press('PauseRun', 'Report');
    await press('ResumeRun', 'Report');
    await press('FinishRun', 'Report', '', 'Sent');
    await press('LogHours', 'Interview', 1.5, new Date(Date.now() - DAY_MS), 'by hand');
    const alone = await readRuns();
    expect(alone.map(({ task, state }) => `${String(task)} ${String(state)}`).toSorted()).toEqual([
      'Interview paused',
      'Interview succeeded',
      'Report succeeded',
    ]);
    expect(doc.person.readRows('execution_runs')).toEqual([]);
    expect(await folder.run('sync')).toMatchObject({ code: 0 });
    expect(new Set(outcomes().map((outcome) => outcome.split(' ')[1]))).toEqual(
      new Set(['accepted']),
    );
    expect(doc.person.readRows('execution_runs')).toHaveLength(3);
    const sorted = (runs: typeof alone) => runs.map((run) => JSON.stringify(run)).toSorted();
    expect(sorted(await readRuns())).toEqual(sorted(alone));
  });

  it('pressed twice are one effect: one run, one row, and the second says the same', async () => {
    const { doc, press, readRuns, outcomes } = await createScene();
    await press('StartRun', 'Interview');
    await press('StartRun', 'Interview');
    expect(await readRuns()).toMatchObject([{ task: 'Interview', state: 'running' }]);
    await folder.run('sync');
    expect(outcomes()).toEqual(['StartRun accepted', 'StartRun same']);
    expect(doc.person.readRows('execution_runs')).toMatchObject([
      { cells: { task: 'Interview', executed_by: 'Dana' } },
    ]);
    expect(await readRuns()).toMatchObject([{ task: 'Interview', state: 'running' }]);
  });

  it('name what a finish waits for, before and after the worker has looked', async () => {
    const { doc, press, readRuns } = await createScene();
    const { person } = doc;
    person.insertRow('projects', {
      name: 'Acme',
      required_gates: 'client approval; deliverable linked',
    });
    person.insertRow('tasks', { name: 'Audit', external_id: 'Audit', project: 'Acme' });
    await press('StartRun', 'Audit');
    await folder.run('sync');
    const waits = 'Its hours count; it is done once the worker sees: client approval';
    expect(await press('FinishRun', 'Audit')).toMatch(
      new RegExp(`Now validating, 0\\.00 h\\. ${waits}; deliverable linked\\.$`),
    );
    await folder.run('sync');
    expect(await readRuns()).toMatchObject([{ task: 'Audit', state: 'validating' }]);
    person.insertRow('deliverables', { name: 'Deck', project: 'Acme', link: 'https://x.example' });
    expect(await press('FinishRun', 'Audit')).toMatch(
      new RegExp(`Already validating, 0\\.00 h\\. ${waits}\\.$`),
    );
  });
});
