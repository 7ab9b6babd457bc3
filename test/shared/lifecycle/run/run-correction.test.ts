import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { accept, refuse, toInstant } from '#shared/kernel/index.ts';
import {
  projectClock,
  type RunCommand,
  type RunEvent,
  runDecider,
  toWorkTimes,
} from '#shared/lifecycle/index.ts';

const { decide, evolve, initial } = runDecider;
const minute = (n: number) => toInstant(n * 60_000);
const MINUTE = 60_000;
type Correct = Extract<RunCommand, { readonly type: 'correct' }>;
const correct = (said: Partial<Correct> = {}, n = 900): Correct => ({
  type: 'correct',
  at: minute(n),
  by: 'dana',
  reason: 'forgot',
  ...said,
});

const born = { type: 'run_created', at: minute(0), runId: 'R1', maxFixLoops: 1 } as const;
const started = { type: 'run_started', at: minute(60), waitMs: 0, taskCount: 1 } as const;
const paused = (n: number): RunEvent => ({
  type: 'run_paused',
  at: minute(n),
  reason: 'by_person',
  inFlightTasks: 0,
});
const resumed = (n: number): RunEvent => ({ type: 'run_resumed', at: minute(n), pausedMs: 0 });
const validating = (n: number): RunEvent => ({
  type: 'run_validation_started',
  at: minute(n),
  requiredGates: ['G'],
  openPatches: 0,
});
const reopened = (n: number): RunEvent => ({
  type: 'run_reopened',
  at: minute(n),
  fixLoop: 1,
  reason: 'x',
  taskIds: [],
});
const succeeded = (n: number): RunEvent => ({
  type: 'run_succeeded',
  at: minute(n),
  durationMs: 0,
  activeMs: 0,
  tasksCompleted: 1,
  waivedGates: [],
  failedWorkstreams: 0,
});

/** Worked from minute 60 to 240, and paused from 90 to 120. */
const DONE: readonly RunEvent[] = [born, started, paused(90), resumed(120), succeeded(240)];
/** The same, and its gates opened at 600 only. */
const GATED: readonly RunEvent[] = [
  born,
  started,
  paused(90),
  resumed(120),
  validating(240),
  succeeded(600),
];
const replay = (events: readonly RunEvent[]) => events.reduce(evolve, initial);
/** A history with commands decided on top of it. */
const after = (events: readonly RunEvent[], ...asked: readonly RunCommand[]) =>
  asked.reduce((run, command) => {
    const decided = decide(command, run);
    if (!decided.ok) throw new Error(decided.refusal.code);
    return decided.value.reduce(evolve, run);
  }, replay(events));
const netMinutes = (run: ReturnType<typeof replay>, now = 1_000) =>
  projectClock(run, minute(now)).activeMs / MINUTE;

