import { describe, expect, it } from 'vitest';
import {
  ANCHOR_KEY,
  type Desk,
  emptyDesk,
  fitDesk,
  parseAnchorRow,
  parseStateRow,
  toAnchorRow,
  toStateRow,
  trimDesk,
} from '#shared/ledger/index.ts';
import { at, HOURS, log, press, toDesk } from './press.ts';

const desk = toDesk(
  press('StartRun', 'Audit', 0),
  press('StartRun', 'Onboard', 60, { note: 'n' }),
  log(1, 0),
);

describe('a state row', () => {
  it('reads back as the desk it was written from', () => {
    expect(parseStateRow(toStateRow(desk))).toEqual(desk);
  });

  it('names its desk and comes from the worker', () => {
    expect(toStateRow(desk)).toMatchObject({
      title: 'State · desk/dana',
      kind: 'state',
      key: 'state/desk/dana',
      stream: 'desk/dana',
      type: 'desk',
      at: '',
      by: 'worker',
      outcome: '',
      seq: String(desk.seq),
    });
  });

  it('says in plain words what goes on', () => {
    expect(toStateRow(desk).state.split(', ').toSorted()).toEqual([
      'paused: Audit',
      'running: Onboard',
    ]);
    expect(toStateRow(emptyDesk('desk/lee')).state).toBe('idle');
  });

  it.each([
    { data: '{' },
    { data: '{}' },
    { seq: '99999' },
    { seq: '' },
    { stream: 'desk/lee' },
    { key: 'state/desk/lee' },
    { data: toStateRow(desk).data.replace('"running"', '"dancing"') },
    { data: toStateRow(desk).data.replace('2026-03-02T09:00:00.000Z', 'soon') },
    { data: toStateRow(desk).data.replace('"2026-03-02T09:00:00.000Z"', '5') },
    { data: toStateRow(desk).data.replace('"fixLoops":0', '"fixLoops":-1') },
    { data: toStateRow(desk).data.replace('"fixLoops":0', '"fixLoops":0.5') },
    { data: toStateRow(desk).data.replace('"pausedMs":0', '"pausedMs":1e999') },
  ])('is no state once a hand has written %j', (cells) => {
    expect(parseStateRow({ ...toStateRow(desk), ...cells })).toBeUndefined();
  });

  it('stays below 60 KB with a hundred ended runs and four hundred keys', () => {
    const task = 'Quarterly operations audit of Acme Consolidated Holdings';
    const full = toDesk(
      ...Array.from({ length: 420 }, (_, index) => log(1, index, { task, entry: index + 1 })),
    );
    const row = toStateRow(trimDesk(full, at(HOURS), () => true));
    const { runs, foldedKeys } = parseStateRow(row) ?? emptyDesk('');
    expect([runs.length, Object.keys(foldedKeys).length]).toEqual([100, 400]);
    expect(Buffer.byteLength(row.data)).toBeLessThan(60_000);
  });
});

describe('fitDesk', () => {
  const bytesOf = (one: Desk) => Buffer.byteLength(toStateRow(one).data);
  const lengthy = (index: number) => `${index} ${'ä'.repeat(400)}`;
  const tasksOf = (one: Desk) => one.runs.map(({ task }) => Number(task.split(' ')[0]));
  /** Ended runs with names of 0.8 KB each, and one that is open; the first is the oldest. */
  const crowded = (count: number): Desk => {
    const open = { task: lengthy(0) };
    const made = toDesk(
      press('StartRun', open.task, 0),
      ...Array.from({ length: count }, (_, index) =>
        log(1, 60 + index, { task: lengthy(index + 1), entry: index + 1 }),
      ),
    );
    const runs = made.runs.map((one, index) =>
      one.run.endedAt === undefined ? one : { ...one, commandMs: at(60 + index) },
    );
    return { ...made, runs };
  };

  it('keeps every run of a desk that has the room, in its order, and no notes', () => {
    const fitted = fitDesk(desk);
    expect(fitted.runs.map(({ task }) => task)).toEqual(desk.runs.map(({ task }) => task));
    expect(desk.runs.filter(({ note }) => note !== undefined)).toHaveLength(2);
    for (const one of fitted.runs) expect(one).not.toHaveProperty('note');
    expect({ ...fitted, runs: [] }).toEqual({ ...desk, runs: [] });
  });

  it('keeps the open run and the latest ended ones, as many as a row holds', () => {
    const full = crowded(80);
    const fitted = fitDesk(full);
    const kept = tasksOf(fitted);
    expect(kept).toContain(0);
    const ended = kept.filter((task) => task !== 0);
    expect(ended).toEqual(
      Array.from({ length: ended.length }, (_, place) => 81 - ended.length + place),
    );
    expect(bytesOf(fitted)).toBeLessThanOrEqual(60_000);
    const next = full.runs.find(({ task }) => task === lengthy(80 - ended.length));
    expect(
      bytesOf({ ...fitted, runs: [...fitted.runs, ...(next === undefined ? [] : [next])] }),
    ).toBeGreaterThan(60_000);
  });
});

describe('the anchor row', () => {
  const anchor = { docId: 'doc-1', position: 7, hash: 'f'.repeat(64), epoch: 1 };

  it('reads back', () => {
    expect(toAnchorRow(anchor)).toEqual({
      title: 'State · ledger',
      kind: 'state',
      state: 'anchor',
      key: 'state/ledger',
      stream: 'ledger',
      type: 'ledger',
      at: '',
      by: 'worker',
      data: JSON.stringify(anchor),
      outcome: '',
      seq: '7',
    });
    expect(ANCHOR_KEY).toBe('state/ledger');
    expect(parseAnchorRow(toAnchorRow(anchor))).toEqual(anchor);
  });

  it('is none by another key or with other content', () => {
    expect(parseAnchorRow(toStateRow(desk))).toBeUndefined();
  });

  it.each([
    { key: 'state/desk/dana' },
    { kind: 'settled' },
    { stream: 'desk/dana' },
    { data: '{}' },
    { data: 'x' },
    { data: JSON.stringify({ ...anchor, position: -1 }) },
    { data: JSON.stringify({ ...anchor, epoch: 1.5 }) },
  ])('is none with %j', (cells) => {
    expect(parseAnchorRow({ ...toAnchorRow(anchor), ...cells })).toBeUndefined();
  });
});
