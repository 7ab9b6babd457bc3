import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { toInstant } from '#shared/kernel/index.ts';
import * as monitor from '#shared/planning/index.ts';

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const ms = (n: number) => toInstant(1_000_000_000 + n);
const minute = (n: number) => ms(n * 60_000);
const event = (
  type: string,
  at = minute(0),
  given: Partial<monitor.MonitorEvent> = {},
): monitor.MonitorEvent => ({
  type,
  at,
  entityType: 'task',
  entityId: 'T1',
  payload: {},
  ...given,
});
const see = (...events: monitor.MonitorEvent[]) =>
  monitor.projectMonitor(monitor.NOTHING_SEEN, events);
const measure = (
  events: monitor.MonitorEvent[],
  at = minute(0),
  facts: Partial<monitor.MonitorFacts> = {},
) => monitor.measureAll(see(...events), { at, expectedMs: {}, budgets: [], ...facts });
/** Rules that fire, each with its entity. */
const firing = (...given: Parameters<typeof measure>) => {
  const window = { at: given[1] ?? minute(0), measured: measure(...given) };
  const change = monitor.evaluate(monitor.ALERT_RULES, window, { open: [], sha256 });
  return change.raise.map(({ ruleId, entity }) => `${ruleId} ${entity}`);
};
const many = (count: number, of: (place: number) => monitor.MonitorEvent) =>
  Array.from({ length: count }, (_none, place) => of(place));

describe('ALERT_RULES', () => {
  it('are the rules of the specification', () => {
    const rows = monitor.ALERT_RULES.map((rule) =>
      [rule.ruleId, rule.fires, rule.threshold, rule.windowMs, rule.samplesMin, rule.severity].join(
        ' ',
      ),
    );
    expect(rows).toEqual([
      'failure_rate above 10 300000 20 error',
      'override_burst above 5 600000  error',
      'stuck above 2   error',
      'workstream_stuck above 3600000   warning',
      'run_stalled from 1   warning',
      'breaker_open from 1   error',
      'rolled_back from 1 3600000  critical',
      'retry_rate above 20 1800000 20 warning',
      'worker_silent from 120000   warning',
      'quarantine_burst above 3 3600000  warning',
      'blocked_many above 5   warning',
      'budget from 0   warning',
      'budget_used_up from 100   error',
      'waiver_ending up_to 259200000   info',
      'waiver_expired from 0   warning',
      'price_missing from 1 86400000  warning',
    ]);
    expect(monitor.ALERT_RULES.map((rule) => rule.measure)).toEqual(monitor.MEASURES);
    const longest = Math.max(...monitor.ALERT_RULES.map(({ windowMs = 0 }) => windowMs));
    expect(monitor.LONGEST_WINDOW_MS).toBe(longest);
    expect([monitor.windowOf('overrides'), monitor.windowOf('stuck_ratio')]).toEqual([600_000, 0]);
  });
});