describe('a correction', () => {
  it('says what the work was and what it was held to be, and rewrites no stamp', () => {
    const before = replay(DONE);
    const command = correct({ startedAt: minute(30), endedAt: minute(200) });
    const event = {
      type: 'run_corrected',
      at: minute(900),
      reason: 'forgot',
      work: { startedAt: minute(30), over: { endedAt: minute(200), pausedMs: 30 * MINUTE } },
      workBefore: { startedAt: minute(60), over: { endedAt: minute(240), pausedMs: 30 * MINUTE } },
    } as const;
    expect(decide(command, before)).toEqual(accept([event]));
    const run = evolve(before, event);
    expect(run).toEqual({
      ...before,
      version: before.version + 1,
      lastAt: minute(900),
      corrected: { at: minute(900), ...event.work },
    });
    expect(projectClock(run, minute(5_000))).toEqual({
      activeMs: 140 * MINUTE,
      pausedMs: 30 * MINUTE,
      isTicking: false,
    });
  });

  // biome-ignore format: one case a line
  it.each<[string, readonly RunEvent[], Partial<Correct>, number]>([
    ['takes a pause out that lies within', DONE, { startedAt: minute(80) }, 130],
    ['takes the rest out of a pause it begins in', DONE, { startedAt: minute(100) }, 120],
    ['takes no pause out that lies before its start', DONE, { startedAt: minute(130) }, 110],
    ['takes no pause out that lies behind its end', DONE, { endedAt: minute(85) }, 25],
    ['takes the beginning out of a pause it ends in', DONE, { endedAt: minute(100) }, 30],
    ['takes what was given in place of all pauses', DONE, { interruptionMs: 0 }, 180],
    ['may be interrupted from start to end', DONE, { interruptionMs: 180 * MINUTE }, 0],
    ['may end where it began', DONE, { endedAt: minute(60) }, 0],
    ['may end at the moment it is asked', DONE, { endedAt: minute(900) }, 810],
    ['confirms what it leaves as it is', DONE, {}, 150],
    ['leaves the wait for gates out', GATED, {}, 150],
    ['leaves the wait for gates out of another start', GATED, { startedAt: minute(30) }, 180],
    ['counts work up to an end within the wait', GATED, { endedAt: minute(300) }, 210],
    ['takes an interruption out of the work alone', GATED, { interruptionMs: 0 }, 180],
    ['is of a run that waits for its gates', GATED.slice(0, -1), { interruptionMs: 0 }, 180],
    ['moves the start of a run that goes on', [born, started], { startedAt: minute(30) }, 970],
    ['moves the start behind a pause of a run that goes on', DONE.slice(0, -1), { startedAt: minute(130) }, 870],
    ['moves the start into the pause that is open', [born, started, paused(90)], { startedAt: minute(100) }, 0],
    ['keeps the pause that is open out', [born, started, paused(90)], { startedAt: minute(30) }, 60],
  ])('%s', (_name, events, said, minutes) => {
    expect(netMinutes(after(events, correct(said)))).toBe(minutes);
  });

  // biome-ignore format: one case a line
  it.each<[string, readonly RunEvent[], Partial<Correct>]>([
    ['ACTOR_REQUIRED', DONE, { by: '' }],
    ['ENTITY_UNKNOWN', [], {}],
    ['REASON_REQUIRED', DONE, { reason: ' ' }],
    ['RUN_NOT_STARTED', [born], {}],
    ['RUN_OPEN', [born, started], { endedAt: minute(70) }],
    ['RUN_OPEN', [born, started, paused(90)], { interruptionMs: 0 }],
    ['IN_THE_FUTURE', DONE, { startedAt: minute(901), endedAt: minute(800) }],
    ['IN_THE_FUTURE', DONE, { endedAt: minute(901) }],
    ['END_BEFORE_START', DONE, { endedAt: minute(59) }],
    ['END_BEFORE_START', DONE, { startedAt: minute(241) }],
    ['INTERRUPTION_TOO_LONG', DONE, { interruptionMs: 180 * MINUTE + 1 }],
    ['NOTHING_TO_CORRECT', [born, started], {}],
    ['NOTHING_TO_CORRECT', [born, started], { startedAt: minute(60), task: { from: 'A', to: 'A' } }],
  ])('is refused as %s', (code, events, said) => {
    expect(decide(correct(said), replay(events))).toEqual(refuse({ code }));
  });

  it('is refused once it is held already, and not where anything differs', () => {
    const run = after(DONE, correct({ interruptionMs: 20 * MINUTE }));
    const refused = refuse({ code: 'NOTHING_TO_CORRECT' });
    expect(decide(correct(), run)).toEqual(refused);
    expect(decide(correct({ interruptionMs: 20 * MINUTE }), run)).toEqual(refused);
    for (const said of [
      { startedAt: minute(61) },
      { endedAt: minute(241) },
      { interruptionMs: 21 * MINUTE },
      { task: { from: 'A', to: 'B' } },
    ]) {
      expect(decide(correct(said), run).ok).toBe(true);
    }
  });

  it('keeps what an earlier one gave, and finds the pauses again where none was given', () => {
    const given = after(DONE, correct({ interruptionMs: 10 * MINUTE }));
    expect(
      netMinutes(
        after(DONE, correct({ interruptionMs: 10 * MINUTE }), correct({ startedAt: minute(130) })),
      ),
    ).toBe(100);
    expect(given.pausedMs).toBe(10 * MINUTE);
    const shortened = correct({ endedAt: minute(85) });
    expect(netMinutes(after(DONE, shortened, correct({ endedAt: minute(230) })))).toBe(140);
    expect(decide(correct({ startedAt: minute(235) }), given)).toEqual(
      refuse({ code: 'INTERRUPTION_TOO_LONG' }),
    );
  });

  it('of a start holds over pauses, the end and the wait for gates that come later', () => {
    const moved = correct({ startedAt: minute(30) }, 80);
    const events = [born, started];
    const early = after(events, moved);
    const later = [paused(90), resumed(120), validating(240), succeeded(600)];
    const run = later.reduce(evolve, early);
    expect(netMinutes(run)).toBe(180);
    expect(toWorkTimes(run)).toEqual({
      startedAt: minute(30),
      over: { endedAt: minute(240), pausedMs: 30 * MINUTE },
    });
    expect(toWorkTimes(early)).toEqual({ startedAt: minute(30) });
    expect(netMinutes(later.slice(0, 3).reduce(evolve, early))).toBe(180);
  });

  it('is told in the event of the end', () => {
    const run = after([born, started], correct({ startedAt: minute(30) }, 80));
    const end = { openGates: [], openWorkstreams: 0, openPatches: 0, hasAcceptance: false };
    const came = { waivedGates: [], failedWorkstreams: 0, tasksCompleted: 1 };
    const asked = { type: 'succeed', at: minute(90), by: 'dana', ...end, ...came } as const;
    expect(decide(asked, run)).toMatchObject({
      value: [{ durationMs: 60 * MINUTE, activeMs: 60 * MINUTE }],
    });
  });

  it('stands as a pause up to the moment a run is worked on again', () => {
    const validated = [born, started, paused(90), resumed(120), validating(240)];
    const corrected = after(validated, correct({ endedAt: minute(200) }, 300));
    const run = [reopened(400), succeeded(500)].reduce(evolve, corrected);
    expect(netMinutes(run)).toBe(110 + 100);
    expect(run.corrected).toEqual({ at: minute(300), startedAt: minute(60) });
    const plain = [...validated, reopened(400), succeeded(500)].reduce(evolve, initial);
    expect(netMinutes(plain)).toBe(150 + 100);
    expect(netMinutes(after([...validated, reopened(400), succeeded(500)], correct()))).toBe(250);
  });

  it('moves the state in no state, and comes to a run that is final as well', () => {
    const ends = [
      { type: 'run_failed', reason: 'operator', exitCode: 1, durationMs: 0 },
      { type: 'run_quarantined', reason: 'x' },
      { type: 'run_canceled', reason: 'x', openTasks: 0 },
    ] as const;
    const closed = ends.map((end) => [born, started, { ...end, at: minute(240) }] as const);
    for (const events of [DONE, GATED, GATED.slice(0, -1), ...closed]) {
      const before = replay(events);
      const run = after(events, correct({ interruptionMs: MINUTE }));
      expect(run.state).toBe(before.state);
      expect(run.endedAt).toBe(before.endedAt);
      expect(netMinutes(run)).toBe(179);
    }
  });

  it('remembers a hundred pauses, and of more their sum', () => {
    const pauses = Array.from({ length: 101 }, (_, n) => [paused(61 + 2 * n), resumed(62 + 2 * n)]);
    const run = replay([born, started, ...pauses.flat(), succeeded(300)]);
    expect(run.pauses).toHaveLength(100);
    expect(run.pausedMs).toBe(101 * MINUTE);
    expect(netMinutes(after([born, started, ...pauses.flat(), succeeded(300)], correct()))).toBe(
      139,
    );
  });

  it('keeps no pause that took no time', () => {
    expect(replay([born, started, paused(90), resumed(90)]).pauses).toBeUndefined();
  });

  it('counts from start to end each moment that no pause covers, as ticking it off minute by minute does', () => {
    const moments = fc.uniqueArray(fc.integer({ min: 61, max: 239 }), {
      minLength: 2,
      maxLength: 12,
    });
    const from = fc.integer({ min: 0, max: 300 });
    fc.assert(
      fc.property(moments, from, from, (places, one, other) => {
        const sorted = places.slice(0, 2 * Math.floor(places.length / 2)).sort((a, b) => a - b);
        const moves = sorted.map((n, index) => (index % 2 === 0 ? paused(n) : resumed(n)));
        const [start, end] = [Math.min(one, other), Math.max(one, other)];
        const run = after(
          [born, started, ...moves, succeeded(240)],
          correct({ startedAt: minute(start), endedAt: minute(end) }),
        );
        const isPaused = (n: number) => sorted.filter((place) => place <= n).length % 2 === 1;
        const worked = Array.from({ length: end - start }, (_, n) => start + n);
        expect(netMinutes(run)).toBe(worked.filter((n) => !isPaused(n)).length);
      }),
    );
  });
});
