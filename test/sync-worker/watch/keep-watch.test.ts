import { describe, expect, it } from 'vitest';
import { HOUR_MS, MINUTE_MS } from '#shared/kernel/index.ts';
import { createHealthBook, keepWatch, parseCadence } from '#worker/watch/index.ts';
import { createTwoClocks } from './two-clocks.ts';

interface Plan {
  readonly cadence: string;
  readonly zone?: string;
  readonly from?: string;
  readonly hours: number;
  /** What pass 1, 2, 3 … comes to. @default done */
  readonly outcome?: (pass: number) => string;
  readonly passMs?: number;
  /** Sets the wall clock once, when so much time has passed. */
  readonly set?: { readonly afterMs: number; readonly byMs: number };
  readonly random?: number;
}

/** Keeps watch for some hours and answers when its passes began, on the wall and by the clock that only goes on. */
async function watch(plan: Plan) {
  const { cadence, zone = 'UTC', from = '2026-03-02T09:00:00Z', hours, passMs = 2_000 } = plan;
  const clocks = createTwoClocks(from);
  const stop = new AbortController();
  const health = createHealthBook(clocks.elapsed, 15 * MINUTE_MS);
  const begun: { wall: string; elapsedMs: number }[] = [];
  const told: string[] = [];
  let isAtWork = false;
  let isSet = false;
  const advance = (ms: number): void => {
    clocks.pass(ms);
    if (plan.set !== undefined && !isSet && clocks.elapsed() >= plan.set.afterMs) {
      clocks.set(plan.set.byMs);
      isSet = true;
    }
    if (clocks.elapsed() >= hours * HOUR_MS) stop.abort();
  };
  await keepWatch({
    cadence: parseCadence(cadence, zone),
    health,
    clocks,
    signal: stop.signal,
    random: () => plan.random ?? 0,
    wait: async (ms) => {
      expect(ms).toBeLessThanOrEqual(30_000);
      advance(ms);
    },
    pass: async () => {
      expect(isAtWork).toBe(false);
      isAtWork = true;
      begun.push({
        wall: new Date(clocks.wall()).toISOString().slice(0, 19),
        elapsedMs: clocks.elapsed(),
      });
      await Promise.resolve();
      advance(passMs);
      isAtWork = false;
      return plan.outcome?.(begun.length) ?? 'done';
    },
    onPass: (outcome) => told.push(outcome),
  });
  const times = begun.map(({ wall }) => wall.slice(11, 16));
  const gapsMs = begun.slice(1).map(({ elapsedMs }, at) => elapsedMs - (begun[at]?.elapsedMs ?? 0));
  return { begun, times, gapsMs, told, health: health.read() };
}

describe('keepWatch by an interval', () => {
  it('makes a pass at once and one each time the interval has gone by since the last began', async () => {
    const { times, told } = await watch({ cadence: '5m', hours: 0.5 });
    expect(times).toEqual(['09:00', '09:05', '09:10', '09:15', '09:20', '09:25']);
    expect(told).toHaveLength(6);
  });

  it('makes no two at once where a pass takes longer than the interval', async () => {
    const { gapsMs } = await watch({ cadence: '10s', hours: 0.05, passMs: 45_000 });
    expect(new Set(gapsMs)).toEqual(new Set([46_000]));
  });

  it.each([
    ['forward', 5 * HOUR_MS],
    ['back', -5 * HOUR_MS],
  ])('does not care that the wall clock is put %s', async (_where, byMs) => {
    const { gapsMs } = await watch({
      cadence: '5m',
      hours: 1,
      set: { afterMs: 17 * MINUTE_MS, byMs },
    });
    expect(gapsMs).toEqual(Array.from({ length: 11 }, () => 5 * MINUTE_MS));
  });

  it('rests twice as long after each failure, an hour at the most, and as before after a pass that went well', async () => {
    const outcome = (pass: number) => (pass <= 6 ? 'NETWORK' : 'done');
    const { gapsMs } = await watch({ cadence: '5m', hours: 5, outcome });
    expect(gapsMs.slice(0, 8).map((ms) => ms / MINUTE_MS)).toEqual([5, 10, 20, 40, 60, 60, 5, 5]);
  });

  it('does not take another worker at work for a failure', async () => {
    const { gapsMs, health } = await watch({
      cadence: '5m',
      hours: 1,
      outcome: () => 'LEASE_HELD',
    });
    expect(new Set(gapsMs)).toEqual(new Set([5 * MINUTE_MS]));
    expect(health).toMatchObject({ failures: 0, isWell: false });
  });

  it('spreads its passes by a tenth of the interval, half a minute at the most', async () => {
    expect((await watch({ cadence: '1m', hours: 0.1, random: 0.5 })).gapsMs[0]).toBe(62_900);
    expect((await watch({ cadence: '1h', hours: 3, random: 1 })).gapsMs[0]).toBe(HOUR_MS + 30_000);
  });

  it('makes none after it was told to stop in the middle of one', async () => {
    const { begun, told } = await watch({ cadence: '5m', hours: 0.01, passMs: 90_000 });
    expect(begun).toHaveLength(1);
    expect(told).toEqual([]);
  });
});