describe('rates over a window', () => {
  const moves = (failed: number, whole: number, at = minute(0)) =>
    many(whole, (place) => event('moved', at, { toState: place < failed ? 'failed' : 'queued' }));

  it.each([
    [2, 20, false],
    [3, 20, true],
    [19, 19, false],
    [20, 20, true],
    [3, 30, false],
    [4, 30, true],
  ])('%i failures of %i transitions fire: %s', (failed, whole, isFired) => {
    expect(firing(moves(failed, whole))).toEqual(isFired ? ['failure_rate ledger'] : []);
  });

  it('count what is younger than five minutes and nothing that is to come', () => {
    expect(firing(moves(20, 20), ms(299_999))).toEqual(['failure_rate ledger']);
    expect(firing(moves(20, 20), ms(300_000))).toEqual([]);
    expect(firing([...moves(0, 20), ...moves(20, 20, minute(1))], minute(0))).toEqual([]);
  });

  const overrides = (count: number) => many(count, () => event('override_recorded'));
  it('override_burst wants more than five in ten minutes', () => {
    expect(firing(overrides(5))).toEqual([]);
    expect(firing(overrides(6))).toEqual(['override_burst ledger']);
    expect(firing(overrides(6), ms(599_999))).toEqual(['override_burst ledger']);
    expect(firing(overrides(6), ms(600_000))).toEqual([]);
  });

  const starts = (retries: number, whole: number) =>
    many(whole, (place) =>
      event('task_started', minute(0), {
        toState: 'running',
        payload: place < retries ? { attempt: 2 } : place % 2 === 0 ? { attempt: 1 } : {},
      }),
    );
  it('retry_rate wants more than a fifth of at least twenty attempts', () => {
    expect(firing(starts(4, 20))).toEqual([]);
    expect(firing(starts(5, 20))).toEqual(['retry_rate ledger']);
    expect(firing(starts(19, 19))).toEqual([]);
    expect(firing(starts(5, 20), ms(1_799_999))).toEqual(['retry_rate ledger']);
    expect(firing(starts(5, 20), ms(1_800_000))).toEqual([]);
  });

  const quarantined = (count: number) =>
    many(count, (place) =>
      event('patch_quarantined', minute(0), {
        entityType: 'patch',
        entityId: `P${place}`,
        toState: 'quarantined',
      }),
    );
  it('quarantine_burst wants more than three in an hour', () => {
    expect(firing(quarantined(3))).toEqual([]);
    expect(firing(quarantined(4), ms(3_599_999))).toEqual(['quarantine_burst ledger']);
    expect(firing(quarantined(4), minute(60))).toEqual([]);
  });

  it('rolled_back fires for each patch that is', () => {
    const back = event('patch_rolled_back', minute(0), {
      entityType: 'patch',
      entityId: 'P1',
      toState: 'rolled_back',
    });
    expect(firing([back])).toEqual(['rolled_back patch/P1']);
    expect(firing([back], ms(3_599_999))).toEqual(['rolled_back patch/P1']);
    expect(firing([back], minute(60))).toEqual([]);
  });

  it('price_missing wants one unpriced entry in a day', () => {
    const cost = (priced?: boolean) =>
      event('cost_recorded', minute(0), { payload: priced === undefined ? {} : { priced } });
    expect(firing([cost(true), cost()])).toEqual([]);
    expect(firing([cost(false)], ms(86_399_999))).toEqual(['price_missing ledger']);
    expect(firing([cost(false)], minute(1440))).toEqual([]);
    expect(firing([event('note_added', minute(0), { payload: { priced: false } })])).toEqual([]);
    const moved = event('task_started', minute(0), {
      toState: 'running',
      payload: { priced: false },
    });
    expect(firing([moved])).toEqual([]);
  });

  it('say what they are made of', () => {
    const rates = measure([...moves(3, 20), ...overrides(2)]).slice(0, 3);
    expect(rates).toEqual([
      { measure: 'failed_percent', entity: 'ledger', value: 15, sampleSize: 20 },
      { measure: 'retry_percent', entity: 'ledger', value: 0, sampleSize: 0 },
      { measure: 'overrides', entity: 'ledger', value: 2, sampleSize: 2 },
    ]);
  });
});

