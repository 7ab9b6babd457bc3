import { describe, expect, it } from 'vitest';
import {
  bearTask,
  countParts,
  countTasks,
  listParts,
  rebuildDocuments,
} from '#shared/ledger/index.ts';
import { createRecordDesk } from './record-desk.ts';
import * as scene from './work-scene.ts';
import { births, start, toLaterSteps } from './work-steps.ts';

const { asked, idOf, sha256 } = scene;
const NOTHING = {
  stepAttempts: 0,
  patchesCreated: 0,
  patchesApplied: 0,
  errors: 0,
  tasksTotal: 0,
  tasksCompleted: 0,
  tasksFailed: 0,
  tasksCanceled: 0,
};

/** The run of the scene after its start and those of the later steps that are of these types. */
function deskAfter(...types: readonly string[]) {
  const desk = createRecordDesk();
  desk.run(...births);
  desk.run(...start);
  for (const type of types) {
    const steps = toLaterSteps().filter(
      ({ entity, command }) => `${entity} ${command.type}` === type,
    );
    expect(desk.run(...steps)).toBeUndefined();
  }
  return desk;
}
const countsOf = (desk: ReturnType<typeof deskAfter>) =>
  countParts(idOf('R'), listParts(desk.books));

describe('countParts', () => {
  it('counts nothing of a run that has no parts yet', () => {
    const desk = createRecordDesk();
    desk.run(...births.slice(0, 1));
    expect(countsOf(desk)).toEqual({ counters: NOTHING, failedWorkstreams: 0 });
  });

  it('counts attempts, tasks and patches, and of these the applied ones', () => {
    const made = ['patch create', 'patch validate', 'patch enqueue'];
    const one = { ...NOTHING, stepAttempts: 1, tasksTotal: 1, patchesCreated: 1 };
    expect(countsOf(deskAfter(...made))).toEqual({ counters: one, failedWorkstreams: 0 });
    const applied = deskAfter(...made, 'patch apply', 'patch quarantine');
    // It stays applied once, whatever becomes of it.
    expect(countsOf(applied)).toMatchObject({ counters: { ...one, patchesApplied: 1 } });
  });

  it('counts an error that a task and its attempt name once', () => {
    const failed = deskAfter('step fail', 'task fail', 'workstream fail');
    expect(countsOf(failed)).toEqual({
      counters: { ...NOTHING, stepAttempts: 1, tasksTotal: 1, tasksFailed: 1, errors: 1 },
      failedWorkstreams: 1,
    });
  });

  it('counts each task where it ended', () => {
    const desk = deskAfter();
    const task = (name: string) => scene.task(name, { run: 'R', workstream: 'W' });
    const cancel = { ...asked(5), type: 'cancel', reason: 'client left' } as const;
    desk.run(
      bearTask(task('T2'), asked(4)),
      bearTask(task('T3'), asked(4)),
      { entity: 'task', id: idOf('T2'), command: cancel },
      ...toLaterSteps().filter(({ command }) => command.type === 'submit'),
      ...toLaterSteps().filter(
        ({ entity, command }) => entity === 'task' && command.type === 'complete',
      ),
    );
    expect(countsOf(desk)).toMatchObject({
      counters: { tasksTotal: 3, tasksCompleted: 1, tasksCanceled: 1, tasksFailed: 0 },
    });
    const parts = listParts(desk.books);
    expect(countTasks(idOf('W'), parts)).toMatchObject({ total: 3, completed: 1, canceled: 1 });
  });

  it('counts nothing of another run', () => {
    expect(countParts('another', listParts(deskAfter().books))).toEqual({
      counters: NOTHING,
      failedWorkstreams: 0,
    });
  });
});

describe('countTasks', () => {
  const counts = { total: 1, completed: 0, failed: 0, canceled: 0, blocked: 0 };
  const tasksOf = (desk: ReturnType<typeof deskAfter>, id = idOf('W')) =>
    countTasks(id, listParts(desk.books));

  it('counts the tasks of a workstream by where they stand', () => {
    expect(tasksOf(deskAfter())).toEqual(counts);
    expect(tasksOf(deskAfter('task fail'))).toEqual({ ...counts, failed: 1 });
    const canceled = deskAfter();
    const command = { ...asked(9), type: 'cancel', reason: 'client left' } as const;
    canceled.run({ entity: 'task', id: idOf('T'), command });
    expect(tasksOf(canceled)).toEqual({ ...counts, canceled: 1 });
    expect(tasksOf(deskAfter(), 'another')).toEqual({ ...counts, total: 0 });
  });
});

describe('listParts', () => {
  it('leaves out an entity whose birth told nothing of where it belongs', () => {
    const { envelopes } = deskAfter();
    const strangers = envelopes.map((event) =>
      event.stream.startsWith('task/') ? { ...event, payload: {} } : event,
    );
    const run = rebuildDocuments(strangers, sha256).find(({ table }) => table === 'runs');
    expect(run?.document).toMatchObject({ counters: { tasksTotal: 0, stepAttempts: 1 } });
  });
});
