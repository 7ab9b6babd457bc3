import {
  type FetchRequest,
  type FetchResponse,
  type ParamDefs,
  type ParamValues,
  StatusCodeError,
  type SyncExecutionContext,
} from '@codahq/packs-sdk';
import {
  executeFormulaFromPackDef,
  executeMetadataFormula,
  executeSyncFormulaFromPackDef,
  newMockSyncExecutionContext,
} from '@codahq/packs-sdk/dist/development.js';
import type { CodaRequest } from '#shared/coda/index.ts';
import { FOUNDER_HQ_TABLES } from '#shared/doc/index.ts';
import {
  createDocFromTables,
  type LocalDoc,
  type LocalDocOptions,
} from '#worker/local-doc/index.ts';
import { pack } from '../../pack/pack.ts';

/** The address every example in the Pack is given for. */
export const EXAMPLE_DOC = 'https://coda.io/d/Founder-HQ_dCxcSmXz318';
/** The account every button is pressed by. */
export const DANA = { name: 'Dana', email: 'dana@studio.example' };
const EXAMPLE_DOC_ID = 'CxcSmXz318';
const API_BASE = 'https://coda.io/apis/v1';

type Params = readonly unknown[];
type PackRow = Readonly<Record<string, unknown>>;

/** The Pack's own object, called in this process, over a doc in memory. */
export interface PackBench {
  readonly doc: LocalDoc;
  /** Every request so far, as the platform's fetcher was given it. */
  readonly seen: FetchRequest[];
  readonly formula: (name: string, ...params: Params) => Promise<unknown>;
  readonly sync: (table: string, ...params: Params) => Promise<readonly PackRow[]>;
  readonly connectionName: () => Promise<unknown>;
  /** What the parameter `doc` offers for a search. */
  readonly docOptions: (search: string) => Promise<unknown>;
}

/** A bench over a fresh, empty Founder HQ doc. */
export function openPackBench(options: Partial<LocalDocOptions> = {}): PackBench {
  const doc = createDocFromTables(FOUNDER_HQ_TABLES, {
    clock: () => Date.now(),
    seed: 1,
    people: [DANA],
    ...options,
  });
  const seen: FetchRequest[] = [];

  async function fetch(request: FetchRequest): Promise<FetchResponse> {
    seen.push(request);
    const { status, body } = await doc.transport(toCodaRequest(request, doc.docId));
    // In this process the platform's fetcher throws; in the VM its runtime does.
    if (status >= 400) {
      throw new StatusCodeError(status, body, request, { body, headers: {} });
    }
    return { status, body, headers: {} };
  }

  const createContext = (): SyncExecutionContext => {
    const context = newMockSyncExecutionContext();
    context.fetcher.fetch.callsFake(fetch);
    return context;
  };
  const asIs = { useDeprecatedResultNormalization: false };

  return {
    doc,
    seen,
    formula: (name, ...params) =>
      run(executeFormulaFromPackDef(pack, name, asParams(params), createContext(), asIs)),
    sync: (table, ...params) =>
      run(executeSyncFormulaFromPackDef(pack, table, asParams(params), createContext(), asIs)),
    connectionName: () => {
      const auth = pack.defaultAuthentication;
      const formula =
        auth !== undefined && 'getConnectionName' in auth ? auth.getConnectionName : undefined;
      if (formula === undefined) throw new Error('no getConnectionName');
      return run(executeMetadataFormula(formula, {}, createContext()));
    },
    docOptions: (search) => {
      const autocomplete = pack.formulas
        .flatMap(({ parameters }) => parameters)
        .find(({ name }) => name === 'doc')?.autocomplete;
      if (autocomplete === undefined) throw new Error('no autocomplete');
      return run(executeMetadataFormula(autocomplete, { search }, createContext()));
    },
  };
}

const asParams = (params: Params) => params as ParamValues<ParamDefs>;

const run = <Value>(work: Promise<Value>): Promise<Value> => work.catch(rethrowCause);

function toCodaRequest({ method, url, body }: FetchRequest, docId: string): CodaRequest {
  if (!url.startsWith(API_BASE)) throw new Error(`the Pack called ${url}`);
  const { pathname, searchParams } = new URL(url);
  return {
    method: method as CodaRequest['method'],
    path: pathname.slice('/apis/v1'.length).replace(EXAMPLE_DOC_ID, docId),
    query: Object.fromEntries(searchParams),
    ...(body === undefined ? {} : { body: JSON.parse(String(body)) }),
  };
}

/** The SDK wraps what a block throws; the tests are about what it threw. */
function rethrowCause(error: unknown): never {
  throw error instanceof Error && error.cause instanceof Error ? error.cause : error;
}
