import { AsyncLocalStorage } from 'node:async_hooks';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type {
  Authentication,
  Continuation,
  ExecutionContext,
  Fetcher,
  ParamDefs,
  ParamValues,
} from '@codahq/packs-sdk';
import type {
  FormulaSpecification,
  PackFunctionResponse,
} from '@codahq/packs-sdk/dist/runtime/types.js';
import * as z from 'zod/mini';
import { DomainError } from '#shared/kernel/index.ts';
import { loadSdkInternals, type SdkInternals } from './sdk-internals.ts';

/** What a formula takes: texts, numbers, booleans, dates, lists of them, or nothing. */
export type PackParams = ParamValues<ParamDefs>;
/** What a formula answers: JSON by value. */
export type PackResult = unknown;
/** One row of a sync table, by the keys the Pack gave it. */
export type PackRow = Readonly<Record<string, unknown>>;

/** Calls the blocks of a built Pack, each call in an isolate of its own, as the platform does. */
export interface PackRunner {
  formula(name: string, params: PackParams): Promise<PackResult>;
  /** The rows of all pages. */
  sync(table: string, params: PackParams): Promise<readonly PackRow[]>;
  connectionName(): Promise<string>;
}

/** Where a built Pack lies, and whom its requests reach. */
export interface PackRunnerOptions {
  readonly bundlePath: string;
  /** Stands in for {@link PRODUCTION_ORIGIN}: `http://127.0.0.1:4711`. */
  readonly localOrigin: string;
  readonly token: string;
  /** The doc's IANA zone. @default 'UTC' */
  readonly timeZone?: string;
}

/** The one address a released Pack calls. Only the last step before the wire is redirected, so its host check stays real. */
const PRODUCTION_ORIGIN = 'https://coda.io';
const MAX_PAGES = 100;

const MetadataSchema = z.looseObject({
  networkDomains: z.array(z.string()),
  defaultAuthentication: z.custom<Authentication>(
    (value) => typeof value === 'object' && value !== null && 'type' in value,
  ),
});

type Metadata = z.infer<typeof MetadataSchema>;

/**
 * A runner for one built bundle. It runs in isolated-vm or not at all: plain Node has globals the platform lacks, and
 * would call a Pack good that fails for every user.
 * Errors: `PACK_VM_MISSING` where isolated-vm does not load, `PACK_METADATA_UNREADABLE`; a call throws what the Pack threw.
 */
export async function createPackRunner(options: PackRunnerOptions): Promise<PackRunner> {
  const { bundlePath } = options;
  const sdk = await loadSdkInternals();
  if (sdk.tryGetIvm() === null) {
    throw new DomainError('PACK_VM_MISSING', 'isolated-vm does not load; run `npm install` again');
  }
  const { FormulaType, MetadataFormulaType, setupIvmContext, executeThunk } = sdk;
  const createContext = prepareContexts(sdk, options, await readMetadata(bundlePath));

  async function call<Spec extends FormulaSpecification>(
    formulaSpec: Spec,
    params: PackParams,
    sync?: { readonly continuation: Continuation | undefined },
  ): Promise<PackFunctionResponse<Spec>> {
    const isolate = await setupIvmContext(bundlePath, {
      ...createContext(),
      ...(sync && { sync }),
    });
    return executeThunk(isolate, { params, formulaSpec }, bundlePath, `${bundlePath}.map`);
  }

  return {
    formula: (formulaName, params) => call({ type: FormulaType.Standard, formulaName }, params),
    async sync(formulaName, params) {
      const rows: PackRow[] = [];
      let continuation: Continuation | undefined;
      for (let page = 0; page < MAX_PAGES; page += 1) {
        const answer = await call({ type: FormulaType.Sync, formulaName }, params, {
          continuation,
        });
        rows.push(...answer.result);
        if (answer.continuation === undefined) return rows;
        continuation = answer.continuation;
      }
      const message = `the table \`${formulaName}\` has more than ${MAX_PAGES} pages`;
      throw new DomainError('PACK_TOO_MANY_PAGES', message);
    },
    async connectionName() {
      const metadataFormulaType = MetadataFormulaType.GetConnectionName;
      return z.string().parse(await call({ type: FormulaType.Metadata, metadataFormulaType }, []));
    },
  };
}

function prepareContexts(
  sdk: SdkInternals,
  { localOrigin, token, timeZone = 'UTC' }: PackRunnerOptions,
  { networkDomains, defaultAuthentication }: Metadata,
): () => ExecutionContext {
  redirectRequests(sdk.requestHelper);
  return () => {
    const context = sdk.newFetcherExecutionContext(
      neverRefreshed,
      defaultAuthentication,
      networkDomains,
      { token },
    );
    const { fetcher } = context;
    const redirected: Fetcher = {
      fetch: (request) => localOrigins.run(localOrigin, () => fetcher.fetch(request)),
    };
    return { ...context, fetcher: redirected, timezone: timeZone };
  };
}

/** A pasted token has nothing to refresh. */
const neverRefreshed = (): void => undefined;
const localOrigins = new AsyncLocalStorage<string>();
let isRedirecting = false;

/**
 * Sends requests made inside a runner's call to its local origin, after the fetcher's host check and Bearer header.
 * An answer of 400 and above is returned: thrown on this side of the VM, it would arrive inside without its status code.
 */
function redirectRequests(helper: SdkInternals['requestHelper']): void {
  if (isRedirecting) return;
  isRedirecting = true;
  const send = helper.makeRequest;
  helper.makeRequest = (request) => {
    const localOrigin = localOrigins.getStore();
    if (localOrigin === undefined) return send(request);
    return send({
      ...request,
      uri: request.uri.replace(PRODUCTION_ORIGIN, localOrigin),
      simple: false,
    });
  };
}

async function readMetadata(bundlePath: string): Promise<Metadata> {
  const path = join(dirname(bundlePath), 'metadata.json');
  try {
    return MetadataSchema.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch (cause) {
    throw new DomainError('PACK_METADATA_UNREADABLE', `\`${path}\` is no Pack metadata`, { cause });
  }
}
