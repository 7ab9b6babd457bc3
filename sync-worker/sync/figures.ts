import * as z from 'zod/mini';
import type { WorkflowVariance } from '#shared/doc/index.ts';
import { type Instant, isInstant } from '#shared/kernel/index.ts';
import { canonicalJson } from '#shared/ledger/index.ts';
import { type LeaseMark, type Store, toJson } from '#worker/store/index.ts';

/** The figures a tick kept. */
export interface Figures {
  readonly asOf: Instant;
  readonly headline: string;
  readonly variance: readonly WorkflowVariance[];
}

const COLLECTION = 'figures';
const LATEST = 'latest';
const RATIO = z.nullable(z.number());
const FIGURES = z.object({
  asOf: z.custom<Instant>((value) => typeof value === 'string' && isInstant(value)),
  headline: z.string(),
  variance: z.array(
    z.object({
      groupId: z.string(),
      bucket: z.enum(['resolved', 'conflict', 'unresolved']),
      workflow: z.string(),
      nTasks: z.number(),
      nRuns: z.number(),
      estimateHours: z.number(),
      actualHours: z.number(),
      allHours: z.number(),
      unestimatedHours: z.number(),
      typical: RATIO,
      total: RATIO,
      p10: z.number(),
      p90: z.number(),
      state: z.string(),
      since: z.nullable(z.string()),
      needed: z.number(),
    }),
  ),
});

/** Keeps figures that differ from the last ones; the same figures stay as of when they were first seen. */
export async function keepFigures(store: Store, figures: Figures, under: LeaseMark): Promise<void> {
  const last = await readFigures(store);
  const isSame =
    last !== undefined &&
    canonicalJson(toJson(last.variance)) === canonicalJson(toJson(figures.variance));
  if (isSame) return;
  await store.transaction((transaction) => transaction.put(COLLECTION, LATEST, toJson(figures)), {
    under,
  });
}

/** The figures of the last tick that changed them, or nothing before the first. */
export async function readFigures(store: Store): Promise<Figures | undefined> {
  const last = await store.get(COLLECTION, LATEST);
  return last === undefined ? undefined : z.safeParse(FIGURES, last).data;
}
