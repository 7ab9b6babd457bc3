import { describe, expect, it } from 'vitest';
import { toInstant } from '#shared/kernel/index.ts';
import {
  type Command,
  type DeskRun,
  decideOnDesk,
  emptyDesk,
  OTHER_TASK_STARTED,
  toPresses,
  toRunId,
  withPresses,
} from '#shared/ledger/index.ts';
import { projectClock } from '#shared/lifecycle/index.ts';
import { at, decide, HOURS, log, MINUTES, press, sha256, toDesk } from './press.ts';

const given = (...history: readonly Command[]) => ({
  when: (command: Command) => decideOnDesk(command, toDesk(log(1, 0), ...history), { sha256 }),
});
/** How Dana's clocks stand after commands, three hours after nine: task, state and minutes. */
const standing = (...commands: readonly Command[]) =>
  toDesk(...commands)
    .runs.map(({ run, task }) => {
      const { activeMs } = projectClock(run, toInstant(at(3 * HOURS)));
      return `${task} ${run.state} ${activeMs / 60_000}`;
    })
    .toSorted();
const eventsOf = (commands: readonly Command[]) =>
  decide(commands).decisions.flatMap(({ events }) => events.map(({ event }) => event));

describe('StartRun', () => {
  it('makes a run whose id comes from its key, and starts it', () => {
    const start = press('StartRun', 'Audit', 0);
    const [decision] = decide([start]).decisions;
    const runId = toRunId(start.key, sha256);
    expect(decision?.events.map((one) => one.runId)).toEqual([runId, runId]);
    expect(decision?.events.map(({ event }) => event.type)).toEqual(['run_created', 'run_started']);
  });

  it('pauses the same person’s other run, and says why', () => {
    const commands = [press('StartRun', 'Audit', 0), press('StartRun', 'Onboard', HOURS)];
    expect(eventsOf(commands)).toContainEqual(
      expect.objectContaining({ type: 'run_paused', reason: OTHER_TASK_STARTED }),
    );
    expect(standing(...commands)).toEqual(['Audit paused 60', 'Onboard running 120']);
  });

  it('leaves another person’s run going', () => {
    const lee = press('StartRun', 'Onboard', HOURS, { person: 'Lee', by: 'lee' });
    expect(standing(press('StartRun', 'Audit', 0), lee)).toEqual(['Audit running 180']);
  });

  it('resumes a paused run of the same task, and makes no second one', () => {
    const paused = [press('StartRun', 'Audit', 0), press('PauseRun', 'Audit', 30 * MINUTES)];
    expect(standing(...paused, press('StartRun', ' audit ', HOURS))).toEqual(['Audit running 150']);
  });

  it('finds a run that began up to two minutes later by a clock that is ahead', () => {
    const first = press('StartRun', 'Audit', 100, { by: 'lee' });
    expect(given(first).when(press('StartRun', 'Audit', 0))).toEqual({ kind: 'already_so' });
    const last = press('StartRun', 'Audit', 120, { by: 'lee' });
    expect(given(last).when(press('StartRun', 'Audit', 0))).toEqual({ kind: 'already_so' });
    const later = press('StartRun', 'Audit', 121, { by: 'lee' });
    expect(given(later).when(press('StartRun', 'Audit', 0))).toMatchObject({ kind: 'accept' });
  });

  it('is already so at the very moment a run ended', () => {
    const ended = [press('StartRun', 'Audit', 0), press('FinishRun', 'Audit', 60)];
    const lee = { by: 'lee' };
    expect(given(...ended).when(press('StartRun', 'Audit', 60, lee)).kind).toBe('already_so');
    expect(given(...ended).when(press('StartRun', 'Audit', 60.001, lee)).kind).toBe('accept');
  });

  it('makes a new run once the old one has ended', () => {
    const ended = [press('StartRun', 'Audit', 0), press('FinishRun', 'Audit', 60)];
    expect(standing(...ended, press('StartRun', 'Audit', 120))).toEqual([
      'Audit running 178',
      'Audit succeeded 1',
    ]);
  });

  it('yields to a task that was started later and decided first', () => {
    const desk = toDesk(press('StartRun', 'Onboard', 20 * MINUTES));
    const verdict = decideOnDesk(press('StartRun', 'Audit', 0), desk, { sha256 });
    const events = verdict.kind === 'accept' ? verdict.events.map(({ event }) => event) : [];
    expect(events.map(({ type }) => type)).toEqual(['run_created', 'run_started', 'run_paused']);
    expect(events.at(-1)?.at).toBe(toInstant(at(20 * MINUTES)));
    // It is the new run that yields, not the one that ticks.
    const own = verdict.kind === 'accept' ? verdict.runId : '';
    const touched = verdict.kind === 'accept' ? verdict.events.map(({ runId }) => runId) : [];
    expect(touched).toEqual([own, own, own]);
  });
});

