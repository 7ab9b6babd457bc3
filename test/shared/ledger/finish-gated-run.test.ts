import { describe, expect, it } from 'vitest';
import { toInstant } from '#shared/kernel/index.ts';
import { type Command, decideInbox } from '#shared/ledger/index.ts';
import { projectClock } from '#shared/lifecycle/index.ts';
import { at, DAYS, HOURS, MINUTES, press, sha256 } from './press.ts';

/** What a worker that knows of a gate on `Audit` makes of commands, and Dana's runs after them. */
function decideGated(...commands: readonly Command[]) {
  const { decisions, desks } = decideInbox({
    waiting: commands.map((command) => ({ command, firstSeenMs: at(0) })),
    desks: new Map(),
    headPosition: 0,
    nowMs: at(DAYS),
    gatesOf: ({ task }) => (task === 'Audit' ? ['client-approval'] : []),
    sha256,
  });
  const runs = [...desks.values()].flatMap((desk) => desk.runs);
  return { outcomes: decisions.map(({ outcome }) => outcome), runs, decisions };
}
const start = press('StartRun', 'Audit', 0);
const finish = press('FinishRun', 'audit', HOURS);

describe('FinishRun of a run that has gates', () => {
  it('stops the clock and leaves the run to be validated, naming the gates', () => {
    const { runs, decisions } = decideGated(start, finish);
    expect(runs).toMatchObject([{ run: { state: 'validating' } }]);
    expect(decisions.at(-1)?.events).toMatchObject([
      { event: { type: 'run_validation_started', requiredGates: ['client-approval'] } },
    ]);
    const [mine] = runs;
    const clock = mine && projectClock(mine.run, toInstant(at(DAYS)));
    expect(clock).toMatchObject({ activeMs: HOURS * 1_000, isTicking: false });
  });

  it('ends a pause first, which stays taken out', () => {
    const { runs } = decideGated(start, press('PauseRun', 'Audit', 30 * MINUTES), finish);
    const [mine] = runs;
    const clock = mine && projectClock(mine.run, toInstant(at(DAYS)));
    expect(clock).toMatchObject({ activeMs: 30 * MINUTES * 1_000 });
  });

  it('succeeds at once where nothing is required', () => {
    const { runs } = decideGated(press('StartRun', 'Call', 0), press('FinishRun', 'Call', HOURS));
    expect(runs).toMatchObject([{ run: { state: 'succeeded' } }]);
  });

  it.each(['FinishRun', 'PauseRun', 'ResumeRun'] as const)('is final for a later %s', (type) => {
    const { outcomes, runs } = decideGated(start, finish, press(type, 'Audit', 2 * HOURS));
    expect(outcomes.at(-1)).toMatchObject({ kind: 'refused', code: 'IN_VALIDATION' });
    expect(runs).toMatchObject([{ run: { state: 'validating' } }]);
  });

  it('is final for a press that names the run', () => {
    const { runs } = decideGated(start, finish);
    const run = runs[0]?.run.runId ?? '';
    const named = press('PauseRun', 'Audit', 2 * HOURS, { run });
    expect(decideGated(start, finish, named).outcomes.at(-1)).toMatchObject({
      code: 'IN_VALIDATION',
    });
  });

  it('lets the same person start the task anew', () => {
    const { runs } = decideGated(start, finish, press('StartRun', 'Audit', 2 * HOURS));
    expect(runs.map(({ run }) => run.state).toSorted()).toEqual(['running', 'validating']);
  });
});
