import { type Instant, type Ms, toEpochMs } from '#shared/kernel/index.ts';
import * as lifecycle from '#shared/lifecycle/index.ts';
import { LONGEST_WINDOW_MS } from './monitor-rules.ts';

/** What the monitor reads of an event; more may be on it. */
export interface MonitorEvent {
  readonly type: string;
  readonly at: Instant;
  readonly entityType: string;
  readonly entityId: string;
  /** Set by a transition only. */
  readonly toState?: string;
  readonly runId?: string;
  readonly workstreamId?: string;
  readonly payload: {
    readonly attempt?: number;
    readonly silentMs?: Ms;
    readonly thresholdMs?: Ms;
    readonly priced?: boolean;
    readonly waiverId?: string;
    readonly expiresAt?: Instant;
  };
}

/** Where one entity stands, and since when. */
export interface Standing {
  readonly entityType: string;
  readonly entityId: string;
  readonly state: string;
  readonly since: Instant;
  readonly runId?: string;
  /** Last sign of life: a heartbeat of a worker, a task's transition of a workstream. */
  readonly lastSignAt: Instant;
}

/** A run that makes no progress. */
export interface Stall {
  readonly silentMs: Ms;
  readonly thresholdMs: Ms;
  readonly at: Instant;
}

/** What the monitor knows: a fold over all events, so it is the same however often it is made again. */
export interface MonitorState {
  /** By `type/id`; what has come to an end is forgotten. */
  readonly standing: ReadonlyMap<string, Standing>;
  /** By run. */
  readonly stalls: ReadonlyMap<string, Stall>;
  /** By waiver: when it ends. */
  readonly waivers: ReadonlyMap<string, Instant>;
  /** Events a rate is made of, oldest first; what no window reaches any more is forgotten. */
  readonly recent: readonly MonitorEvent[];
}

/** What is known before the first event. */
export const NOTHING_SEEN: MonitorState = {
  standing: new Map(),
  stalls: new Map(),
  waivers: new Map(),
  recent: [],
};

const TABLES: readonly Readonly<Record<string, object>>[] = [
  lifecycle.RUN_TRANSITIONS,
  lifecycle.TASK_TRANSITIONS,
  lifecycle.WORKSTREAM_TRANSITIONS,
  lifecycle.PHASE_TRANSITIONS,
  lifecycle.STEP_TRANSITIONS,
  lifecycle.WORKER_TRANSITIONS,
  lifecycle.PATCH_TRANSITIONS,
  lifecycle.GATE_CHECK_TRANSITIONS,
];

/**
 * States that nothing is expected to leave: by name, those without a way out, and `committed`. A failed run may still be
 * quarantined and a committed patch rolled back, but nobody waits for it.
 */
const ENDED: ReadonlySet<string> = new Set([
  ...TABLES.flatMap((table) => Object.entries(table))
    .filter(([, ways]) => Object.keys(ways).length === 0)
    .map(([state]) => state),
  'committed',
]);

/** What the monitor knows after more events, given in their order. */
export function projectMonitor(seen: MonitorState, events: readonly MonitorEvent[]): MonitorState {
  const standing = new Map(seen.standing);
  const stalls = new Map(seen.stalls);
  const waivers = new Map(seen.waivers);
  for (const event of events) {
    follow(standing, event);
    noteStall(stalls, event);
    noteWaiver(waivers, event);
  }
  const last = events[events.length - 1];
  const recent = [...seen.recent, ...events.filter(isCounted)];
  return {
    standing,
    stalls,
    waivers,
    recent: last === undefined ? recent : within(recent, last.at, LONGEST_WINDOW_MS),
  };
}

/** The events of the stretch that ends at a moment, that moment in it and its other end not. */
export function within(
  events: readonly MonitorEvent[],
  until: Instant,
  windowMs: Ms,
): readonly MonitorEvent[] {
  const untilMs = toEpochMs(until);
  return events.filter(({ at }) => {
    const ageMs = untilMs - toEpochMs(at);
    return ageMs >= 0 && ageMs < windowMs;
  });
}

/** Names an entity among all. */
export const entityKey = (entityType: string, entityId: string): string =>
  `${entityType}/${entityId}`;

/** Transitions, and the other events a rate counts. */
const isCounted = ({ type, toState }: MonitorEvent): boolean =>
  toState !== undefined || type === 'override_recorded' || type === 'cost_recorded';

function follow(standing: Map<string, Standing>, event: MonitorEvent): void {
  const { entityType, entityId, toState, at, type, runId } = event;
  const key = entityKey(entityType, entityId);
  if (toState !== undefined && ENDED.has(toState)) standing.delete(key);
  else if (toState !== undefined) {
    const run = runId === undefined ? {} : { runId };
    standing.set(key, { entityType, entityId, state: toState, since: at, ...run, lastSignAt: at });
  } else if (type === 'worker_heartbeat') sign(standing, key, at);
  if (entityType === 'task' && toState !== undefined && event.workstreamId !== undefined) {
    sign(standing, entityKey('workstream', event.workstreamId), at);
  }
}

function sign(standing: Map<string, Standing>, key: string, at: Instant): void {
  const known = standing.get(key);
  if (known !== undefined) standing.set(key, { ...known, lastSignAt: at });
}

function noteStall(stalls: Map<string, Stall>, event: MonitorEvent): void {
  const { type, entityId, entityType, toState, at, payload } = event;
  const { silentMs = 0, thresholdMs = 1 } = payload;
  if (type === 'stall_detected') stalls.set(entityId, { silentMs, thresholdMs, at });
  else if (type === 'stall_cleared') stalls.delete(entityId);
  // A run that is not running does not stall.
  else if (entityType === 'run' && toState !== undefined) stalls.delete(entityId);
}

function noteWaiver(waivers: Map<string, Instant>, { type, payload }: MonitorEvent): void {
  const { waiverId, expiresAt } = payload;
  if (waiverId === undefined) return;
  if (type === 'waiver_granted' && expiresAt !== undefined) waivers.set(waiverId, expiresAt);
  if (type === 'waiver_revoked') waivers.delete(waiverId);
}
