import { type Clock, DomainError } from '#shared/kernel/index.ts';
import type { Wait } from '#worker/coda/index.ts';
import type { LoadTable } from './wanted-rows.ts';

/** How a history is loaded. */
export interface LoadOptions {
  readonly clock: Clock;
  readonly wait: Wait;
  /** How long a write may stay invisible; 0 for a doc that shows every write at once. Units: ms. */
  readonly lagMs: number;
  /** When something was last sent to this doc, kept where a crash does not reach it. @default forgotten */
  readonly sentMark?: SentMark | undefined;
  readonly onProgress?: ((progress: LoadProgress) => void) | undefined;
  /** Stops the import between two requests. */
  readonly signal?: AbortSignal | undefined;
}

/** Remembers across runs when something was last sent, so that the next run knows which listings to believe. */
export interface SentMark {
  /** Units: ms since 1970. */
  readonly lastSentAt: () => Promise<number | undefined>;
  readonly noteSent: (atMs: number) => Promise<void>;
}

/** How far an import has come. */
export type LoadProgress =
  /** An earlier import's last writes may not show yet. */
  | { readonly phase: 'waiting'; readonly waitMs: number }
  /** `done` and `total` count rows. */
  | {
      readonly phase: 'writing' | 'checking';
      readonly table: LoadTable;
      readonly done: number;
      readonly total: number;
    };

/** What an import did to one table. */
export interface TableReport {
  /** Rows the file asks for. */
  readonly wanted: number;
  /** Of these, the rows that are in the doc now. */
  readonly found: number;
  /** Rows sent, repeats included; 0 where all were there. */
  readonly sent: number;
}

/** One thing the doc says otherwise than the file. */
export interface Difference {
  readonly table: LoadTable;
  /** Its key, or the row id where it is known by that. */
  readonly key: string;
  /** `changed`: people have written something else, which stays. The others are for somebody to mend. */
  readonly kind: 'missing' | 'doubled' | 'changed';
  readonly message: string;
}

/** Errors: `INTERRUPTED` once the signal says so. */
export function throwIfStopped(signal: AbortSignal | undefined): void {
  if (signal?.aborted !== true) return;
  const message = 'Stopped before the end; run the same command again to go on.';
  throw new DomainError('INTERRUPTED', message, { retryable: true });
}
