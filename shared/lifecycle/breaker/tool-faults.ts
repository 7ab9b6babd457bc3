/** How a call of a tool came out, as far as its breaker cares. */
export type CallOutcome =
  | 'success'
  | 'spawn_error'
  | 'timeout'
  | 'transport_error'
  | 'server_error'
  | 'test_failed'
  | 'patch_refused'
  | 'rate_limited';

/**
 * Faults of the tool in a row, up to the last call. A success starts the count anew. A failing test, a refused patch and a rate
 * limit say nothing about whether the tool works: they neither count nor start anew.
 */
export function countFaults(outcomes: readonly CallOutcome[]): number {
  return outcomes.reduce((faults, outcome) => {
    if (outcome === 'success') return 0;
    return isToolFault(outcome) ? faults + 1 : faults;
  }, 0);
}

/** Whether an outcome is the tool's own fault. */
export function isToolFault(outcome: CallOutcome): boolean {
  switch (outcome) {
    case 'spawn_error':
    case 'timeout':
    case 'transport_error':
    case 'server_error':
      return true;
    case 'success':
    case 'test_failed':
    case 'patch_refused':
    case 'rate_limited':
      return false;
  }
}
