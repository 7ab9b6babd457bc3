import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HOUR_MS, type Instant, MINUTE_MS, parseMoment, toInstant } from '#shared/kernel/index.ts';
import {
  type Estimate,
  freezeBaseline,
  inspectSessions,
  type RecordedTime,
  type Session,
  toNetEffort,
} from '#shared/variance/index.ts';

const at = (time: string, day = '2026-03-02'): Instant =>
  toInstant(Date.parse(`${day}T${time}:00.000Z`));

describe('toNetEffort', () => {
  it.each<[string, RecordedTime, ReturnType<typeof toNetEffort>]>([
    [
      'takes interruptions out: 09:00 to 11:30 with 20 minutes is 130 minutes',
      { startedAt: at('09:00'), endedAt: at('11:30'), interruptMs: 20 * MINUTE_MS },
      { standing: 'counted', netMs: 130 * MINUTE_MS },
    ],
    [
      'prefers the stored net, also over a day',
      { startedAt: at('09:00'), endedAt: at('09:01', '2026-03-03'), netMs: HOUR_MS },
      { standing: 'counted', netMs: HOUR_MS },
    ],
    ['counts a stored net without times', { netMs: 0 }, { standing: 'counted', netMs: 0 }],
    ['calls a negative net invalid', { netMs: -1 }, { standing: 'invalid', netMs: 0 }],
    [
      'leaves a run without an end open',
      { startedAt: at('09:00') },
      { standing: 'open', netMs: 0 },
    ],
    ['leaves a run without a start open', { endedAt: at('09:00') }, { standing: 'open', netMs: 0 }],
    [
      'believes 24 hours',
      { startedAt: at('09:00'), endedAt: at('09:00', '2026-03-03') },
      { standing: 'counted', netMs: 24 * HOUR_MS },
    ],
    [
      'suspects a minute more, and keeps its hours in view',
      { startedAt: at('09:00'), endedAt: at('09:01', '2026-03-03') },
      { standing: 'suspect', netMs: 24 * HOUR_MS + MINUTE_MS },
    ],
    [
      'calls an end before its start invalid',
      { startedAt: at('09:01'), endedAt: at('09:00') },
      { standing: 'invalid', netMs: 0 },
    ],
    [
      'calls more interruption than time invalid',
      { startedAt: at('09:00'), endedAt: at('09:30'), interruptMs: 31 * MINUTE_MS },
      { standing: 'invalid', netMs: 0 },
    ],
    [
      'calls a negative interruption invalid',
      { startedAt: at('09:00'), endedAt: at('09:30'), interruptMs: -1 },
      { standing: 'invalid', netMs: 0 },
    ],
    [
      'lets a run take no time',
      { startedAt: at('09:00'), endedAt: at('09:00') },
      { standing: 'counted', netMs: 0 },
    ],
  ])('%s', (_rule, time, effort) => {
    expect(toNetEffort(time)).toEqual(effort);
  });

  it.each([
    ['2026-03-29', 2],
    ['2026-10-25', 4],
  ])('measures 01:00 to 04:00 in Berlin on %s as %d hours', (day, hours) => {
    const local = (time: string): Instant =>
      toInstant(parseMoment(`${day}T${time}`, 'Europe/Berlin') ?? 0);
    const effort = toNetEffort({ startedAt: local('01:00'), endedAt: local('04:00') });
    expect(effort).toEqual({ standing: 'counted', netMs: hours * HOUR_MS });
  });
});

describe('freezeBaseline', () => {
  const four: Estimate = { estimateMs: 4 * HOUR_MS, at: at('08:00') };
  const eight: Estimate = { estimateMs: 8 * HOUR_MS, at: at('12:00') };

  it('takes the estimate in force at the first start, and keeps what came later as a revision', () => {
    expect(freezeBaseline([eight, four], at('09:00'))).toEqual({
      baselineMs: 4 * HOUR_MS,
      isEstimateLate: false,
      isUndated: false,
      revisions: [eight],
    });
  });

  it('takes an edit made before the first start', () => {
    expect(freezeBaseline([four, eight], at('12:00'))).toMatchObject({
      baselineMs: 8 * HOUR_MS,
      isEstimateLate: false,
      revisions: [],
    });
  });

  it('calls a first estimate after the first start late', () => {
    expect(freezeBaseline([four, eight], at('07:59'))).toMatchObject({
      baselineMs: 4 * HOUR_MS,
      isEstimateLate: true,
      revisions: [eight],
    });
  });

  it('takes an estimate without a time as there from the first', () => {
    const undated = { estimateMs: HOUR_MS };
    expect(freezeBaseline([four, undated], at('07:00'))).toMatchObject({
      baselineMs: HOUR_MS,
      isEstimateLate: false,
      isUndated: true,
      revisions: [four],
    });
  });

  it('takes the first where no run tells when work began', () => {
    expect(freezeBaseline([eight, four], 'unknown')).toEqual({
      baselineMs: 4 * HOUR_MS,
      isEstimateLate: false,
      isUndated: true,
      revisions: [eight],
    });
    const undated = { estimateMs: HOUR_MS };
    expect(freezeBaseline([undated, { estimateMs: 2 * HOUR_MS }], 'unknown')?.baselineMs).toBe(
      HOUR_MS,
    );
  });

  it('takes the last while nobody has begun', () => {
    expect(freezeBaseline([eight, four], 'not_begun')).toEqual({
      baselineMs: 8 * HOUR_MS,
      isEstimateLate: false,
      isUndated: false,
      revisions: [],
    });
    expect(freezeBaseline([{ estimateMs: HOUR_MS }], 'not_begun')?.isUndated).toBe(false);
  });

  it('keeps the order of the source where two were made at once', () => {
    const other = { ...four, estimateMs: HOUR_MS };
    expect(freezeBaseline([four, other], at('08:00'))?.baselineMs).toBe(HOUR_MS);
    expect(freezeBaseline([other, four], at('08:00'))?.baselineMs).toBe(4 * HOUR_MS);
  });

  it('is nothing without an estimate', () => {
    for (const begun of [at('08:00'), 'unknown', 'not_begun'] as const) {
      expect(freezeBaseline([], begun)).toBeUndefined();
    }
  });
});

