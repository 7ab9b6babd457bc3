import { DAY_MS, HOUR_MS, MINUTE_MS, type Ms } from '#shared/kernel/index.ts';

/** What is measured of each entity a rule may fire for. */
export const MEASURES = [
  'failed_percent',
  'overrides',
  'stuck_ratio',
  'workstream_silent_ms',
  'stall_ratio',
  'breaker_open',
  'rolled_back',
  'retry_percent',
  'worker_silent_ms',
  'quarantines',
  'blocked_tasks',
  'budget_percent',
  'budget_used_up_percent',
  'waiver_left_ms',
  'waiver_expired_ms',
  'unpriced_entries',
] as const;
/** One of {@link MEASURES}. */
export type Measure = (typeof MEASURES)[number];

/** When to tell people about something. */
export interface AlertRule {
  readonly ruleId: string;
  readonly measure: Measure;
  /** How a value must stand to the threshold for the rule to fire. */
  readonly fires: 'above' | 'from' | 'up_to';
  readonly threshold: number;
  /** With fewer samples it does not fire. @default 1 */
  readonly samplesMin?: number;
  /** How far back it looks; absent for what stands at the moment. */
  readonly windowMs?: Ms;
  readonly severity: 'info' | 'warning' | 'error' | 'critical';
}

/** The samples below which a share says nothing. */
const SHARE_SAMPLES = 20;
/** How long before its end a waiver is told of. */
const WAIVER_NOTICE_MS = 72 * HOUR_MS;

/** The built-in rules. What has two severities is two rules, of which an entity fires one at a time. */
// biome-ignore format: a table is read by its columns
export const ALERT_RULES: readonly AlertRule[] = [
  { ruleId: 'failure_rate',     measure: 'failed_percent',         fires: 'above', threshold: 10,  severity: 'error', windowMs: 5 * MINUTE_MS, samplesMin: SHARE_SAMPLES },
  { ruleId: 'override_burst',   measure: 'overrides',              fires: 'above', threshold: 5,   severity: 'error', windowMs: 10 * MINUTE_MS },
  { ruleId: 'stuck',            measure: 'stuck_ratio',            fires: 'above', threshold: 2,   severity: 'error' },
  { ruleId: 'workstream_stuck', measure: 'workstream_silent_ms',   fires: 'above', threshold: HOUR_MS, severity: 'warning' },
  { ruleId: 'run_stalled',      measure: 'stall_ratio',            fires: 'from',  threshold: 1,   severity: 'warning' },
  { ruleId: 'breaker_open',     measure: 'breaker_open',           fires: 'from',  threshold: 1,   severity: 'error' },
  { ruleId: 'rolled_back',      measure: 'rolled_back',            fires: 'from',  threshold: 1,   severity: 'critical', windowMs: HOUR_MS },
  { ruleId: 'retry_rate',       measure: 'retry_percent',          fires: 'above', threshold: 20,  severity: 'warning', windowMs: 30 * MINUTE_MS, samplesMin: SHARE_SAMPLES },
  { ruleId: 'worker_silent',    measure: 'worker_silent_ms',       fires: 'from',  threshold: 2 * MINUTE_MS, severity: 'warning' },
  { ruleId: 'quarantine_burst', measure: 'quarantines',            fires: 'above', threshold: 3,   severity: 'warning', windowMs: HOUR_MS },
  { ruleId: 'blocked_many',     measure: 'blocked_tasks',          fires: 'above', threshold: 5,   severity: 'warning' },
  { ruleId: 'budget',           measure: 'budget_percent',         fires: 'from',  threshold: 0,   severity: 'warning' },
  { ruleId: 'budget_used_up',   measure: 'budget_used_up_percent', fires: 'from',  threshold: 100, severity: 'error' },
  { ruleId: 'waiver_ending',    measure: 'waiver_left_ms',         fires: 'up_to', threshold: WAIVER_NOTICE_MS, severity: 'info' },
  { ruleId: 'waiver_expired',   measure: 'waiver_expired_ms',      fires: 'from',  threshold: 0,   severity: 'warning' },
  { ruleId: 'price_missing',    measure: 'unpriced_entries',       fires: 'from',  threshold: 1,   severity: 'warning', windowMs: DAY_MS },
];

/** The furthest any rule looks back. */
export const LONGEST_WINDOW_MS: Ms = DAY_MS;

/** How far back the built-in rule of a measure looks; 0 for what stands at the moment. */
export const windowOf = (measure: Measure): Ms =>
  ALERT_RULES.find((rule) => rule.measure === measure)?.windowMs ?? 0;