describe('keepWatch by a calendar', () => {
  it('makes a pass at once, and then at its moments', async () => {
    const { times } = await watch({
      cadence: '0,10 9-11 * * *',
      hours: 2,
      from: '2026-03-02T09:04:00Z',
    });
    expect(times).toEqual(['09:04', '09:10', '10:00', '10:10', '11:00']);
  });

  it('makes one pass where the clock was put forward over several moments', async () => {
    const set = { afterMs: 13 * MINUTE_MS, byMs: 44 * MINUTE_MS };
    const { times } = await watch({ cadence: '*/5 * * * *', hours: 0.5, set });
    expect(times).toEqual(['09:00', '09:05', '09:10', '09:57', '10:00', '10:05', '10:10']);
  });

  it('goes on by the new time where the clock was put back', async () => {
    const set = { afterMs: 12 * MINUTE_MS, byMs: -4 * HOUR_MS };
    const { times } = await watch({ cadence: '*/5 * * * *', hours: 0.5, set });
    expect(times).toEqual(['09:00', '09:05', '09:10', '05:15', '05:20', '05:25']);
  });

  it.each([
    ['in the middle of the pass', 1_000, -3_000],
    ['when it has ended', 10_000, -20_000],
  ])(
    'passes over a moment that comes twice since the clock was put back a little %s',
    async (_when, afterMs, byMs) => {
      const set = { afterMs: 5 * MINUTE_MS + afterMs, byMs };
      const { times } = await watch({ cadence: '*/5 * * * *', hours: 0.3, set });
      expect(times).toEqual(['09:00', '09:05', '09:10', '09:15']);
    },
  );

  it('leaves out moments after failures, more and more of them', async () => {
    const { times } = await watch({
      cadence: '*/5 * * * *',
      hours: 1.5,
      outcome: () => 'SERVER_ERROR',
    });
    expect(times).toEqual(['09:00', '09:05', '09:15', '09:35', '10:15']);
  });

  it('comes every day where every day fails', async () => {
    const { begun } = await watch({
      cadence: '0 9 * * *',
      hours: 24 * 4,
      outcome: () => 'NETWORK',
    });
    expect(begun.map(({ wall }) => wall.slice(8, 16))).toEqual([
      '02T09:00',
      '03T09:00',
      '04T09:00',
      '05T09:00',
    ]);
  });

  const berlin = (cadence: string, from: string) =>
    watch({ cadence, zone: 'Europe/Berlin', from, hours: 26 });

  it('makes a pass for a time of day that the clock left out in spring, once', async () => {
    const { begun } = await berlin('30 2 * * *', '2026-03-28T12:00:00Z');
    expect(begun.map(({ wall }) => wall)).toEqual(['2026-03-28T12:00:00', '2026-03-29T01:00:00']);
  });

  it('makes one pass for a time of day that comes twice in autumn', async () => {
    const { begun } = await berlin('30 2 * * *', '2026-10-24T12:00:00Z');
    expect(begun.map(({ wall }) => wall)).toEqual(['2026-10-24T12:00:00', '2026-10-25T00:30:00']);
  });

  it.each(['2026-03-29T00:00:00Z', '2026-10-25T00:00:00Z'])(
    'keeps to every quarter of an hour in the night of %s',
    async (from) => {
      const { gapsMs } = await watch({
        cadence: '*/15 * * * *',
        zone: 'Europe/Berlin',
        from,
        hours: 3,
      });
      expect(gapsMs).toEqual(Array.from({ length: 11 }, () => 15 * MINUTE_MS));
    },
  );
});

describe('parseCadence', () => {
  it.each([
    '5s',
    '25h',
    '0m',
    '5',
    '5 minutes',
    '* * * * * *',
    '61 * * * *',
    '0 0 30 2 *',
    '',
    '@never',
  ])('refuses %j and says what it takes', (text) => {
    expect(() => parseCadence(text, 'UTC')).toThrow(
      expect.objectContaining({
        code: 'CADENCE_UNREADABLE',
        message: expect.stringContaining(`received \`${text}\``),
      }),
    );
  });

  it.each(['10s', '90s', '5m', '24h', ' 1h '])('takes the interval %j', (text) => {
    expect(parseCadence(text, 'UTC')).toMatchObject({ kind: 'interval' });
  });
});
