import type { BudgetState } from '#shared/cost/index.ts';
import { type Instant, type Ms, toEpochMs } from '#shared/kernel/index.ts';
import { type Measure, windowOf } from './monitor-rules.ts';
import {
  entityKey,
  type MonitorEvent,
  type MonitorState,
  type Standing,
  within,
} from './monitor-state.ts';

/** One value of one entity at one moment. */
export interface Measurement {
  readonly measure: Measure;
  /** `type/id`; `ledger` for what is of everything. */
  readonly entity: string;
  readonly value: number;
  readonly sampleSize: number;
  /** What the value is held against instead of the rule's own threshold. */
  readonly threshold?: number;
}

/** What the events do not say. */
export interface MonitorFacts {
  readonly at: Instant;
  /** How long an entity is expected to be in a state, by `type.state`; where none is given, nothing is stuck. Units: ms. */
  readonly expectedMs: Readonly<Record<string, Ms>>;
  readonly budgets: readonly MonitorBudget[];
}

/** How a budget stands. */
export interface MonitorBudget {
  readonly budgetId: string;
  readonly state: BudgetState;
  readonly usedPercent: number | null;
  /** The highest threshold that was reached; absent where none was. */
  readonly reachedPercent?: number;
}

const EVERYTHING = 'ledger';
/** What a budget that allows nothing is at once something is spent. */
const ALL_PERCENT = 100;

/** Every value the alert rules read, at one moment. */
export const measureAll = (seen: MonitorState, facts: MonitorFacts): readonly Measurement[] => [
  ...measureRates(seen.recent, facts.at),
  ...measureStates(seen, facts),
  ...facts.budgets.flatMap(measureBudget),
];

function measureRates(recent: readonly MonitorEvent[], at: Instant): readonly Measurement[] {
  const windowed = (measure: Measure): readonly MonitorEvent[] =>
    within(recent, at, windowOf(measure));
  const moves = windowed('failed_percent').filter(({ toState }) => toState !== undefined);
  const starts = windowed('retry_percent').filter(({ type }) => type === 'task_started');
  const retries = starts.filter(({ payload }) => (payload.attempt ?? 1) > 1);
  const failed = moves.filter(({ toState }) => toState === 'failed');
  const count = (measure: Measure, isOne: (event: MonitorEvent) => boolean): Measurement => {
    const value = windowed(measure).filter(isOne).length;
    return { measure, entity: EVERYTHING, value, sampleSize: value };
  };
  return [
    share('failed_percent', failed.length, moves.length),
    share('retry_percent', retries.length, starts.length),
    count('overrides', ({ type }) => type === 'override_recorded'),
    count('quarantines', ({ type }) => type === 'patch_quarantined'),
    count(
      'unpriced_entries',
      ({ type, payload }) => type === 'cost_recorded' && payload.priced === false,
    ),
    ...windowed('rolled_back')
      .filter(({ type }) => type === 'patch_rolled_back')
      .map(({ entityId }) => one('rolled_back', entityKey('patch', entityId), 1)),
  ];
}

function measureStates(seen: MonitorState, facts: MonitorFacts): readonly Measurement[] {
  const { at } = facts;
  const sinceMs = (from: Instant): Ms => toEpochMs(at) - toEpochMs(from);
  const standing = [...seen.standing].flatMap(([entity, own]) =>
    measureStanding(entity, own, facts).concat(measureSilence(entity, own, sinceMs)),
  );
  const stalls = [...seen.stalls].map(([runId, { silentMs, thresholdMs, at: since }]) =>
    one('stall_ratio', entityKey('run', runId), (silentMs + sinceMs(since)) / thresholdMs),
  );
  const waivers = [...seen.waivers].map(([waiverId, endsAt]) => {
    const leftMs = -sinceMs(endsAt);
    const entity = entityKey('waiver', waiverId);
    return leftMs > 0
      ? one('waiver_left_ms', entity, leftMs)
      : one('waiver_expired_ms', entity, sinceMs(endsAt));
  });
  return [...standing, ...countBlocked(seen), ...stalls, ...waivers];
}

function measureStanding(
  entity: string,
  { entityType, state, since }: Standing,
  { at, expectedMs }: MonitorFacts,
): readonly Measurement[] {
  const expected = expectedMs[`${entityType}.${state}`];
  const stuck =
    expected === undefined
      ? []
      : [one('stuck_ratio', entity, (toEpochMs(at) - toEpochMs(since)) / expected)];
  const isOpen = entityType === 'breaker' && state === 'open';
  return isOpen ? [...stuck, one('breaker_open', entity, 1)] : stuck;
}

function measureSilence(
  entity: string,
  { entityType, state, lastSignAt }: Standing,
  sinceMs: (from: Instant) => Ms,
): readonly Measurement[] {
  if (entityType === 'worker') return [one('worker_silent_ms', entity, sinceMs(lastSignAt))];
  const isExecuting = entityType === 'workstream' && state === 'executing';
  return isExecuting ? [one('workstream_silent_ms', entity, sinceMs(lastSignAt))] : [];
}

function countBlocked({ standing }: MonitorState): readonly Measurement[] {
  const counts = new Map<string, number>();
  for (const { entityType, state, runId } of standing.values()) {
    if (entityType !== 'task' || state !== 'blocked' || runId === undefined) continue;
    counts.set(runId, (counts.get(runId) ?? 0) + 1);
  }
  return [...counts].map(([runId, value]) => one('blocked_tasks', entityKey('run', runId), value));
}

/** What is used up is not also told as a threshold. */
function measureBudget({
  budgetId,
  state,
  usedPercent,
  reachedPercent,
}: MonitorBudget): readonly Measurement[] {
  const entity = entityKey('budget', budgetId);
  const value = usedPercent ?? ALL_PERCENT;
  if (state === 'exhausted' || state === 'exceeded') {
    return [one('budget_used_up_percent', entity, value)];
  }
  if (reachedPercent === undefined) return [];
  return [{ ...one('budget_percent', entity, value), threshold: reachedPercent }];
}

/** A share in percent. Nothing out of nothing is no share: with no sample no rule fires. */
const share = (measure: Measure, part: number, whole: number): Measurement => ({
  measure,
  entity: EVERYTHING,
  value: whole === 0 ? 0 : (100 * part) / whole,
  sampleSize: whole,
});

const one = (measure: Measure, entity: string, value: number): Measurement => ({
  measure,
  entity,
  value,
  sampleSize: 1,
});
