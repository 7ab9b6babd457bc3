import type * as bootstrap from '@codahq/packs-sdk/dist/runtime/bootstrap/index.js';
import type * as runtime from '@codahq/packs-sdk/dist/runtime/types.js';
import type * as compiling from '@codahq/packs-sdk/dist/testing/compile.js';
import type * as fetching from '@codahq/packs-sdk/dist/testing/fetcher.js';
import type * as isolating from '@codahq/packs-sdk/dist/testing/ivm_helper.js';
import type * as wrapping from '@codahq/packs-sdk/dist/testing/ivm_wrapper.js';

/** The SDK's own compiler and VM. They are not public API, so the SDK's version is pinned exactly. */
export type SdkInternals = Pick<typeof compiling, 'compilePackBundle'> &
  Pick<typeof isolating, 'setupIvmContext'> &
  Pick<typeof wrapping, 'tryGetIvm'> &
  Pick<typeof fetching, 'newFetcherExecutionContext' | 'requestHelper'> &
  Pick<typeof bootstrap, 'executeThunk'> &
  Pick<typeof runtime, 'FormulaType' | 'MetadataFormulaType'>;

/** Loads them, which takes a moment: only for those who build or run a Pack. */
export async function loadSdkInternals(): Promise<SdkInternals> {
  // The SDK's modules import one another in a circle that breaks unless it is entered here.
  await import('@codahq/packs-sdk/dist/cli/config_storage.js');
  const [compiler, isolate, wrapper, fetcher, thunk, types] = await Promise.all([
    import('@codahq/packs-sdk/dist/testing/compile.js'),
    import('@codahq/packs-sdk/dist/testing/ivm_helper.js'),
    import('@codahq/packs-sdk/dist/testing/ivm_wrapper.js'),
    import('@codahq/packs-sdk/dist/testing/fetcher.js'),
    import('@codahq/packs-sdk/dist/runtime/bootstrap/index.js'),
    import('@codahq/packs-sdk/dist/runtime/types.js'),
  ]);
  return {
    compilePackBundle: compiler.compilePackBundle,
    setupIvmContext: isolate.setupIvmContext,
    tryGetIvm: wrapper.tryGetIvm,
    newFetcherExecutionContext: fetcher.newFetcherExecutionContext,
    requestHelper: fetcher.requestHelper,
    executeThunk: thunk.executeThunk,
    FormulaType: types.FormulaType,
    MetadataFormulaType: types.MetadataFormulaType,
  };
}
