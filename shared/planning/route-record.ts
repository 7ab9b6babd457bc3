import { type Ms, sortAscending } from '#shared/kernel/index.ts';
import { quantile } from '#shared/variance/index.ts';
import type { ToolRecord } from './route-model.ts';

/** One finished try of a tool. */
export interface ToolTry {
  readonly isSuccess: boolean;
  readonly durationMs: Ms;
}

/** How many of a tool's last tries count: what it did long ago says little of what it does now. */
export const RECORD_TRIES = 200;

/** A tool's tries with one more, oldest first, without those too old to count. */
export const recordTry = (tries: readonly ToolTry[], last: ToolTry): readonly ToolTry[] =>
  [...tries, last].slice(-RECORD_TRIES);

/** How a tool has done over its last tries; times are of all tries, since a failure takes its time too. */
export function toToolRecord(tries: readonly ToolTry[]): ToolRecord {
  const counted = tries.slice(-RECORD_TRIES);
  const record = {
    tries: counted.length,
    successes: counted.filter(({ isSuccess }) => isSuccess).length,
  };
  if (counted.length === 0) return record;
  const durations = sortAscending(counted.map(({ durationMs }) => durationMs));
  return { ...record, p50Ms: quantile(durations, 0.5), p90Ms: quantile(durations, 0.9) };
}
