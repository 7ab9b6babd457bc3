import { toInstant } from '#shared/kernel/index.ts';

const STEPS = 100;
const at = toInstant(Date.UTC(2026, 2, 2));

/** What each event says, in the words of a store that keeps data and metadata apart. */
export const toFacts = (index: number) => ({
  data: { run: `01J${index}`, task: 'Audit Acme', phase: 'work', note: 'x'.repeat(120) },
  metadata: { at, actor: 'dana@example.com' },
});

/** Events a second over a hundred steps, in ten streams. */
export async function measureSteps(
  append: (stream: string, size: number, step: number) => Promise<unknown>,
  size: number,
): Promise<number> {
  const startMs = performance.now();
  for (let step = 0; step < STEPS; step += 1) await append(`desk/${step % 10}`, size, step);
  return (STEPS * size * 1_000) / (performance.now() - startMs);
}
