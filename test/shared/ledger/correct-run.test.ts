import { describe, expect, it } from 'vitest';
import { toInstant } from '#shared/kernel/index.ts';
import {
  applyDecision,
  type CorrectionCommand,
  type CorrectionData,
  createCommand,
  type DeskFacts,
  type DeskRun,
  decideInbox,
  decideOnDesk,
  optimisticView,
  parseCommandRow,
  parseStateRow,
  toRunId,
  toStateRow,
  trimDesk,
} from '#shared/ledger/index.ts';
import { at, DAYS, decide, HOURS, log, press, sha256, toDesk, toRow } from './press.ts';

const START = press('StartRun', 'Audit', 0);
const FINISH = press('FinishRun', 'Audit', HOURS);
const RUN = toRunId(START.key, sha256);
const LOG = log(3, 0);
const LOGGED = toRunId(LOG.key, sha256);
const moment = (seconds: number) => toInstant(at(seconds));

function correct(
  said: Partial<CorrectionData> = {},
  seconds = 2 * HOURS,
  by = 'lee',
): CorrectionCommand {
  const data = { run: RUN, reason: 'forgot', ...said };
  return createCommand({ type: 'CorrectRun', atMs: at(seconds), by, data } as const, sha256);
}

const judge = (command: CorrectionCommand, desk = toDesk(START, FINISH, LOG), facts = {}) =>
  decideOnDesk(command, desk, { sha256, ...facts } satisfies DeskFacts);
const find = (runs: readonly DeskRun[], id = RUN) => runs.find(({ run }) => run.runId === id);
const END = { end: moment(HOURS / 2) };

