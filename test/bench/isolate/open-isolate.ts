import { newMockExecutionContext } from '@codahq/packs-sdk/dist/development.js';
import type { PackParams, PackResult } from '#worker/local-doc/pack-runner/index.ts';
import { loadSdkInternals } from '#worker/local-doc/pack-runner/sdk-internals.ts';

/** Calls formulas of a built Pack, all in the same isolate, so that nothing of a call is spent on setting one up. */
export async function openIsolate(
  bundlePath: string,
): Promise<(formula: string, params: PackParams) => Promise<PackResult>> {
  const { executeThunk, FormulaType, setupIvmContext } = await loadSdkInternals();
  const isolate = await setupIvmContext(bundlePath, newMockExecutionContext());
  return (formulaName, params) => {
    const formulaSpec = { type: FormulaType.Standard, formulaName } as const;
    return executeThunk(isolate, { params, formulaSpec }, bundlePath, `${bundlePath}.map`);
  };
}
