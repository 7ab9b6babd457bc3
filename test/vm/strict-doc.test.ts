import { expect, it } from 'vitest';
import { buildPackBundle, createPackRunner } from '#worker/local-doc/pack-runner/index.ts';
import { createSyncScene } from '../sync-worker/sync/sync-scene.ts';

const HOUR_MS = 3_600_000;

it('gives the worker’s figures and states over a doc as slow, stale and shuffled as it can be', async () => {
  const scene = await createSyncScene({ profile: 'strict', seed: 11 });
  const { doc, add, press, wait, settle, rowOf } = scene;
  add('execution_runs', { run_id: 'R1', task: 'Interview', actual_hours: 1.5 });
  press('StartRun');
  await wait(HOUR_MS);
  press('FinishRun', { note: 'Sent' });
  doc.person.editCell('tasks', rowOf('tasks', 'external_id', 'T1').rowId, { status: 'Done' });
  await wait(HOUR_MS);
  const { variance } = await settle();
  await wait(HOUR_MS);

  const server = await doc.listen();
  const { bundlePath } = await buildPackBundle();
  const localOrigin = new URL(server.baseUrl).origin;
  const pack = await createPackRunner({ bundlePath, localOrigin, token: doc.token });
  const rows = await pack.sync('Variance', [doc.docId]);
  const runs = await pack.sync('Runs', [doc.docId, 9_999]);
  await server.close();

  expect(rows).toMatchObject(
    variance.map(({ typical, total, since, workflow: group, ...row }) => ({
      ...row,
      group,
      ...(typical === null ? {} : { typical }),
      ...(total === null ? {} : { total }),
      ...(since === null ? {} : { since }),
    })),
  );
  expect(variance[0]).toMatchObject({ nTasks: 1, nRuns: 2, actualHours: 2.5, total: 0.25 });
  expect(runs.map((run) => [run['origin'], run['state'], run['hours']])).toEqual(
    expect.arrayContaining([
      ['ledger', 'succeeded', 1],
      ['doc', 'succeeded', 1.5],
    ]),
  );
});