describe('a correction on a desk', () => {
  it('is decided for the desk of the run it names, whoever asks', () => {
    const { outcomes, desks, decisions } = decide([START, FINISH, correct({ ...END })]);
    expect(outcomes.at(-1)).toBe('CorrectRun undefined: accepted');
    expect(decisions.at(-1)?.deskId).toBe('desk/dana');
    expect([...desks.keys()]).toEqual(['desk/dana']);
    const run = find(desks.get('desk/dana')?.runs ?? [])?.run;
    expect(run?.corrected).toEqual({
      at: moment(2 * HOURS),
      startedAt: moment(0),
      over: { endedAt: moment(HOURS / 2), pausedMs: 0 },
    });
  });

  it('asks the run for what is in its data', () => {
    const said = {
      start: moment(-HOURS),
      end: moment(HOURS),
      interruptionHours: 0.5,
      task: 'Report',
    };
    expect(judge(correct(said))).toMatchObject({
      kind: 'accept',
      runId: RUN,
      events: [
        {
          runId: RUN,
          event: {
            type: 'run_corrected',
            reason: 'forgot',
            work: {
              startedAt: moment(-HOURS),
              over: { endedAt: moment(HOURS), pausedMs: 1_800_000 },
            },
            interruptionMs: 1_800_000,
            task: { from: 'Audit', to: 'Report' },
          },
        },
      ],
    });
  });

  it('gives the run its task, which presses then find it by', () => {
    const desk = toDesk(START, correct({ task: 'Report' }, 60));
    expect(find(desk.runs)?.task).toBe('Report');
    expect(find(toDesk(START, correct({ start: moment(-60) }, 60)).runs)?.task).toBe('Audit');
    const { outcomes } = decide([
      START,
      correct({ task: 'Report' }, 60),
      press('FinishRun', 'Audit', 120),
      press('FinishRun', 'Report', 180),
    ]);
    expect(outcomes.slice(2)).toEqual([
      'FinishRun Audit: refused NO_OPEN_RUN',
      'FinishRun Report: accepted',
    ]);
  });

  // biome-ignore format: one case a line
  it.each<[string, Partial<CorrectionData>, string]>([
    ['RUN_UNKNOWN', { run: 'nobody' }, 'copy its id from Runs'],
    ['DAY_LOGGED', { run: LOGGED, start: moment(0) }, 'give interruptionHours alone'],
    ['DAY_LOGGED', { run: LOGGED, end: moment(0) }, 'give interruptionHours alone'],
    ['TASK_UNKNOWN', { task: 'of another doc' }, 'name a task of this doc'],
    ['IN_THE_FUTURE', { end: moment(3 * HOURS) }, 'give a time that is past'],
    ['END_BEFORE_START', { end: moment(-1) }, 'give both anew'],
    ['INTERRUPTION_TOO_LONG', { interruptionHours: 1.01 }, 'give fewer interruptionHours'],
    ['REASON_REQUIRED', { reason: ' ' }, 'press again'],
  ])('is refused as %s with the next step', (code, said, reason) => {
    const knowsTask = (task: string) => task !== 'of another doc';
    const verdict = { kind: 'inapplicable', code, reason };
    expect(judge(correct(said), toDesk(START, FINISH, LOG), { knowsTask })).toEqual(verdict);
  });

  it('of an open run waits for its end, and takes any task where nobody knows the doc', () => {
    expect(judge(correct(END, 60), toDesk(START))).toEqual({
      kind: 'inapplicable',
      code: 'RUN_OPEN',
      reason: 'finish the run first',
    });
    expect(judge(correct({ task: 'of another doc' })).kind).toBe('accept');
  });

  it('takes hours out of those that were logged', () => {
    const desk = toDesk(LOG, correct({ run: LOGGED, interruptionHours: 1 }));
    const [run] = optimisticView([toStateRow(desk)], {
      nowMs: at(DAYS),
      sha256,
    }).runs;
    expect(run).toMatchObject({ day: '2026-03-02', netMs: 7_200_000, isCorrected: true });
  });

  it('is of what had begun by then, but hours of a day are over whenever they are spoken of', () => {
    expect(judge(correct(END, -60))).toMatchObject({ code: 'RUN_UNKNOWN' });
    const early = correct({ run: LOGGED, interruptionHours: 1 }, -DAYS);
    expect(judge(early)).toMatchObject({ kind: 'accept', runId: LOGGED });
  });

  it('that says what is held changes nothing, and an earlier one is superseded', () => {
    const desk = toDesk(START, FINISH, correct(END, 3 * HOURS));
    expect(judge(correct(END, 3 * HOURS + 5), desk)).toEqual({ kind: 'already_so' });
    expect(judge(correct({ interruptionHours: 0.1 }, 2 * HOURS), desk)).toEqual({
      kind: 'superseded',
    });
    expect(judge(correct({ interruptionHours: 0.1 }, 3 * HOURS), desk).kind).toBe('accept');
  });

  it('leaves no press behind that a double could be known by', () => {
    const desk = toDesk(START, FINISH, correct(END));
    expect(desk.presses.map(({ type }) => type)).toEqual(['StartRun', 'FinishRun']);
  });

  it('waits for the start it is about, and is held as the presses before it are', () => {
    const waiting = decide([correct({}, 60)], { seconds: 120 });
    expect(waiting.decisions).toEqual([]);
    const held = decideInbox({
      waiting: [START, correct({ start: moment(-60) }, 5)].map((command) => ({
        command,
        firstSeenMs: at(20),
      })),
      desks: new Map(),
      headPosition: 0,
      nowMs: at(30),
      sha256,
    });
    expect(held.decisions).toEqual([]);
    const [late] = decide([correct({ run: 'nobody' })]).decisions;
    expect(late).toMatchObject({ deskId: 'desk/lee', outcome: { code: 'RUN_UNKNOWN' } });
  });

  it('brings a run back to its desk that had left it, and only where it is accepted', () => {
    const desk = toDesk(START, FINISH);
    const run = find(desk.runs);
    const trimmed = trimDesk(desk, at(3 * DAYS), () => true);
    expect(trimmed.runs).toEqual([]);
    const facts = {
      desks: new Map([['desk/dana', trimmed]]),
      headPosition: 9,
      nowMs: at(4 * DAYS),
      sha256,
      recall: (id: string) =>
        id === RUN && run !== undefined ? { deskId: 'desk/dana', run } : undefined,
    };
    const ask = (...commands: readonly CorrectionCommand[]) =>
      decideInbox({
        ...facts,
        waiting: commands.map((command) => ({ command, firstSeenMs: at(3 * DAYS) })),
      });
    const { decisions, desks } = ask(correct(END, 3 * DAYS), correct({}, 3 * DAYS + 1));
    expect(decisions.map(({ outcome, recalled }) => [outcome.kind, recalled === run])).toEqual([
      ['accepted', true],
      ['already_so', false],
    ]);
    const after = desks.get('desk/dana');
    expect(after?.runs).toHaveLength(1);
    expect(find(after?.runs ?? [])?.run.corrected?.over?.endedAt).toBe(END.end);
    expect(trimDesk(after ?? trimmed, at(3 * DAYS + HOURS), () => true).runs).toHaveLength(1);
    const [first] = decisions;
    expect(first === undefined ? [] : applyDecision(trimmed, first).runs).toHaveLength(1);
    const refused = ask(correct({ end: moment(-1) }, 3 * DAYS));
    expect(refused.decisions).toMatchObject([{ outcome: { code: 'END_BEFORE_START' } }]);
    expect(refused.desks.get('desk/dana')?.runs).toEqual([]);
  });
});

