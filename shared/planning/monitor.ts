import {
  type Instant,
  MINUTE_MS,
  type Ms,
  type Sha256,
  toEpochMs,
  toUlid,
} from '#shared/kernel/index.ts';
import type { Measurement } from './monitor-measure.ts';
import type { AlertRule } from './monitor-rules.ts';

/** Something people were told of. Of one rule and entity at most one is open. */
export interface Alert {
  readonly alertId: string;
  readonly ruleId: string;
  readonly severity: AlertRule['severity'];
  /** `type/id`, or `ledger`. */
  readonly entity: string;
  readonly openedAt: Instant;
  /** Absent while it is open. */
  readonly clearedAt?: Instant;
  /** As measured when it was raised. */
  readonly value: number;
  readonly threshold: number;
  readonly sampleSize: number;
}

/** An alert that is open, and when its rule last fired. */
export interface OpenAlert extends Alert {
  readonly lastFiredAt: Instant;
}

/** What an evaluation changes. */
export interface AlertChange {
  readonly raise: readonly Alert[];
  readonly clear: readonly Alert[];
  /** The alerts that are open from now on; the next evaluation takes them. */
  readonly open: readonly OpenAlert[];
}

/** Clean windows in a row after which an alert is cleared. */
export const CLEAN_WINDOWS = 2;
/** How long a window is of a rule that looks at the moment. */
export const MOMENT_WINDOW_MS: Ms = MINUTE_MS;

/**
 * Holds the measured values against the rules: what fires and is not open is raised, what has not fired for two windows is cleared.
 * An alert whose rule is gone is cleared like one that is clean. Its id comes from what it says, so an evaluation done twice raises one alert.
 */
export function evaluate(
  rules: readonly AlertRule[],
  window: { readonly at: Instant; readonly measured: readonly Measurement[] },
  { open, sha256 }: { readonly open: readonly OpenAlert[]; readonly sha256: Sha256 },
): AlertChange {
  const { at } = window;
  const firing = new Map(
    rules.flatMap((rule) =>
      window.measured
        .filter((measurement) => isFiring(rule, measurement))
        .map((measurement) => [nameOf(rule.ruleId, measurement.entity), { rule, measurement }]),
    ),
  );
  const still = open.map((alert) =>
    firing.has(nameOf(alert.ruleId, alert.entity)) ? { ...alert, lastFiredAt: at } : alert,
  );
  const known = new Set(open.map(({ ruleId, entity }) => nameOf(ruleId, entity)));
  const raise = [...firing]
    .filter(([name]) => !known.has(name))
    .map(([name, { rule, measurement }]) => {
      const alertId = toUlid(toEpochMs(at), sha256(`${name} ${at}`));
      return toAlert(alertId, rule, { measurement, at });
    });
  const isClean = ({ ruleId, lastFiredAt }: OpenAlert): boolean => {
    const windowMs = rules.find((rule) => rule.ruleId === ruleId)?.windowMs ?? MOMENT_WINDOW_MS;
    return toEpochMs(at) - toEpochMs(lastFiredAt) >= CLEAN_WINDOWS * windowMs;
  };
  return {
    raise,
    clear: still.filter(isClean).map(({ lastFiredAt: _last, ...alert }) => ({
      ...alert,
      clearedAt: at,
    })),
    open: [
      ...still.filter((alert) => !isClean(alert)),
      ...raise.map((alert) => ({ ...alert, lastFiredAt: at })),
    ],
  };
}

function isFiring(rule: AlertRule, measurement: Measurement): boolean {
  const { measure, value, sampleSize, threshold = rule.threshold } = measurement;
  if (measure !== rule.measure || sampleSize < (rule.samplesMin ?? 1)) return false;
  switch (rule.fires) {
    case 'above':
      return value > threshold;
    case 'from':
      return value >= threshold;
    case 'up_to':
      return value <= threshold;
  }
}

function toAlert(
  alertId: string,
  rule: AlertRule,
  { measurement, at }: { readonly measurement: Measurement; readonly at: Instant },
): Alert {
  const { entity, value, sampleSize, threshold = rule.threshold } = measurement;
  const { ruleId, severity } = rule;
  return { alertId, ruleId, severity, entity, openedAt: at, value, threshold, sampleSize };
}

const nameOf = (ruleId: string, entity: string): string => `${ruleId} ${entity}`;
