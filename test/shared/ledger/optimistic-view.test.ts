import { describe, expect, it } from 'vitest';
import { toInstant } from '#shared/kernel/index.ts';
import {
  type Command,
  type Desk,
  formatOutcome,
  optimisticView,
  toAnchorRow,
  toRunId,
  toStateRow,
  trimDesk,
  type VisibleRow,
} from '#shared/ledger/index.ts';
import { at, DAYS, decide, HOURS, log, MINUTES, press, sha256, toRow } from './press.ts';

const start = press('StartRun', 'Audit', 0);
const finish = press('FinishRun', 'Audit', 5);
const view = (rows: readonly VisibleRow[], seconds = HOURS) =>
  optimisticView(rows, { docId: 'doc-1', nowMs: at(seconds), sha256 });
const shown = (rows: readonly VisibleRow[], seconds = HOURS) =>
  view(rows, seconds).runs.map(
    ({ task, state, netMs, isPending }) =>
      `${task} ${state} ${netMs / 1_000} s${isPending ? ' pending' : ''}`,
  );
const told = (rows: readonly VisibleRow[], seconds = HOURS) =>
  view(rows, seconds).commands.map(({ status, outcome }) => `${status} ${outcome}`.trim());

const stateRow = (desk: Desk): VisibleRow => ({ ...toStateRow(desk), rowId: `s-${desk.seq}` });
/** Rows as the worker leaves them once the commands are decided, and Dana's desk after all of them. */
function settle(...commands: readonly Command[]): {
  rows: readonly VisibleRow[];
  state: VisibleRow;
} {
  const { decisions, desks } = decide(commands);
  const rows = decisions.map(({ command, outcome }) =>
    toRow(command, { kind: 'settled', outcome: formatOutcome(outcome) }),
  );
  const desk = desks.get('desk/dana');
  if (desk === undefined) throw new Error('nothing was decided');
  return { rows, state: stateRow(desk) };
}

describe('without a worker', () => {
  it('plays the commands themselves, in the order of the presses', () => {
    expect(shown([toRow(finish), toRow(start)])).toEqual(['Audit succeeded 5 s pending']);
    expect(view([toRow(start)]).mode).toBe('pack_only');
  });

  it('counts a doubled row, and the same hours again, once', () => {
    const rows = [toRow(log(2, 0)), toRow(log(2, 0)), toRow(log(2, 600, { by: 'lee' }))];
    expect(shown(rows)).toEqual(['Audit succeeded 7200 s pending']);
    expect(told(rows)).toHaveLength(1);
    const again = [...rows, toRow(log(2, 0, { entry: 2 }))];
    expect(shown(again)).toHaveLength(2);
  });

  it('answers after 15 minutes what it sees, and never that it is refused', () => {
    const rows = [start, press('StartRun', 'Audit', 5), press('StartRun', 'Audit', 60)];
    const finishes = [press('FinishRun', 'Audit', 120), press('FinishRun', 'Audit', 180)];
    const all = [...rows, ...finishes].map((command) => toRow(command));
    expect(told(all, 14 * MINUTES)).toEqual(Array(5).fill('pending'));
    expect(told(all)).toEqual([
      'settled done',
      'settled same press',
      'settled already so',
      'settled done',
      'settled without effect: FINAL_STATE – the run ended 2026-03-02T09:02:00.000Z',
    ]);
  });

  it('says of a double of a press without effect that it is the same press', () => {
    const rows = [press('PauseRun', 'Audit', 0), press('PauseRun', 'Audit', 4)];
    expect(told(rows.map((command) => toRow(command)))).toEqual([
      'settled without effect: NO_OPEN_RUN – no run of this task was open then',
      'settled same press',
    ]);
  });

  it('waits with a press from a moment still to come, and lets it pause nothing', () => {
    const ahead = press('StartRun', 'Onboard', 2 * HOURS);
    const rows = [toRow(start), toRow(ahead)];
    expect(shown(rows)).toEqual(['Audit running 3600 s pending']);
    expect(told(rows)).toEqual(['settled done', 'pending']);
    expect(shown(rows, 3 * HOURS)).toEqual([
      'Onboard running 3600 s pending',
      'Audit paused 7200 s pending',
    ]);
  });

  it('answers at 15 minutes and not before', () => {
    expect(told([toRow(start)], 15 * MINUTES - 0.001)).toEqual(['pending']);
    expect(told([toRow(start)], 15 * MINUTES)).toEqual(['settled done']);
  });

  it('takes no word for an outcome that was written beside a command', () => {
    const row = toRow(start, { outcome: 'accepted 9' });
    expect(view([row], MINUTES).commands).toMatchObject([{ status: 'pending', outcome: '' }]);
    expect(view([toRow(start, { kind: 'settled' })]).commands).toEqual([]);
  });

  it('leaves out rows that are no commands or were changed by hand', () => {
    expect(view([toRow(start, { kind: 'note' }), toRow(start, { data: '{}' })])).toEqual({
      mode: 'pack_only',
      runs: [],
      commands: [],
    });
  });

  it('is not taken for a worker’s doc because somebody wrote settled into a cell', () => {
    expect(view([toRow(start, { kind: 'settled', outcome: 'done by me' })]).mode).toBe('pack_only');
    expect(view([toRow(start, { kind: 'state' })]).mode).toBe('pack_only');
  });
});

