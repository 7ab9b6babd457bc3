import { describe, expect, it } from 'vitest';
import { toInstant } from '#shared/kernel/index.ts';
import { type Desk, emptyDesk, evolveRun, trimDesk } from '#shared/ledger/index.ts';
import { at, DAYS, HOURS, log, press, toDesk } from './press.ts';

const isPublished = () => true;
const keyTimes = (desk: Desk) => Object.values(desk.foldedKeys).toSorted((a, b) => a - b);
const hours = (count: number): Desk =>
  toDesk(...Array.from({ length: count }, (_, index) => log(1, index, { entry: index + 1 })));

describe('evolveRun', () => {
  it('leaves the desk alone for a run that is nobody’s work', () => {
    const desk = emptyDesk('desk/dana');
    const event = {
      type: 'run_created',
      at: toInstant(at(0)),
      runId: 'R',
      maxFixLoops: 3,
    } as const;
    expect(evolveRun(desk, { runId: 'R', event })).toBe(desk);
  });

  it('gives a day to a run that was logged and none to one that a clock measured', () => {
    const [clocked] = toDesk(press('StartRun', 'Audit', 0)).runs;
    expect(clocked).not.toHaveProperty('day');
    expect(toDesk(log(1, 0)).runs[0]).toMatchObject({ day: '2026-03-02' });
  });

  it('keeps when the last command was pressed, which a pause for another task is not', () => {
    const desk = toDesk(press('StartRun', 'Audit', 0), press('StartRun', 'Onboard', 600));
    const commandMs = Object.fromEntries(desk.runs.map((run) => [run.task, run.commandMs]));
    expect(commandMs).toEqual({ Audit: at(0), Onboard: at(600) });
  });
});

describe('trimDesk', () => {
  const desk = toDesk(
    press('StartRun', 'Audit', 0),
    press('FinishRun', 'Audit', 60),
    press('StartRun', 'Onboard', 120),
  );
  const tasks = (one: Desk) => one.runs.map(({ task }) => task);

  it('keeps keys and ended runs for a day', () => {
    const kept = trimDesk(desk, at(60 + DAYS), isPublished);
    expect(tasks(kept).toSorted()).toEqual(['Audit', 'Onboard']);
    expect(keyTimes(kept)).toEqual([at(60), at(120)]);
    expect(kept.foldedBeforeMs).toBe(at(60));
  });

  it('forgets them after it, but never an open run', () => {
    const kept = trimDesk(desk, at(121 + DAYS), isPublished);
    expect(tasks(kept)).toEqual(['Onboard']);
    expect(kept.foldedKeys).toEqual({});
  });

  it('keeps an ended run for as long as the doc shows it nowhere else', () => {
    const kept = trimDesk(desk, at(30 * DAYS), () => false);
    expect(tasks(kept).toSorted()).toEqual(['Audit', 'Onboard']);
  });

  it('keeps presses for an hour', () => {
    expect(trimDesk(desk, at(60 + HOURS), isPublished).presses).toHaveLength(2);
  });

  it('never moves the watermark back', () => {
    const later = trimDesk(desk, at(2 * DAYS), isPublished);
    expect(trimDesk(later, at(DAYS), isPublished).foldedBeforeMs).toBe(later.foldedBeforeMs);
  });

  it('names at most 400 keys, the newest, and says from when on', () => {
    const kept = trimDesk(hours(450), at(HOURS), () => true);
    expect(keyTimes(kept)).toEqual(Array.from({ length: 400 }, (_, index) => at(50 + index)));
    expect(kept.foldedBeforeMs).toBe(at(49) + 1);
  });

  it('counts open runs beside the 100 that have ended', () => {
    const logs = Array.from({ length: 110 }, (_, index) => log(1, index, { entry: index + 1 }));
    const open = toDesk(...logs, press('StartRun', 'Onboard', 200));
    const { runs } = trimDesk(open, at(HOURS), isPublished);
    expect(runs.filter(({ run }) => run.endedAt !== undefined)).toHaveLength(100);
    expect(runs.filter(({ task }) => task === 'Onboard')).toHaveLength(1);
  });

  it('keeps the 60 presses that came last', () => {
    const presses = Array.from({ length: 70 }, (_, index) =>
      press(index % 2 === 0 ? 'StartRun' : 'FinishRun', 'Audit', index * 20),
    );
    const kept = trimDesk(toDesk(...presses), at(1_400), isPublished).presses;
    expect(kept.map(({ atMs }) => atMs)).toEqual(presses.slice(10).map(({ atMs }) => atMs));
  });

  it('keeps the 100 ended runs that came last', () => {
    const kept = trimDesk(hours(150), at(HOURS), isPublished);
    expect(kept.runs).toHaveLength(100);
    expect(kept.runs.at(-1)?.run.runId).toBe(hours(150).runs.at(-1)?.run.runId);
  });
});
