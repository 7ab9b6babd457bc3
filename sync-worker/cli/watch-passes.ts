import { isDomainError, toInstant } from '#shared/kernel/index.ts';
import { createHealthBook, keepWatch, parseCadence, serveHealth } from '#worker/watch/index.ts';
import { tellError } from './explain-error.ts';
import { waitUnless } from './interrupt.ts';
import { readSetUp } from './set-up.ts';
import type { WatchFlags } from './watch-options.ts';

const EVERY = '5m';
/** Units: ms. */
const BEHIND_MS = 900_000;
const NOTHING: PassSummary = { lines: [], json: {} };

/** What a pass did: in lines for a person, the first of them about all of it, and as an object for a program. */
interface PassSummary {
  readonly lines: readonly string[];
  readonly json: object;
}

/**
 * Makes passes by the cadence that was asked for until a signal fires, and prints a line for each. A pass that fails is told and made
 * again; the very first one ends the watch where another try would not help, since somebody is still looking.
 * Errors: `PORT_IN_USE`, `PORT_REFUSED`, those of a first pass, and any bug.
 */
export async function watchPasses(
  flags: WatchFlags & { readonly json?: true },
  signal: AbortSignal,
  pass: () => Promise<PassSummary>,
): Promise<void> {
  const zone = readSetUp()?.zone ?? Intl.DateTimeFormat().resolvedOptions().timeZone;
  const cadence = parseCadence(flags.every ?? EVERY, zone);
  const clocks = { wall: Date.now, elapsed: () => performance.now() };
  const health = createHealthBook(clocks.elapsed, flags.behind ?? BEHIND_MS);
  const { healthPort } = flags;
  const server = healthPort === undefined ? undefined : await serveHealth(health.read, healthPort);
  if (server !== undefined) {
    process.stderr.write(`health: http://127.0.0.1:${server.port}/health\n`);
  }
  let summary: PassSummary = NOTHING;
  const tryPass = async (): Promise<string> => {
    try {
      summary = await pass();
      return 'done';
    } catch (error) {
      const isFirst = health.read().passes === 0;
      const code = codeOf(error);
      if (code === undefined || (isFirst && !mayPass(error))) throw error;
      summary = NOTHING;
      // That it was asked to stop in the middle is no failure.
      if (error instanceof Error && code !== 'INTERRUPTED') tellError(error);
      return code;
    }
  };
  const wait = waitUnless(signal);
  try {
    await keepWatch({
      cadence,
      pass: tryPass,
      health,
      clocks,
      signal,
      wait: (ms) => wait(ms).catch(() => undefined),
      onPass: (outcome, nextInMs) => {
        const at = toInstant(clocks.wall());
        const nextAt = toInstant(clocks.wall() + nextInMs);
        const [line = outcome, ...more] = summary.lines;
        const text = [`${at} ${line}; next ${nextAt}`, ...more].join('\n');
        const json = { at, outcome, nextAt, ...summary.json };
        process.stdout.write(`${flags.json === true ? JSON.stringify(json) : text}\n`);
      },
    });
  } finally {
    await server?.close();
  }
}

/** The code of a failure from outside; nothing for a bug, which no other try mends. */
const codeOf = (error: unknown): string | undefined =>
  error instanceof Error && 'code' in error && typeof error.code === 'string'
    ? error.code
    : undefined;

/** Whether another try may go well though nobody does anything. */
const mayPass = (error: unknown): boolean =>
  isDomainError(error) &&
  (error.retryable || error.code === 'TIMED_OUT' || error.code === 'LEASE_HELD');