describe('PauseRun and ResumeRun', () => {
  const started = press('StartRun', 'Audit', 0);
  const paused = press('PauseRun', 'Audit', 600);

  it('stop the clock and let it go on', () => {
    expect(standing(started, paused)).toEqual(['Audit paused 10']);
    expect(standing(started, paused, press('ResumeRun', 'Audit', HOURS))).toEqual([
      'Audit running 130',
    ]);
  });

  it('pause whatever else ticks when a run is resumed', () => {
    const other = press('StartRun', 'Onboard', 1_200);
    expect(standing(started, paused, other, press('ResumeRun', 'Audit', HOURS))).toEqual([
      'Audit running 130',
      'Onboard paused 40',
    ]);
  });

  it('are already so where nothing would change', () => {
    expect(given(started, paused).when(press('PauseRun', 'Audit', 700))).toEqual({
      kind: 'already_so',
    });
    expect(given(started).when(press('ResumeRun', 'Audit', 700))).toEqual({ kind: 'already_so' });
  });

  it('apply at the very moment of the command before', () => {
    const lee = { by: 'lee' };
    expect(given(started).when(press('PauseRun', 'Audit', 0, lee)).kind).toBe('accept');
    expect(given(started, paused).when(press('ResumeRun', 'Audit', 600, lee)).kind).toBe('accept');
  });

  it('find no run that began only later', () => {
    expect(given(started).when(press('PauseRun', 'Audit', -1))).toMatchObject({
      kind: 'inapplicable',
      code: 'NO_OPEN_RUN',
    });
  });

  it('find a run however its task was written', () => {
    const spaced = press('StartRun', ' AUDIT ', 0);
    expect(given(spaced).when(press('PauseRun', 'audit', 60)).kind).toBe('accept');
  });

  it('do not end a pause that was still to come', () => {
    const desk = toDesk(started, press('StartRun', 'Onboard', 900));
    expect(decideOnDesk(press('ResumeRun', 'Audit', 800), desk, { sha256 })).toEqual({
      kind: 'already_so',
    });
  });

  it('are superseded by a later command to the same run', () => {
    const verdict = given(started, paused).when(press('PauseRun', 'Audit', 300));
    expect(verdict).toEqual({ kind: 'superseded' });
  });
});