const run = (runId: string, start: string, end: string, facts: Partial<Session> = {}): Session => ({
  runId,
  groups: {},
  personId: 'dana',
  startedAt: at(start),
  endedAt: at(end),
  netMs: 0,
  standing: 'counted',
  ...facts,
});

describe('inspectSessions', () => {
  it('shows 9:00 to 10:00 beside 9:30 to 10:30 as 2 h, of which half an hour overlaps', () => {
    const { overlaps } = inspectSessions([run('b', '09:30', '10:30'), run('a', '09:00', '10:00')]);
    expect(overlaps).toEqual([
      {
        personId: 'dana',
        runIds: ['b'],
        pairs: [{ runId: 'b', onRunId: 'a' }],
        wallMs: 2 * HOUR_MS,
        unionMs: 1.5 * HOUR_MS,
        overlapMs: 0.5 * HOUR_MS,
      },
    ]);
  });

  it('pairs a run with the one that ends last of those it lies on', () => {
    const runs = [
      run('a', '09:00', '12:00'),
      run('b', '09:30', '10:00'),
      run('c', '11:00', '13:00'),
    ];
    const pairs = inspectSessions(runs).overlaps.flatMap((overlap) => overlap.pairs);
    expect(pairs).toEqual([
      { runId: 'b', onRunId: 'a' },
      { runId: 'c', onRunId: 'a' },
    ]);
  });

  it.each<[string, readonly Session[]]>([
    ['runs that touch', [run('a', '09:00', '10:00'), run('b', '10:00', '11:00')]],
    ['two people', [run('a', '09:00', '10:00'), run('b', '09:00', '10:00', { personId: 'alex' })]],
    [
      'a run nobody counts',
      [run('a', '09:00', '10:00'), run('b', '09:00', '10:00', { standing: 'invalid' })],
    ],
    ['a run without time', [run('a', '09:00', '10:00'), run('b', '09:30', '09:30')]],
  ])('finds no overlap between %s', (_what, sessions) => {
    expect(inspectSessions(sessions).overlaps).toEqual([]);
  });

  it('counts the clock minute by minute, in whatever order the runs come', () => {
    const minutes = fc.tuple(fc.integer({ min: 0, max: 90 }), fc.integer({ min: 1, max: 40 }));
    const law = fc.property(
      fc.array(minutes, { maxLength: 12 }),
      fc.infiniteStream(fc.nat()),
      (spans, dice) => {
        const sessions = spans.map(([start, length], index) => {
          const text = (minute: number) =>
            `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;
          return run(`r${index}`, text(start), text(start + length));
        });
        const covered = new Set(
          spans.flatMap(([start, length]) => Array.from({ length }, (_, minute) => start + minute)),
        );
        const wall = spans.reduce((sum, [, length]) => sum + length, 0);
        const shuffled = [...sessions].sort(() => ((dice.next().value ?? 0) % 3) - 1);
        const overlapMinutes = wall - covered.size;
        const [found] = inspectSessions(shuffled).overlaps;
        expect((found?.overlapMs ?? 0) / MINUTE_MS).toBe(overlapMinutes);
        expect(found?.unionMs ?? covered.size * MINUTE_MS).toBe(covered.size * MINUTE_MS);
        expect(inspectSessions(shuffled)).toEqual(inspectSessions(sessions));
      },
    );
    fc.assert(law);
  });

  it('names runs of one task with one start, and no others', () => {
    const sessions = [
      run('b', '09:00', '10:00', { taskId: 'T1' }),
      run('a', '09:00', '11:00', { taskId: 'T1', personId: 'alex' }),
      run('c', '09:00', '10:00', { taskId: 'T2' }),
      run('d', '09:01', '10:00', { taskId: 'T1' }),
      run('e', '09:00', '10:00'),
      run('f', '09:00', '10:00'),
    ];
    expect(inspectSessions(sessions).possibleDuplicates).toEqual([
      { taskId: 'T1', runIds: ['a', 'b'] },
    ]);
  });
});
