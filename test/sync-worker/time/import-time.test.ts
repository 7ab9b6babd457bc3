import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  CLOCKIFY,
  CLOCKIFY_SHORT,
  HARVEST,
  HARVEST_COMMA,
  KIMAI,
  KIMAI_COLONS,
  TOGGL,
  TOGGL_NEW,
} from './time-samples.ts';
import { createTimeScene, read } from './time-scene.ts';

const folder = mkdtempSync(join(tmpdir(), 'founder-hq-time-'));
let scene: Awaited<ReturnType<typeof createTimeScene>>;
let count = 0;
beforeEach(async () => {
  count += 1;
  scene = await createTimeScene(join(folder, `${count}.db`));
});
afterEach(() => scene.close());
afterAll(() => rmSync(folder, { recursive: true }));

const sumHours = () =>
  scene.runs().reduce((sum, { cells }) => sum + Number(cells['actual_hours']), 0);

describe.each([
  { tool: 'harvest', text: HARVEST, entries: 4, hours: 6 },
  { tool: 'harvest', text: HARVEST_COMMA, entries: 2, hours: 3.75 },
  { tool: 'toggl', text: TOGGL, entries: 4, hours: 6 },
  { tool: 'toggl', text: TOGGL_NEW, entries: 2, hours: 3.75 },
  { tool: 'clockify', text: CLOCKIFY, entries: 4, hours: 6 },
  { tool: 'clockify', text: CLOCKIFY_SHORT, entries: 2, hours: 3.75 },
  { tool: 'kimai', text: KIMAI, entries: 4, hours: 6 },
  { tool: 'kimai', text: KIMAI_COLONS, entries: 2, hours: 3.75 },
])('an export of $tool with $entries entries', ({ tool, text, entries, hours }) => {
  it('becomes a run an entry, and changes nothing the second time', async () => {
    const reading = await read(text);
    expect([reading.source, reading.refused]).toEqual([tool, []]);
    const first = await scene.bring(reading);
    expect(first).toMatchObject({ unmatched: [], differences: [], sent: entries });
    expect([scene.runs().length, sumHours()]).toEqual([entries, hours]);
    const rows = JSON.stringify(scene.runs());
    const { position } = await scene.store.head();
    const second = await scene.bring(await read(text));
    expect(second).toMatchObject({ sent: 0, gone: [], differences: [] });
    expect(second.runs.map(({ kind }) => kind)).toEqual(Array(entries).fill('same'));
    expect(JSON.stringify(scene.runs())).toBe(rows);
    expect((await scene.store.head()).position).toBe(position);
  });
});

const HEADER = 'Date,Client,Project,Task,Notes,Hours,First Name,Last Name';
const harvest = (...rows: readonly string[]) => read([HEADER, ...rows].join('\n'));
const ROW = '2026-03-02,Acme,Audit Acme,Interviews,calls,1.5,Dana,Reed';
const hoursOf = () => scene.runs().map(({ cells }) => cells['actual_hours']);

