import { DomainError } from '#shared/kernel/index.ts';
import { type Wait, waitOnTimer } from '#worker/coda/index.ts';

/** What a shell reports for a program that Ctrl-C ended. */
const EXIT_INTERRUPTED = 130;
const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

let stop: AbortController | undefined;

/**
 * A signal that fires at the first Ctrl-C (or TERM), so that a command can finish the step it is in and leave the rest
 * to its next run; the second Ctrl-C ends the program at once. A command that never asks for it ends at the first.
 */
export function interruptSignal(): AbortSignal {
  if (stop !== undefined) return stop.signal;
  const controller = new AbortController();
  for (const name of SIGNALS) {
    process.on(name, () => {
      if (controller.signal.aborted) process.exit(EXIT_INTERRUPTED);
      controller.abort();
    });
  }
  stop = controller;
  return controller.signal;
}

/** Waits in real time until a signal fires. Errors: `INTERRUPTED` where it does. */
export const waitUnless =
  (signal: AbortSignal): Wait =>
  async (ms) => {
    try {
      await waitOnTimer(ms, signal);
    } catch (cause) {
      const message = 'Stopped in the middle of a wait: the same command goes on from there.';
      throw new DomainError('INTERRUPTED', message, { retryable: true, cause });
    }
  };
