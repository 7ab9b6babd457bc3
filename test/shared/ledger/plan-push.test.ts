import { describe, expect, it } from 'vitest';
import {
  ANCHOR_KEY,
  type PushFacts,
  planPush,
  type Sent,
  toAnchorRow,
  toStateRow,
  type VisibleRow,
  type Write,
} from '#shared/ledger/index.ts';
import { at, DAYS, decide, HOURS, log, MINUTES, press, sha256, toDesk, toRow } from './press.ts';

const start = press('StartRun', 'Audit', 0);
const finish = press('FinishRun', 'Audit', 5);
const { decisions, desks } = decide([start, finish]);
const outcomes = new Map(decisions.map(({ command, outcome }) => [command.key, outcome]));
const anchor = { docId: 'doc-1', position: 5, hash: 'f'.repeat(64), epoch: 1 };
const facts: PushFacts = {
  rows: [],
  desks,
  outcomeOf: (key) => outcomes.get(key),
  isWaiting: () => false,
  isPublished: () => true,
  anchor,
  sent: new Map(),
  nowMs: at(HOURS),
  sha256,
};
const plan = (more: Partial<PushFacts>) => planPush({ ...facts, ...more });
const names = (writes: readonly Write[]) => writes.map(({ kind, id }) => `${kind} ${id}`);
const toSent = (writes: readonly Write[], seconds: number): ReadonlyMap<string, Sent> =>
  new Map(
    writes.map((write) => [
      write.id,
      { cells: write.kind === 'delete' ? {} : write.cells, atMs: at(seconds) },
    ]),
  );
const state = (): VisibleRow => ({ ...toStateRow(toDesk(start, finish)), rowId: 's' });

const asked = [toRow(start), toRow(start), toRow(finish)];
const first = plan({ rows: asked });
/** The rows after all of it was applied. */
const applied: readonly VisibleRow[] = [
  ...asked.map((row) => {
    const write = first.find(({ id }) => id === row.key);
    return { ...row, ...(write?.kind === 'upsert' ? write.cells : {}) };
  }),
  ...first.flatMap((write) =>
    write.kind === 'upsert' && write.cells.kind === 'state'
      ? [{ ...state(), ...write.cells, rowId: write.id }]
      : [],
  ),
];
const sent = toSent(first, HOURS);

