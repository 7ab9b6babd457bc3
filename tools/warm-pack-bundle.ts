import type { TestProject } from 'vitest/node';
import { buildPackBundle } from '#worker/local-doc/pack-runner/index.ts';

/** Builds the Pack's bundle once, before several test files ask for it at the same time. */
export async function setup({ vitest }: TestProject): Promise<void> {
  // Only the whole run measures coverage; a run of a few files builds the bundle when one of them needs it.
  if (!vitest.config.coverage.enabled) return;
  await buildPackBundle().catch((error: unknown) => {
    // A Pack that does not build is for the tests that need it to report.
    console.error(String(error));
  });
}
