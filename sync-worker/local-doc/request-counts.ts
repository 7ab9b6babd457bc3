/** How many calls a local doc has answered since it was opened, each counted under every name that fits it. */
export interface RequestCounts {
  /** GET. */
  readonly reads: number;
  /** Everything else. */
  readonly writes: number;
  /** Calls that change rows: inserts, upserts, updates, pushes and deletions. */
  readonly contentWrites: number;
  /** Pages of row listings. */
  readonly listPages: number;
  /** Questions for the status of a change. */
  readonly statusPolls: number;
  /** Answers of 429. */
  readonly rateLimited: number;
  /** Connections that a fault broke, and pages of a broken gateway. */
  readonly faults: number;
}

/** The counts before any call. */
export const NO_REQUESTS: RequestCounts = {
  reads: 0,
  writes: 0,
  contentWrites: 0,
  listPages: 0,
  statusPolls: 0,
  rateLimited: 0,
  faults: 0,
};

/** The counts after one more call that was let through. */
export function countRequest(
  counts: RequestCounts,
  call: { readonly method: string; readonly path: string },
): RequestCounts {
  const isRead = call.method === 'GET';
  const isRows = call.path.includes('/rows');
  return {
    ...counts,
    reads: counts.reads + Number(isRead),
    writes: counts.writes + Number(!isRead),
    contentWrites: counts.contentWrites + Number(!isRead && isRows),
    listPages: counts.listPages + Number(isRead && call.path.endsWith('/rows')),
    statusPolls: counts.statusPolls + Number(call.path.startsWith('/mutationStatus')),
  };
}