describe('importTime', () => {
  it('writes the task, the person, both ends of the clock and the note, which is never a formula', async () => {
    await scene.bring(await read(TOGGL.replace('First call', '=First call')));
    expect(scene.runs()[0]?.cells).toMatchObject({
      run_type: 'Process',
      task: 'Interviews',
      executed_by: 'Dana Reed',
      started_at: '2026-03-02T08:00:00.000Z',
      ended_at: '2026-03-02T09:30:00.000Z',
      outcome_notes: "'=First call",
    });
    expect(scene.runs()[2]?.cells['ended_at']).toBe('2026-03-17T23:45:00.000Z');
    expect(scene.runs()[3]?.cells['task']).toBe('Report');
  });

  it('takes two entries alike for two runs, and leaves them theirs when a third comes before them', async () => {
    await scene.bring(await harvest(ROW, ROW));
    const ids = scene.runs().map(({ cells }) => cells['run_id']);
    const report = await scene.bring(await harvest(ROW, ROW, ROW));
    expect(report).toMatchObject({ sent: 1 });
    const [first, second, ...more] = scene.runs().map(({ cells }) => cells['run_id']);
    expect([[first, second], more.length]).toEqual([ids, 1]);
  });

  it('changes the one run of an entry that was changed, and knows both again', async () => {
    await scene.bring(await harvest(ROW));
    const [before] = scene.runs();
    for (const text of [ROW.replace('calls', 'x'), ROW.replace('1.5', '2').replace('calls', 'x')]) {
      const { runs } = await scene.bring(await harvest(text));
      expect(runs.map(({ kind }) => kind)).toEqual(['changed']);
    }
    expect(scene.runs().map(({ rowId }) => rowId)).toEqual([before?.rowId]);
    expect(scene.runs()[0]?.cells).toMatchObject({ actual_hours: '2', outcome_notes: 'x' });
    const both = await scene.bring(
      await harvest(ROW.replace('1.5', '2').replace('calls', 'x'), ROW),
    );
    expect([both.sent, hoursOf()]).toEqual([1, ['2', '1.5']]);
    const again = await harvest(ROW, ROW.replace('1.5', '2').replace('calls', 'x'));
    expect(await scene.bring(again)).toMatchObject({ sent: 0, gone: [] });
  });

  it('knows an entry with a clock by its start or its end, whatever else has changed', async () => {
    const [head = '', first = ''] = TOGGL.split('\n');
    await scene.bring(await read(`${head}\n${first}`));
    const moved = first.replace('09:00:00', '09:30:00').replace('01:30:00', '01:00:00');
    const shorter = moved.replace('10:30:00', '10:00:00').replace('01:00:00', '00:30:00');
    const elsewhere = shorter.replace('Interviews', 'Report').replace('First call', 'x');
    for (const text of [moved, shorter, elsewhere]) {
      const { sent, gone } = await scene.bring(await read(`${head}\n${text}`));
      expect([sent, gone, scene.runs().length]).toEqual([1, [], 1]);
    }
    expect(scene.runs()[0]?.cells).toMatchObject({ task: 'Report', actual_hours: '0.5' });
  });

  it('takes nothing for changed or gone in a part of a file', async () => {
    await scene.bring(await harvest(ROW));
    const mended = `refused_reason,${HEADER}\nbad,${ROW.replace('1.5', '2')}`;
    const report = await scene.bring(await read(mended));
    expect([report.gone, hoursOf()]).toEqual([[], ['1.5', '2']]);
    expect(await scene.bring(await read(mended))).toMatchObject({ sent: 0 });
  });

  it('names a run whose entry has left the file, and leaves it, but not those of other days', async () => {
    const later = ROW.replace('03-02', '03-09');
    const other = ROW.replace('03-02', '04-09');
    await scene.bring(await harvest(ROW, later, other));
    const report = await scene.bring(await harvest(ROW, ROW.replace('03-02', '03-31')));
    expect(report.gone.map(({ facts }) => facts.day)).toEqual(['2026-03-09']);
    expect(scene.runs()).toHaveLength(4);
  });

  it('leaves what people have changed or deleted, also when the entry changes', async () => {
    await scene.bring(await harvest(ROW, ROW.replace('Interviews', 'Report')));
    const [first, second] = scene.runs();
    scene.doc.person.editCell('execution_runs', first?.rowId ?? '', { actual_hours: 9 });
    scene.doc.person.deleteRow('execution_runs', second?.rowId ?? '');
    const report = await scene.bring(
      await harvest(ROW.replace('1.5', '3'), ROW.replace('Interviews', 'Report')),
    );
    expect(report.runs.map(({ isDeleted }) => isDeleted)).toEqual([false, true]);
    expect(report.differences).toMatchObject([{ kind: 'changed', message: /actual_hours is `9`/ }]);
    expect(hoursOf()).toEqual(['9']);
  });

  it('names entries of no known task or person with the nearest name, and guesses nothing', async () => {
    const report = await scene.bring(
      await harvest(
        ROW.replace('Interviews', 'Interview'),
        ROW.replace('Dana', 'Dan'),
        ROW.replace('Audit Acme', 'Audit Zeta'),
      ),
    );
    expect(report.unmatched.map(({ reason }) => reason)).toEqual([
      'no task is called `Interview`; the nearest is `Interviews`',
      'nobody is called `Dan Reed`; the nearest is `Dana Reed`',
      'the task `Interviews` is in the project `Audit Acme` and the file has it in `Audit Zeta`; --any-project takes it by its name alone',
    ]);
    expect(scene.runs()).toEqual([]);
    const any = await harvest(ROW.replace('Audit Acme', 'Audit Zeta'));
    expect(await scene.bring(any, { isAnyProject: true })).toMatchObject({ sent: 1 });
  });

  it('keeps the task of a run whose task was renamed in the doc', async () => {
    await scene.bring(await harvest(ROW));
    const [task] = scene.doc.person.readRows('tasks');
    scene.doc.person.editCell('tasks', task?.rowId ?? '', { name: 'Talks' });
    expect(await scene.bring(await harvest(ROW))).toMatchObject({ sent: 0, unmatched: [] });
  });

  it('says which tasks have no estimate, and adds tasks of a list with theirs', async () => {
    const onReport = ROW.replace('Interviews', 'Report');
    const first = await scene.bring(await harvest(ROW, onReport));
    expect([first.taskCount, first.withoutEstimate]).toEqual([2, ['Report']]);
    const listedTasks = [
      { taskId: 'T-2', name: 'Report', project: 'Audit Acme', estimateHours: 3 },
      { taskId: 'T-3', name: 'Slides', project: 'Audit Acme', estimateHours: 1 },
      { taskId: 'I', name: 'Interviews', project: undefined, estimateHours: 7 },
    ];
    const onSlides = ROW.replace('Interviews', 'Slides');
    const second = await scene.bring(await harvest(ROW, onReport, onSlides), { listedTasks });
    expect(second).toMatchObject({ tasksSent: 2, sent: 1, withoutEstimate: [] });
    expect(await scene.bring(await harvest(onSlides), { listedTasks })).toMatchObject({
      tasksSent: 0,
    });
    expect(scene.doc.person.readRows('tasks').map(({ cells }) => cells['estimated_hours'])).toEqual(
      ['2', '3', '1'],
    );
  });

  it('sends nothing in a dry run and plans the same', async () => {
    const report = await scene.bring(await harvest(ROW), { isDryRun: true });
    expect(report.runs).toMatchObject([{ kind: 'new' }]);
    expect(scene.runs()).toEqual([]);
  });

  it('names entries of one person that overlap', async () => {
    const report = await scene.bring(
      await read(TOGGL.replace('11:00:00,2026-03-02,12:30:00', '10:00:00,2026-03-02,11:30:00')),
    );
    expect(report.overlaps).toEqual([{ line: 3, otherLine: 2 }]);
  });
});
