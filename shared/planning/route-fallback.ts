import { accept, type Result, refuse } from '#shared/kernel/index.ts';
import type { RouteDecision } from './route.ts';

/** How a try failed: the tool itself broke, or it worked and what it made was no good. */
export type TryFailure = 'tool_fault' | 'poor_result';

/** Failed tries under one decision. */
export interface FailedTries {
  readonly decision: Pick<RouteDecision, 'selectedTool' | 'fallbackChain'>;
  /** Oldest first. */
  readonly failures: readonly { readonly toolId: string; readonly failure: TryFailure }[];
  /** Tries of the task before this decision. */
  readonly attemptsBefore: number;
  /** Total tries of the task. */
  readonly maxAttempts: number;
}

/** The tool to try next; `fromTool` is set where it is another than before. */
export interface NextTool {
  readonly toolId: string;
  readonly fromTool?: string;
}

/** A poor result is tried once more with the same tool. */
const POOR_RESULTS_PER_TOOL = 2;

/**
 * The tool to try after a failure: a fault moves on at once, a poor result tries the same tool once more and then moves on.
 * Refusals: `MAX_ATTEMPTS` before anything else; `NO_ROUTE` where the chain is at its end.
 */
export function nextTool({
  decision,
  failures,
  attemptsBefore,
  maxAttempts,
}: FailedTries): Result<NextTool, { readonly code: 'MAX_ATTEMPTS' | 'NO_ROUTE' }> {
  if (attemptsBefore + failures.length >= maxAttempts) return refuse({ code: 'MAX_ATTEMPTS' });
  const { selectedTool, fallbackChain } = decision;
  const chain = selectedTool === undefined ? [] : [selectedTool, ...fallbackChain];
  const isSpent = (toolId: string): boolean => {
    const own = failures.filter((one) => one.toolId === toolId);
    return (
      own.some(({ failure }) => failure === 'tool_fault') || own.length >= POOR_RESULTS_PER_TOOL
    );
  };
  const toolId = chain.find((one) => !isSpent(one));
  if (toolId === undefined) return refuse({ code: 'NO_ROUTE' });
  const fromTool = failures[failures.length - 1]?.toolId;
  return accept(fromTool === undefined || fromTool === toolId ? { toolId } : { toolId, fromTool });
}
