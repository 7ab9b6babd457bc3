import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod/mini';
import { type Instant, isInstant } from '#shared/kernel/index.ts';

const LAST_PASS = z.object({
  endedAt: z.custom<Instant>((value) => typeof value === 'string' && isInstant(value)),
  /** `done`, or the code of what it failed with. */
  outcome: z.string(),
});

/** When the last pass from this folder ended, and how. */
export type LastPass = z.infer<typeof LAST_PASS>;

const fileOf = (folder: string, docId: string): string => join(folder, `last-pass-${docId}.json`);

/** Notes how a pass ended. A note that cannot be written is none: the pass itself counts, and is in the ledger. */
export function keepLastPass(folder: string, docId: string, pass: LastPass): void {
  if (!existsSync(folder)) return;
  try {
    writeFileSync(fileOf(folder, docId), `${JSON.stringify(pass)}\n`, { mode: 0o600 });
  } catch {
    // The doctor says so when it finds the folder full or closed.
  }
}

/** How the last pass from this folder ended, where that is known. */
export function readLastPass(folder: string, docId: string): LastPass | undefined {
  try {
    return z.safeParse(LAST_PASS, JSON.parse(readFileSync(fileOf(folder, docId), 'utf8'))).data;
  } catch {
    return undefined;
  }
}
