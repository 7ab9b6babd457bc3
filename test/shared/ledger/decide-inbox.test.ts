import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Command, decideInbox, type InboxFacts, toRunId } from '#shared/ledger/index.ts';
import { at, DAYS, decide, HOURS, log, MINUTES, press, sha256 } from './press.ts';

const start = press('StartRun', 'Audit', 0);
const finish = press('FinishRun', 'Audit', 5);
const inbox = (facts: Partial<InboxFacts>) =>
  decideInbox({ waiting: [], desks: new Map(), headPosition: 0, nowMs: at(0), sha256, ...facts });

describe('the order of presses', () => {
  it('is when they were made, whatever order they arrived in', () => {
    const presses = [
      start,
      finish,
      press('StartRun', 'Audit', 20),
      press('StartRun', 'Onboard', 40),
    ];
    const { outcomes } = decide(presses);
    expect(outcomes).toEqual([
      'StartRun Audit: accepted',
      'FinishRun Audit: accepted',
      'StartRun Audit: accepted',
      'StartRun Onboard: accepted',
    ]);
    const law = fc.property(fc.shuffledSubarray(presses, { minLength: 4 }), (shuffled) => {
      expect(decide(shuffled).desks).toEqual(decide(presses).desks);
    });
    fc.assert(law);
  });

  it('is by key where two were made in one millisecond', () => {
    const two = [press('StartRun', 'Audit', 0), press('StartRun', 'Onboard', 0)];
    const [first] = two.toSorted((a, b) => (a.key < b.key ? -1 : 1));
    expect(decide(two).decisions[0]?.command).toBe(first);
    expect(decide(two.toReversed()).decisions[0]?.command).toBe(first);
  });
});

describe('the hold', () => {
  const seen = (command: Command, seconds: number) => ({ command, firstSeenMs: at(seconds) });

  it('keeps a lifecycle command for a minute after it was first seen', () => {
    const waiting = [seen(start, 100)];
    expect(inbox({ waiting, nowMs: at(159.999) }).decisions).toEqual([]);
    expect(inbox({ waiting, nowMs: at(160) }).decisions).toHaveLength(1);
    expect(inbox({ waiting, nowMs: at(100), holdMs: 0 }).decisions).toHaveLength(1);
  });

  it('keeps later presses of the desk behind an earlier one that came late', () => {
    const other = press('StartRun', 'Onboard', 3);
    const waiting = [seen(other, 100), seen(finish, 100), seen(start, 150)];
    expect(inbox({ waiting, nowMs: at(180) }).decisions).toEqual([]);
    const { decisions } = inbox({ waiting, nowMs: at(210) });
    expect(decisions.map(({ command }) => command)).toEqual([start, other, finish]);
  });

  it('keeps neither another desk nor logged hours', () => {
    const lee = press('StartRun', 'Audit', 6, { person: 'Lee', by: 'lee' });
    const waiting = [seen(start, 100), seen(lee, 0), seen(log(1, 50), 100)];
    const { decisions } = inbox({ waiting, nowMs: at(110) });
    expect(decisions.map(({ command }) => command.type)).toEqual(['StartRun', 'LogHours']);
  });
});

describe('what the hold lets pass', () => {
  it('is a press behind hours that were only just read', () => {
    const waiting = [
      { command: log(1, 0), firstSeenMs: at(100) },
      { command: press('StartRun', 'Audit', 1), firstSeenMs: at(0) },
    ];
    const { decisions } = inbox({ waiting, nowMs: at(110) });
    expect(decisions.map(({ command }) => command.type)).toEqual(['LogHours', 'StartRun']);
  });

  it('is a press that was first seen at a moment still to come', () => {
    const waiting = [{ command: start, firstSeenMs: at(500) }];
    expect(inbox({ waiting, nowMs: at(499) }).decisions).toHaveLength(1);
    expect(inbox({ waiting, nowMs: at(500) }).decisions).toEqual([]);
  });
});