describe('planPush', () => {
  it('settles each key once however many rows carry it, with the state row and the anchor', () => {
    expect(names(first)).toEqual([
      `upsert ${start.key}`,
      `upsert ${finish.key}`,
      'upsert state/desk/dana',
      `upsert ${ANCHOR_KEY}`,
    ]);
    expect(first[0]).toMatchObject({
      cells: { key: start.key, kind: 'settled', state: 'done', outcome: 'accepted 3' },
    });
  });

  it('writes nothing once the doc shows it, not even the anchor', () => {
    expect(plan({ rows: applied, sent })).toEqual([]);
    expect(plan({ rows: applied, sent, nowMs: at(10 * HOURS) })).toEqual([]);
  });

  it('sends again what is still missing after apply and lag, and not before', () => {
    expect(plan({ rows: asked, sent, nowMs: at(HOURS + 399) })).toEqual([]);
    expect(names(plan({ rows: asked, sent, nowMs: at(HOURS + 400) }))).toEqual(names(first));
    expect(plan({ rows: asked, sent, nowMs: at(HOURS + 30), visibleAfterMs: 30_000 })).toEqual(
      first,
    );
  });

  it('settles a row that came late', () => {
    const rows = [...applied, toRow(start)];
    expect(names(plan({ rows, sent, nowMs: at(2 * HOURS) }))).toEqual([
      `upsert ${start.key}`,
      `upsert ${ANCHOR_KEY}`,
    ]);
  });

  it.each([
    { outcome: 'refused: BY_HAND – x' },
    { outcome: '' },
    { kind: 'command' },
    { state: '' },
  ])('puts back a settled row in which a hand wrote %j', (cells) => {
    const rows = applied.map((row) => (row.key === start.key ? { ...row, ...cells } : row));
    expect(plan({ rows, sent, nowMs: at(2 * HOURS) })[0]).toEqual(first[0]);
  });

  it.each([{ data: '{}' }, { seq: '99999' }, { kind: 'settled' }])(
    'puts back a state row in which a hand wrote %j, exactly as it was',
    (cells) => {
      const rows = applied.map((row) => (row.kind === 'state' ? { ...row, ...cells } : row));
      const [write] = plan({ rows, sent, nowMs: at(3 * DAYS) }).filter(
        ({ id }) => id === 'state/desk/dana',
      );
      expect(write).toEqual(first[2]);
    },
  );

  it('puts back a state row that was deleted', () => {
    const rows = applied.filter(({ kind }) => kind !== 'state');
    expect(names(plan({ rows, sent, nowMs: at(2 * HOURS) }))).toEqual([
      'upsert state/desk/dana',
      `upsert ${ANCHOR_KEY}`,
    ]);
  });

  it('writes a new state row once the desk has moved on, at once', () => {
    const moved = decide([start, finish, log(1, 60)]);
    const [write] = plan({ rows: applied, sent, desks: moved.desks, nowMs: at(HOURS + 1) });
    expect(write).toMatchObject({ id: 'state/desk/dana', cells: { seq: '9' } });
  });

  it('keeps a run in the state row until the doc shows it elsewhere', () => {
    const late = { rows: applied, nowMs: at(3 * DAYS) };
    const runsOf = ([write]: readonly Write[]) =>
      write?.kind === 'upsert' ? JSON.parse(write.cells.data ?? '{}').runs.length : undefined;
    expect(runsOf(plan({ ...late, rows: [], isPublished: () => false }))).toBe(1);
    expect(runsOf(plan({ ...late, rows: [] }))).toBe(0);
  });

  it('refuses a malformed row by its id, unless its key is on its way', () => {
    const rows = [...applied, { ...toRow(log(1, 60), { data: '{}' }), rowId: 'i-bad' }];
    const [write] = plan({ rows, sent, nowMs: at(2 * HOURS) });
    expect(write).toMatchObject({
      kind: 'edit',
      id: 'edit/i-bad',
      rowId: 'i-bad',
      cells: { kind: 'settled', state: 'not done' },
    });
    expect(write?.kind === 'edit' ? write.cells.outcome : '').toMatch(/^refused: MALFORMED – /);
    expect(plan({ rows, sent, isWaiting: () => true })).toEqual([]);
  });

  it('settles a row whose key is decided by its key, even where its cells were changed', () => {
    const rows = [...applied, { ...toRow(start, { data: '{}' }), rowId: 'i-changed' }];
    expect(names(plan({ rows, sent, nowMs: at(2 * HOURS) }))).toEqual([
      `upsert ${start.key}`,
      `upsert ${ANCHOR_KEY}`,
    ]);
  });

  it('leaves alone a sound row that is not decided yet, however old it is', () => {
    const rows = [...applied, toRow(log(1, 60))];
    expect(plan({ rows, sent })).toEqual([]);
    const isWaiting = (key: string) => key === log(1, 60).key;
    const late = plan({ rows, sent, isWaiting, nowMs: at(15 * DAYS) });
    expect(late.every(({ id }) => id !== `delete/${rows.at(-1)?.rowId}`)).toBe(true);
  });

  it('takes a write from a moment still to come for one that never was', () => {
    const future = toSent(first, HOURS + 1);
    expect(plan({ rows: asked, sent: future, nowMs: at(HOURS + 1) })).toEqual([]);
    expect(names(plan({ rows: asked, sent: future, nowMs: at(HOURS) }))).toEqual(names(first));
  });

  it('deletes a row once, and again only where it has not gone in time', () => {
    const stray = { ...state(), key: 'state/desk/nobody', rowId: 's-stray' };
    const rows = [...applied, stray];
    const [gone] = plan({ rows, sent });
    expect(gone).toMatchObject({ kind: 'delete', rowId: 's-stray' });
    const asWell = new Map([...sent, ['delete/s-stray', { cells: {}, atMs: at(HOURS) }]]);
    expect(plan({ rows, sent: asWell, nowMs: at(HOURS + 399) })).toEqual([]);
    expect(plan({ rows, sent: asWell, nowMs: at(HOURS + 400) })).toEqual([gone]);
  });

  it('deletes settled rows after 14 days, and those whose time cannot be read', () => {
    const rows = applied.map((row) => (row.key === finish.key ? { ...row, at: 'soon' } : row));
    const gone = (seconds: number) =>
      plan({ rows, sent, nowMs: at(seconds) }).flatMap((write) =>
        write.kind === 'delete' ? [write.rowId] : [],
      );
    const [one, double, late] = asked.map(({ rowId }) => rowId);
    expect(gone(14 * DAYS)).toEqual([late]);
    expect(gone(14 * DAYS + 1)).toEqual([one, double, late]);
  });

  it('keeps a command that was settled long after its press until its state row shows', () => {
    const nowMs = at(20 * DAYS);
    const isSwept = (more: Partial<PushFacts>) =>
      plan({ rows: applied, nowMs, ...more }).some(({ kind }) => kind === 'delete');
    expect(isSwept({ sent: toSent(first, 20 * DAYS - 399) })).toBe(false);
    expect(isSwept({ sent: toSent(first, 20 * DAYS - 400) })).toBe(true);
    const stateless = applied.filter(({ kind }) => kind !== 'state');
    expect(isSwept({ sent, rows: stateless })).toBe(false);
  });

  it('deletes doubled state rows once they say the same, and keeps one of them in any order', () => {
    const current = applied.filter(({ key }) => key === 'state/desk/dana');
    const double = current.map((row) => ({ ...row, rowId: 'zz' }));
    const rest = applied.filter((row) => !current.includes(row));
    const writes = plan({ rows: [...rest, ...current, ...double], sent });
    expect(names(writes)).toEqual(['delete delete/zz']);
    expect(plan({ rows: [...double, ...current, ...rest], sent })).toEqual(writes);
    const older = double.map((row) => ({ ...row, ...toStateRow(toDesk(start)) }));
    const rows = [...rest, ...current, ...older];
    expect(names(plan({ rows, sent, nowMs: at(2 * HOURS) }))).toEqual([
      'upsert state/desk/dana',
      `upsert ${ANCHOR_KEY}`,
    ]);
  });

  it('deletes doubled anchors but one, and state rows of no desk', () => {
    const stray = { ...state(), key: 'state/desk/nobody', rowId: 's-stray' };
    const anchors = ['zz-2', 'zz-1'].map((rowId) => ({ ...toAnchorRow(anchor), rowId }));
    const rows = [...applied, stray, ...anchors];
    expect(names(plan({ rows, sent, nowMs: at(HOURS + MINUTES) }))).toEqual([
      'delete delete/s-stray',
      'delete delete/zz-1',
      'delete delete/zz-2',
    ]);
  });
});