describe('FinishRun', () => {
  it('stops the clock 5 s after the start', () => {
    const commands = [press('StartRun', 'Audit', 0), press('FinishRun', 'Audit', 5)];
    expect(standing(...commands)).toEqual([`Audit succeeded ${5 / 60}`]);
  });

  it('takes the open pause out', () => {
    const paused = [press('StartRun', 'Audit', 0), press('PauseRun', 'Audit', 600)];
    expect(standing(...paused, press('FinishRun', 'Audit', HOURS))).toEqual(['Audit succeeded 10']);
  });

  it('does not apply without a run, or after its end', () => {
    const finish = press('FinishRun', 'Audit', 60);
    expect(given().when(finish)).toMatchObject({ kind: 'inapplicable', code: 'NO_OPEN_RUN' });
    const ended = given(press('StartRun', 'Audit', 0), finish);
    for (const seconds of [60, 120]) {
      const again = ended.when(press('FinishRun', 'Audit', seconds, { by: 'lee' }));
      expect(again).toMatchObject({ kind: 'inapplicable', code: 'FINAL_STATE' });
    }
    // Before the end it was open, and what came first has ended it.
    const early = ended.when(press('PauseRun', 'Audit', 59, { by: 'lee' }));
    expect(early).toEqual({ kind: 'superseded' });
  });

  it('means the run it names where the desk knows it, else the one that was open', () => {
    const first = press('StartRun', 'Audit', 0);
    const history = [first, press('FinishRun', 'Audit', 60), press('StartRun', 'Audit', 120)];
    const named = press('FinishRun', 'Audit', 180, { run: toRunId(first.key, sha256) });
    expect(given(...history).when(named)).toMatchObject({ code: 'FINAL_STATE' });
    const unknown = press('FinishRun', 'Audit', 180, { run: 'ELSEWHERE' });
    expect(given(...history).when(unknown)).toMatchObject({ kind: 'accept' });
  });

  it('names the last end where several runs of the task have ended', () => {
    const early = [press('StartRun', 'Audit', 0), press('FinishRun', 'Audit', 60)];
    const late = [press('StartRun', 'Audit', 600), press('FinishRun', 'Audit', 660)];
    const verdict = { kind: 'inapplicable', reason: `the run ended ${toInstant(at(660))}` };
    const again = press('FinishRun', 'Audit', HOURS);
    for (const history of [
      [...early, ...late],
      [...late, ...early],
    ]) {
      const desk = history.reduce(
        (desks, command) => decide([command], { desks }).desks,
        decide([log(1, 0)]).desks,
      );
      const dana = desk.get('desk/dana') ?? emptyDesk('desk/dana');
      expect(decideOnDesk(again, dana, { sha256 })).toMatchObject(verdict);
    }
  });

  it('leaves its note on the run', () => {
    const finish = press('FinishRun', 'Audit', 60, { note: 'sent to the client' });
    const [run]: readonly DeskRun[] = toDesk(press('StartRun', 'Audit', 0), finish).runs;
    expect(run?.note).toBe('sent to the client');
  });
});

describe('the same press', () => {
  const start = press('StartRun', 'Audit', 0);

  it('within 10 s by the same account is one press, and names its decision', () => {
    expect(given(start).when(press('StartRun', 'Audit', 10))).toEqual({
      kind: 'same',
      position: 7,
    });
    expect(given(start).when(press('StartRun', 'Audit', 10.001))).toEqual({ kind: 'already_so' });
  });

  it('is one whatever was pressed after both', () => {
    const history = [start, press('PauseRun', 'Audit', 8)];
    expect(given(...history).when(press('StartRun', 'Audit', 5))).toMatchObject({ kind: 'same' });
  });

  it('has no position to name while the first is undecided', () => {
    const desk = withPresses(emptyDesk('desk/dana'), toPresses(start));
    expect(decideOnDesk(press('StartRun', 'Audit', 5), desk, { sha256 })).toStrictEqual({
      kind: 'same',
    });
  });

  it('names the decision of the first whatever became of it', () => {
    const desk = toDesk(press('FinishRun', 'Audit', 0));
    const double = decideOnDesk(press('FinishRun', 'Audit', 4), desk, { sha256 });
    expect(double).toEqual({ kind: 'same', position: 1 });
  });

  it.each([
    ['another account', press('StartRun', 'Audit', 5, { by: 'lee' })],
    ['another task', press('StartRun', 'Onboard', 5)],
    ['another button', press('PauseRun', 'Audit', 5)],
  ])('is not one by %s', (_, other) => {
    expect(given(start).when(other).kind).not.toBe('same');
  });

  it('is three presses where Start, Finish and Start follow within seconds', () => {
    const commands = [start, press('FinishRun', 'Audit', 3), press('StartRun', 'Audit', 6)];
    expect(standing(...commands)).toEqual([`Audit running ${180 - 0.1}`, 'Audit succeeded 0.05']);
  });
});

describe('LogHours', () => {
  it('is a run of its own that began at the day’s midnight and lasted so long', () => {
    const [run] = toDesk(log(1.5, 0)).runs;
    expect(run).toMatchObject({ task: 'Audit', day: '2026-03-02', note: 'call' });
    expect(run?.run).toMatchObject({
      state: 'succeeded',
      startedAt: '2026-03-02T00:00:00.000Z',
      endedAt: '2026-03-02T01:30:00.000Z',
    });
  });

  it('neither moves a clock nor is moved by one', () => {
    const started = press('StartRun', 'Audit', 0);
    expect(standing(started, log(2, 60))).toEqual(['Audit running 180', 'Audit succeeded 120']);
    expect(given(log(2, 0)).when(press('FinishRun', 'Audit', 60))).toMatchObject({
      code: 'NO_OPEN_RUN',
    });
  });
});