describe('with a worker', () => {
  it('shows the state row as it is, with what was asked since played on top', () => {
    const { rows, state } = settle(start);
    expect(shown([...rows, state])).toEqual(['Audit running 3600 s']);
    expect(shown([...rows, state, toRow(finish)])).toEqual(['Audit succeeded 5 s pending']);
    expect(told([...rows, state, toRow(finish)])).toEqual(['settled accepted 3', 'pending']);
  });

  it('does not play a folded command again while its row still says asked', () => {
    const { state } = settle(start, finish, log(2, 0));
    const rows = [toRow(start), toRow(finish), toRow(log(2, 0))];
    expect(shown([...rows, state]).toSorted()).toEqual([
      'Audit succeeded 5 s',
      'Audit succeeded 7200 s',
    ]);
    expect(told([...rows, state])).toEqual([]);
  });

  it('plays what is accepted, though it was pressed by a clock that is ahead of the reader’s', () => {
    const { rows } = settle(press('StartRun', 'Audit', 2 * HOURS));
    expect(shown(rows)).toEqual(['Audit running 0 s pending']);
  });

  it('plays what is accepted beyond the state row, which a torn reading may show older', () => {
    const old = settle(start);
    const { rows } = settle(start, finish);
    expect(shown([...rows, old.state])).toEqual(['Audit succeeded 5 s pending']);
    expect(shown([...rows, settle(start, finish).state])).toEqual(['Audit succeeded 5 s']);
  });

  it('lets a double stand for the press whose row a torn reading lacks', () => {
    const [, double] = settle(start, press('StartRun', 'Audit', 4)).rows;
    const lee = stateRow(emptyLee());
    expect(double?.outcome).toBe('same as 3');
    expect(shown([lee, ...(double === undefined ? [] : [double])])).toEqual([
      'Audit running 3596 s pending',
    ]);
  });

  it('goes by the newest of doubled state rows, and by none that cannot be read', () => {
    const [old, now] = [settle(start).state, settle(start, finish).state];
    expect(shown([now, old])).toEqual(['Audit succeeded 5 s']);
    expect(shown([old, now])).toEqual(['Audit succeeded 5 s']);
    expect(shown([old, { ...now, seq: '999' }])).toEqual(['Audit running 3600 s']);
  });

  it('lets the settled one of doubled rows speak, in any order', () => {
    const { rows, state } = settle(start);
    for (const doubled of [
      [...rows, toRow(start)],
      [toRow(start), ...rows],
    ]) {
      expect(told([...doubled, state])).toEqual(['settled accepted 3']);
    }
  });

  it('shows a refused command, and one a hand has settled, without playing it', () => {
    const { state } = settle(start);
    const refused = toRow(finish, { kind: 'settled', outcome: 'refused: FINAL_STATE – x' });
    const byHand = toRow(finish, { kind: 'settled', outcome: 'never mind' });
    expect(shown([state, refused])).toEqual(['Audit running 3600 s']);
    expect(shown([state, byHand])).toEqual(['Audit running 3600 s']);
    expect(told([state, refused])).toEqual(['settled refused: FINAL_STATE – x']);
  });

  it('shows as late and does not count what may have been forgotten', () => {
    const desk = decide([start]).desks.get('desk/dana');
    const trimmed = trimDesk(desk ?? emptyLee(), at(2 * DAYS), () => true);
    const rows = [stateRow(trimmed), toRow(log(3, HOURS))];
    expect(told(rows, 2 * DAYS)).toEqual(['late']);
    expect(shown(rows, 2 * DAYS)).toHaveLength(1);
  });

  it('does not play again what the state row held and has forgotten', () => {
    const { rows } = settle(log(3, HOURS));
    const desk = decide([log(3, HOURS)]).desks.get('desk/dana') ?? emptyLee();
    const forgetful = stateRow(trimDesk(desk, at(3 * DAYS), () => true));
    expect(shown([...rows, forgetful], 3 * DAYS)).toEqual([]);
  });

  it('tells how long the oldest undecided command has waited', () => {
    const { state } = settle(start);
    const pause = press('PauseRun', 'Audit', 60);
    expect(view([state, toRow(press('PauseRun', 'Audit', 90)), toRow(pause)]).oldestPendingMs).toBe(
      pause.atMs,
    );
    expect(view([state]).oldestPendingMs).toBeUndefined();
    const settled = settle(start);
    const both = view([...settled.rows, settled.state, toRow(pause)]);
    expect(both.commands.map(({ status }) => status)).toEqual(['settled', 'pending']);
    expect(both.oldestPendingMs).toBe(pause.atMs);
  });

  it('takes the worker for late over costs and gates too, once there is one', () => {
    const { state } = settle(start);
    const pause = toRow(press('PauseRun', 'Audit', 60));
    const cost = { ...pause, type: 'RecordCost', key: 'C', at: toInstant(at(30)) };
    const oldest = (...rows: readonly VisibleRow[]) => view(rows).oldestPendingMs;
    expect(oldest(state, pause, cost)).toBe(at(30));
    expect(
      oldest(state, cost, { ...cost, kind: 'settled', outcome: 'accepted 7' }),
    ).toBeUndefined();
    expect(oldest(state, { ...cost, at: 'today' })).toBeUndefined();
    expect(oldest(cost)).toBeUndefined();
  });

  it('shows a run that has not begun as begun at no time', () => {
    const { state } = settle(start);
    const desk: Desk = JSON.parse(state.data);
    const runs = desk.runs.map((one) => {
      const { startedAt: _, ...run } = one.run;
      return { ...one, run: { ...run, state: 'queued' as const } };
    });
    expect(view([stateRow({ ...desk, runs })]).runs).toMatchObject([
      { state: 'queued', startedAtMs: 0, netMs: 0 },
    ]);
  });

  it('carries day and note of a run', () => {
    const noted = press('StartRun', 'Audit', 0, { note: 'kick-off' });
    expect(view([toRow(log(1, 60)), toRow(noted)]).runs).toEqual([
      expect.objectContaining({ note: 'kick-off', startedAtMs: at(0) }),
      expect.objectContaining({ note: 'call', day: '2026-03-02', startedAtMs: at(-9 * HOURS) }),
    ]);
  });

  it('says of a run only what it has: an end once it has ended', () => {
    const { state } = settle(start);
    const runId = toRunId(start.key, sha256);
    const facts = { runId, deskId: 'desk/dana', task: 'Audit', startedAtMs: at(0) };
    expect(view([state]).runs).toStrictEqual([
      { ...facts, state: 'running', netMs: HOURS * 1_000, isPending: false },
    ]);
    expect(view([settle(start, finish).state]).runs).toStrictEqual([
      { ...facts, state: 'succeeded', endedAtMs: at(5), netMs: 5_000, isPending: false },
    ]);
  });
});

describe('in a copied doc', () => {
  it('believes no row, since the anchor names another doc', () => {
    const anchor = { docId: 'doc-0', position: 3, hash: '', epoch: 1 };
    const rows = [...settle(start).rows, { ...toAnchorRow(anchor), rowId: 'a' }, toRow(finish)];
    expect(view(rows)).toEqual({ mode: 'copied', runs: [], commands: [] });
    expect(optimisticView(rows, { nowMs: at(0), sha256 }).mode).toBe('worker');
    const own = { docId: 'doc-0', nowMs: at(0), sha256 };
    expect(optimisticView(rows, own)).toMatchObject({ mode: 'worker', runs: [{ task: 'Audit' }] });
  });
});

function emptyLee(): Desk {
  return { deskId: 'desk/lee', seq: 1, runs: [], presses: [], foldedKeys: {}, foldedBeforeMs: 0 };
}