describe('a correction in the rows of the doc', () => {
  const see = (rows: Parameters<typeof optimisticView>[0], seconds = 2 * HOURS + 60) =>
    optimisticView(rows, { nowMs: at(seconds), sha256 });

  it('is played over the state row of whose run it is, and marked as pending', () => {
    const state = toStateRow(toDesk(START, FINISH));
    const [run] = see([state, toRow(correct({ ...END, start: moment(60) }))]).runs;
    expect(run).toMatchObject({
      isPending: true,
      isCorrected: true,
      state: 'succeeded',
      netMs: 1_740_000,
      startedAtMs: at(60),
      endedAtMs: at(HOURS / 2),
    });
    expect(see([state]).runs[0]).not.toHaveProperty('isCorrected');
  });

  it('is played over a start that no state row has, without a worker too', () => {
    const view = see([toRow(correct({ ...END })), toRow(FINISH), toRow(START)]);
    expect(view.mode).toBe('pack_only');
    expect(view.runs).toMatchObject([{ deskId: 'desk/dana', netMs: 1_800_000, isPending: true }]);
    const logged = see([toRow(LOG), toRow(correct({ run: LOGGED, interruptionHours: 1 }))]);
    expect(logged.runs).toMatchObject([{ netMs: 7_200_000 }]);
  });

  it('of a run that has left them is shown as asked, with what is in doubt', () => {
    const view = see([toRow(correct())]);
    expect(view.runs).toEqual([]);
    expect(view.commands).toMatchObject([{ status: 'pending', doubt: 'copy its id from Runs' }]);
    expect(
      see([toRow(START), toRow(correct({ start: moment(-60) }))]).commands[1],
    ).not.toHaveProperty('doubt');
  });

  it('survives the state row that holds it, with its pauses', () => {
    const presses = [press('PauseRun', 'Audit', 600), press('ResumeRun', 'Audit', 1_200)];
    const desk = toDesk(START, ...presses, FINISH, correct({ start: moment(700) }));
    expect(parseStateRow(toStateRow(desk))).toEqual(desk);
    const [run] = desk.runs;
    expect(run?.run.pauses).toEqual([{ from: moment(600), to: moment(1_200) }]);
    expect(see([toStateRow(desk)]).runs[0]?.netMs).toBe(2_400_000);
  });
});

describe('the row of a correction', () => {
  // biome-ignore format: one case a line
  it.each<[string, object]>([
    ['no run', { reason: 'x' }],
    ['a blank run', { run: '', reason: 'x' }],
    ['no reason', { run: RUN }],
    ['a blank reason', { run: RUN, reason: '' }],
    ['a reason of a book', { run: RUN, reason: 'x'.repeat(2_001) }],
    ['a day without an hour', { run: RUN, reason: 'x', start: '2026-03-02' }],
    ['a year nobody worked in', { run: RUN, reason: 'x', end: '1969-12-31T23:59:59.999Z' }],
    ['a negative interruption', { run: RUN, reason: 'x', interruptionHours: -0.1 }],
    ['an interruption of more than a year', { run: RUN, reason: 'x', interruptionHours: 8_785 }],
    ['a person', { run: RUN, reason: 'x', person: 'Dana' }],
  ])('is malformed with %s', (_name, data) => {
    const row = toRow(correct(), { data: JSON.stringify(data) });
    expect(parseCommandRow(row, sha256)).toMatchObject({ refusal: { code: 'MALFORMED' } });
  });

  it('names the run as its stream and comes back word for word', () => {
    const said = { start: moment(0), end: moment(1), interruptionHours: 0, task: 'Report' };
    const command = correct({ ...said, reason: 'x'.repeat(2_000) });
    const row = toRow(command);
    expect(row.stream).toBe(`run/${RUN}`);
    expect(parseCommandRow(row, sha256)).toEqual({ ok: true, value: command });
  });
});
