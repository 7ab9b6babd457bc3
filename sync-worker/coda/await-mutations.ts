import type { CodaApi } from '#shared/coda/index.ts';
import { type Clock, isDomainError } from '#shared/kernel/index.ts';
import type { Wait } from './wait.ts';

/** How long to wait for queued changes. */
export interface AwaitMutationsOptions {
  readonly clock: Clock;
  readonly wait: Wait;
  /** When to ask first; 0 for a doc that applies at once. Units: ms. @default 3_000 */
  readonly firstPollMs?: number;
  /** When to stop asking. Units: ms. @default 180_000 */
  readonly giveUpMs?: number;
  /** Awaited before each round of questions; what it throws ends them. */
  readonly onRound?: () => Promise<void>;
}

/** What became of queued changes. Completed does not mean applied: only reading back shows that. */
export interface MutationReport {
  readonly completed: readonly string[];
  readonly warnings: readonly { readonly requestId: string; readonly warning: string }[];
  /** Not known to have completed in time. They may have, or may yet. */
  readonly unconfirmed: readonly string[];
}

const FIRST_POLL_MS = 3_000;
const SHORTEST_PAUSE_MS = 2_000;
const PAUSE_GROWTH = 1.5;
const LONGEST_PAUSE_MS = 15_000;
const GIVE_UP_MS = 180_000;
// The service may not know a change it has just taken in.
const NOT_FOUND_GRACE_MS = 30_000;

/** What one question brought. */
type Standing = 'completed' | 'pending' | 'unknowable';

/**
 * Asks after queued changes until all have completed or the time is up. Changes are applied about in order, so each
 * round asks from the oldest on and stops at the first still pending: as many questions as changes, plus one a round.
 * Errors: those of the API that a later question cannot mend, UNAUTHORIZED above all.
 */
export async function awaitMutations(
  api: Pick<CodaApi, 'mutationStatus'>,
  requestIds: readonly string[],
  options: AwaitMutationsOptions,
): Promise<MutationReport> {
  const { clock, wait, firstPollMs = FIRST_POLL_MS, giveUpMs = GIVE_UP_MS } = options;
  const { onRound = async () => {} } = options;
  const startedAt = clock();
  const warnings: { requestId: string; warning: string }[] = [];
  const standings = new Map<string, Standing>(requestIds.map((id) => [id, 'pending']));
  const listBy = (wanted: Standing): readonly string[] =>
    requestIds.filter((id) => standings.get(id) === wanted);

  const ask = async (requestId: string): Promise<Standing> => {
    try {
      const { isCompleted, warning } = await api.mutationStatus(requestId);
      if (!isCompleted) return 'pending';
      if (warning !== undefined) warnings.push({ requestId, warning });
      return 'completed';
    } catch (error) {
      return toStanding(error, clock() - startedAt);
    }
  };

  let pauseMs = firstPollMs;
  let nextPauseMs = SHORTEST_PAUSE_MS;
  while (listBy('pending').length > 0) {
    await wait(Math.max(0, Math.min(pauseMs, startedAt + giveUpMs - clock())));
    await onRound();
    const isLastRound = clock() - startedAt >= giveUpMs;
    for (const requestId of listBy('pending')) {
      const standing = await ask(requestId);
      standings.set(requestId, standing);
      if (standing === 'pending' && !isLastRound) break;
    }
    if (isLastRound) break;
    pauseMs = nextPauseMs;
    nextPauseMs = Math.min(LONGEST_PAUSE_MS, nextPauseMs * PAUSE_GROWTH);
  }
  return {
    completed: listBy('completed'),
    warnings,
    unconfirmed: requestIds.filter((id) => standings.get(id) !== 'completed'),
  };
}

function toStanding(error: unknown, elapsedMs: number): Standing {
  if (!isDomainError(error)) throw error;
  if (error.code === 'NOT_FOUND') return elapsedMs < NOT_FOUND_GRACE_MS ? 'pending' : 'unknowable';
  // A token that may write one table may not be allowed to ask.
  if (error.code === 'FORBIDDEN') return 'unknowable';
  if (error.retryable || error.code === 'TIMED_OUT') return 'pending';
  throw error;
}