describe('patience', () => {
  const lone = { waiting: [{ command: finish, firstSeenMs: at(10) }] };

  it('lets a command that does not apply wait until 15 minutes after its press', () => {
    expect(inbox({ ...lone, nowMs: at(5 + 15 * MINUTES - 0.001) }).decisions).toEqual([]);
    const [decision] = inbox({ ...lone, nowMs: at(5 + 15 * MINUTES) }).decisions;
    expect(decision?.outcome).toMatchObject({ kind: 'refused', code: 'NO_OPEN_RUN' });
  });

  it('ends as soon as an earlier press makes it apply', () => {
    const waiting = [...lone.waiting, { command: start, firstSeenMs: at(300) }];
    const { decisions } = inbox({ waiting, nowMs: at(360) });
    expect(decisions.map(({ outcome }) => outcome.kind)).toEqual(['accepted', 'accepted']);
  });

  it('lets a double wait with the press it doubles', () => {
    const waiting = [
      ...lone.waiting,
      { command: press('FinishRun', 'Audit', 7), firstSeenMs: at(10) },
    ];
    expect(inbox({ waiting, nowMs: at(600) }).decisions).toEqual([]);
    const { decisions } = inbox({ waiting, nowMs: at(16 * MINUTES) });
    expect(decisions.map(({ outcome }) => outcome)).toMatchObject([
      { kind: 'refused' },
      { kind: 'same', position: 1 },
    ]);
  });

  it('is not needed for the double of a press that is decided', () => {
    const { desks } = decide([start]);
    const waiting = [{ command: press('StartRun', 'Audit', 4), firstSeenMs: at(10) }];
    const { decisions } = inbox({ waiting, desks, headPosition: 3, nowMs: at(100) });
    expect(decisions.map(({ outcome }) => outcome)).toEqual([{ kind: 'same', position: 3 }]);
  });

  it('keeps a double from doing what the press it doubles still waits to do', () => {
    const { desks } = decide([start]);
    const again = [press('StartRun', 'Audit', 100), press('StartRun', 'Audit', 105)];
    const other = press('StartRun', 'Onboard', 102, { by: 'lee' });
    const waiting = [...again, other].map((command) => ({ command, firstSeenMs: at(110) }));
    const { decisions } = inbox({ waiting, desks, nowMs: at(200) });
    expect(decisions.map(({ command }) => command)).toEqual([other]);
  });

  it('does not keep what nothing can change', () => {
    const before = decide([start, press('PauseRun', 'Audit', 600)]);
    const waiting = [{ command: press('PauseRun', 'Audit', 300), firstSeenMs: at(610) }];
    const { decisions } = inbox({ waiting, desks: before.desks, nowMs: at(700) });
    expect(decisions.map(({ outcome }) => outcome.kind)).toEqual(['superseded']);
  });
});

describe('a press from a moment still to come', () => {
  const { desks } = decide([press('StartRun', 'Onboard', 0)]);
  const wrong = press('StartRun', 'Audit', 16 * MINUTES + 1);
  const waiting = [{ command: wrong, firstSeenMs: at(MINUTES) }];

  it('waits 15 minutes for a clock to be set right, and then says what is wrong', () => {
    const sooner = inbox({ waiting, desks, nowMs: at(MINUTES), holdMs: 0 });
    expect(sooner.decisions).toEqual([]);
    const far = [{ command: press('StartRun', 'Audit', 900 * DAYS), firstSeenMs: at(MINUTES) }];
    const still = inbox({ waiting: far, desks, nowMs: at(16 * MINUTES - 0.001) });
    expect(still.decisions).toEqual([]);
    const [decision] = inbox({ waiting: far, desks, nowMs: at(16 * MINUTES) }).decisions;
    expect(decision).toMatchObject({ events: [], outcome: { code: 'CLOCK_AHEAD' } });
    expect(decision?.outcome).toMatchObject({ reason: expect.stringContaining('2028-08-18T09') });
  });

  it('pauses nothing that ticks, however far ahead it is', () => {
    const far = press('StartRun', 'Audit', 900 * DAYS);
    const { outcomes, desks: after } = decide([far], { desks });
    expect(outcomes).toEqual(['StartRun Audit: refused CLOCK_AHEAD']);
    const runs = after.get('desk/dana')?.runs ?? [];
    expect(runs.map(({ task, run }) => `${task} ${run.state}`)).toEqual(['Onboard running']);
  });

  it('is a press like any other where a clock is ahead by no more than 15 minutes', () => {
    const nowMs = at(MINUTES + 1);
    expect(inbox({ waiting, desks, nowMs, holdMs: 0 }).decisions[0]?.outcome.kind).toBe('accepted');
  });

  it('counts as hours of their day, whenever they were logged', () => {
    expect(decide([log(2, 900 * DAYS)]).outcomes).toEqual(['LogHours Audit: accepted']);
  });
});

describe('a decision', () => {
  it('takes the positions of its events and one more, and its outcome names the last', () => {
    const { decisions } = decide([start, finish], { position: 10 });
    expect(decisions.map(({ decided }) => decided.position)).toEqual([13, 15]);
    expect(decisions.map(({ outcome }) => outcome)).toEqual([
      { kind: 'accepted', position: 13 },
      { kind: 'accepted', position: 15 },
    ]);
  });

  it('carries the note of a command that was accepted, and no empty one', () => {
    const noted = press('StartRun', 'Audit', 0, { note: 'kick-off' });
    const empty = press('FinishRun', 'Audit', 60, { note: '' });
    const refused = press('FinishRun', 'Audit', HOURS, { note: 'too late' });
    const { decisions } = decide([noted, empty, refused, log(1, 0)]);
    const runId = toRunId(noted.key, sha256);
    expect(decisions.map(({ command, decided }) => [command.type, decided.note])).toEqual([
      ['LogHours', { runId: toRunId(log(1, 0).key, sha256), text: 'call' }],
      ['StartRun', { runId, text: 'kick-off' }],
      ['FinishRun', undefined],
      ['FinishRun', undefined],
    ]);
    expect(decisions[2]?.decided).not.toHaveProperty('note');
    expect(decisions[0]?.decided).not.toHaveProperty('press');
  });

  it('is refused with its code when a second FinishRun comes later', () => {
    const { outcomes } = decide([start, finish, press('FinishRun', 'Audit', HOURS)]);
    expect(outcomes.at(-1)).toBe('FinishRun Audit: refused FINAL_STATE');
  });
});