describe('how things stand', () => {
  const running = event('task_started', minute(0), { toState: 'running', runId: 'R1' });

  it('stuck wants more than twice the time expected of that state', () => {
    const facts = { expectedMs: { 'task.running': 60_000 } };
    expect(firing([running], minute(2), facts)).toEqual([]);
    expect(firing([running], ms(120_001), facts)).toEqual(['stuck task/T1']);
    expect(firing([running], minute(9), { expectedMs: { 'task.queued': 1 } })).toEqual([]);
  });

  it('measures nothing of what nobody asks about', () => {
    const other = [
      running,
      event('phase_activated', minute(0), {
        entityType: 'phase',
        entityId: 'F1',
        toState: 'executing',
      }),
      event('workstream_released', minute(0), {
        entityType: 'workstream',
        entityId: 'W1',
        toState: 'ready',
      }),
    ];
    const budgets = [{ budgetId: 'B', state: 'ok', usedPercent: 49 }] as const;
    const rates = measure([]).length;
    expect(measure(other, minute(1), { budgets }).slice(rates)).toEqual([]);
    expect(rates).toBe(5);
  });

  it.each([
    'succeeded',
    'failed',
    'quarantined',
    'canceled',
    'completed',
    'skipped',
    'stopped',
    'crashed',
    'committed',
    'rolled_back',
    'dropped',
    'passed',
    'error',
    'inconclusive',
  ])('forgets what is %s', (toState) => {
    const ended = see(running, event('ended', minute(1), { toState }));
    expect(ended.standing.size).toBe(0);
    expect(see(running).standing.size).toBe(1);
  });

  it('workstream_stuck wants more than an hour of executing without a task that moves', () => {
    const executing = event('workstream_started', minute(0), {
      entityType: 'workstream',
      entityId: 'W1',
      toState: 'executing',
    });
    const moved = event('task_started', minute(30), { toState: 'running', workstreamId: 'W1' });
    const noted = event('note_added', minute(40), { workstreamId: 'W1' });
    expect(firing([executing], minute(60))).toEqual([]);
    expect(firing([executing], ms(3_600_001))).toEqual(['workstream_stuck workstream/W1']);
    expect(firing([executing, moved, noted], minute(90))).toEqual([]);
    expect(firing([executing, moved, noted], ms(5_400_001))).toEqual([
      'workstream_stuck workstream/W1',
    ]);
    const ready = { ...executing, toState: 'ready' };
    expect(firing([ready], minute(600))).toEqual([]);
    const elsewhere = { ...executing, at: minute(30), entityId: 'W2', workstreamId: 'W1' };
    expect(firing([executing, elsewhere], ms(3_600_001))).toEqual([
      'workstream_stuck workstream/W1',
    ]);
  });

  it('worker_silent wants two minutes without a heartbeat', () => {
    const ready = event('worker_became_ready', minute(0), {
      entityType: 'worker',
      entityId: 'K1',
      toState: 'idle',
    });
    const beat = { ...ready, type: 'worker_heartbeat', at: minute(5) };
    const { toState: _state, ...heartbeat } = beat;
    expect(firing([ready], ms(119_999))).toEqual([]);
    expect(firing([ready], minute(2))).toEqual(['worker_silent worker/K1']);
    expect(firing([ready, heartbeat], ms(419_999))).toEqual([]);
    expect(firing([ready, heartbeat], minute(7))).toEqual(['worker_silent worker/K1']);
    expect(firing([heartbeat], minute(99))).toEqual([]);
    expect(see(heartbeat).standing.size).toBe(0);
  });

  it('breaker_open fires while a breaker is open', () => {
    const at = (toState: string) =>
      event('breaker', minute(0), { entityType: 'breaker', entityId: 'B1', toState });
    expect(firing([at('open')])).toEqual(['breaker_open breaker/B1']);
    expect(firing([at('open'), at('half_open')])).toEqual([]);
    expect(firing([{ ...at('open'), entityType: 'task' }])).toEqual([]);
  });

  it('blocked_many wants more than five tasks of one run', () => {
    const blocked = (count: number, runId: string) =>
      many(count, (place) =>
        event('task_blocked', minute(0), {
          entityId: `${runId}${place}`,
          toState: 'blocked',
          runId,
        }),
      );
    expect(firing([...blocked(5, 'R1'), ...blocked(5, 'R2'), running])).toEqual([]);
    expect(firing([...blocked(6, 'R1'), ...blocked(5, 'R2')])).toEqual(['blocked_many run/R1']);
    const streams = blocked(6, 'R1').map((one) => ({ ...one, entityType: 'workstream' }));
    expect(firing(streams)).toEqual([]);
    expect(firing(blocked(6, 'R1').map(({ runId: _run, ...one }) => one))).toEqual([]);
  });

  it('run_stalled fires from the stall that was seen until it ends', () => {
    const run = { entityType: 'run', entityId: 'R1' };
    const stall = event('stall_detected', minute(0), {
      ...run,
      payload: { silentMs: 400_000, thresholdMs: 400_000 },
    });
    expect(firing([stall])).toEqual(['run_stalled run/R1']);
    const later = measure([stall], ms(200_000)).find((one) => one.measure === 'stall_ratio');
    expect(later?.value).toBe(1.5);
    expect(firing([stall, event('stall_cleared', minute(1), run)], minute(1))).toEqual([]);
    expect(firing([stall, event('run_paused', minute(1), { ...run, toState: 'paused' })])).toEqual(
      [],
    );
    expect(firing([stall, event('note_added', minute(0), run)])).toEqual(['run_stalled run/R1']);
    const namesake = { ...running, entityId: 'R1' };
    expect(firing([stall, namesake])).toEqual(['run_stalled run/R1']);
    expect(firing([event('stall_detected', minute(0), run)], ms(1))).toEqual([
      'run_stalled run/R1',
    ]);
    expect(firing([event('stall_detected', minute(0), run)])).toEqual([]);
  });

  it('waiver_ending fires in the last 72 hours, waiver_expired from the end on', () => {
    const expiresAt = minute(72 * 60);
    const granted = event('waiver_granted', minute(0), { payload: { waiverId: 'V1', expiresAt } });
    expect(firing([granted], ms(-1))).toEqual([]);
    expect(firing([granted], minute(0))).toEqual(['waiver_ending waiver/V1']);
    expect(firing([granted], ms(72 * 3_600_000 - 1))).toEqual(['waiver_ending waiver/V1']);
    expect(firing([granted], expiresAt)).toEqual(['waiver_expired waiver/V1']);
    const revoked = event('waiver_revoked', minute(1), { payload: { waiverId: 'V1' } });
    expect(firing([granted, revoked], minute(1))).toEqual([]);
    const odd = event('waiver_granted', minute(0), { payload: { waiverId: 'V1' } });
    const noted = event('note_added', minute(0), { payload: { waiverId: 'V1', expiresAt } });
    expect(firing([noted], minute(0))).toEqual([]);
    const nameless = event('waiver_granted', minute(0), { payload: { expiresAt } });
    expect(see(odd, nameless, noted).waivers.size).toBe(0);
    expect(firing([odd, event('waiver_expired', minute(0), { payload: { expiresAt } })])).toEqual(
      [],
    );
  });

  it.each<[monitor.MonitorBudget, unknown]>([
    [{ budgetId: 'B', state: 'ok', usedPercent: 49 }, undefined],
    [{ budgetId: 'B', state: 'warning', usedPercent: 81, reachedPercent: 80 }, ['budget', 81, 80]],
    [
      { budgetId: 'B', state: 'exhausted', usedPercent: 100, reachedPercent: 100 },
      ['budget_used_up', 100, 100],
    ],
    [{ budgetId: 'B', state: 'exceeded', usedPercent: 120 }, ['budget_used_up', 120, 100]],
    [{ budgetId: 'B', state: 'exceeded', usedPercent: null }, ['budget_used_up', 100, 100]],
  ])('tells of a budget %j', (budget, told) => {
    const measured = measure([], minute(0), { budgets: [budget] });
    const { raise } = monitor.evaluate(
      monitor.ALERT_RULES,
      { at: minute(0), measured },
      { open: [], sha256 },
    );
    expect(raise.map(({ ruleId, value, threshold }) => [ruleId, value, threshold])[0]).toEqual(
      told,
    );
    expect(raise.map(({ entity }) => entity)).toEqual(told === undefined ? [] : ['budget/B']);
  });
});

describe('projectMonitor', () => {
  it('is the same whether events come at once or one by one, and forgets what no window reaches', () => {
    const events = [
      event('override_recorded', minute(0)),
      event('note_added', minute(1)),
      event('task_started', minute(2), { toState: 'running', runId: 'R1' }),
      event('cost_recorded', minute(1440)),
    ];
    const stepwise = events.reduce(
      (seen, one) => monitor.projectMonitor(seen, [one]),
      monitor.NOTHING_SEEN,
    );
    expect(stepwise).toEqual(see(...events));
    expect(stepwise.recent.map(({ type }) => type)).toEqual(['task_started', 'cost_recorded']);
    expect(monitor.projectMonitor(stepwise, [])).toEqual(stepwise);
    expect(monitor.NOTHING_SEEN.recent).toEqual([]);
    const nobody = event('worker_became_ready', minute(0), { toState: 'idle' });
    expect(see(nobody).standing.get('task/T1')).not.toHaveProperty('runId');
    expect(stepwise.standing.get('task/T1')).toStrictEqual({
      entityType: 'task',
      entityId: 'T1',
      state: 'running',
      since: minute(2),
      runId: 'R1',
      lastSignAt: minute(2),
    });
  });
});
