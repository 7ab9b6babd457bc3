import type { Behaviour, Bucket } from './behaviour.ts';

/** Counts one user's calls; true where one more is allowed, which it then counts. */
export type RequestLimits = (bucket: Bucket, nowMs: number) => boolean;

/** The limits of a behaviour, as windows that slide: never more than `count` calls in any `windowMs`. */
export function createRequestLimits({ limits }: Behaviour): RequestLimits {
  const callsAtMs = new Map<Bucket, number[]>();
  return (bucket, nowMs) => {
    if (limits === undefined || bucket === 'free') return true;
    const { count, windowMs } = limits[bucket];
    const recent = (callsAtMs.get(bucket) ?? []).filter((atMs) => atMs > nowMs - windowMs);
    callsAtMs.set(bucket, recent);
    if (recent.length >= count) return false;
    recent.push(nowMs);
    return true;
  };
}
