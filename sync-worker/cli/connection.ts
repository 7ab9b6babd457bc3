import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Command } from 'commander';
import * as z from 'zod/mini';
import { type CodaApi, createCodaApi, isDocId, parseDocAddress } from '#shared/coda/index.ts';
import { type Clock, DomainError, isDomainError } from '#shared/kernel/index.ts';
import {
  CODA_BASE_URL,
  classifyRequest,
  createHttpTransport,
  createPacedTransport,
  type PacedTransport,
  type RequestCounts,
  type Wait,
  waitOnTimer,
} from '#worker/coda/index.ts';
import { logRequests } from '#worker/log/index.ts';
import { learnSecret } from '#worker/secrets/index.ts';
import { waitUnless } from './interrupt.ts';
import { processLog } from './process-log.ts';
import { readToken } from './read-token.ts';
import { readDocSetUp, readSetUp } from './set-up.ts';
import { STATE_FOLDER } from './state-folder.ts';

/** Where a local doc says how it is reached while it is served; see {@link LocalDocState}. */
export const LOCAL_DOC_STATE_FILE = join(STATE_FOLDER, 'local-doc.json');
/** Until a write to a real doc must show: a minute to be applied and five for the snapshot. Units: ms. */
const CODA_LAG_MS = 400_000;

const LOCAL_DOC_STATE = z.object({
  baseUrl: z.string(),
  docId: z.string().check(z.refine(isDocId)),
  token: z.string(),
  profile: z.enum(['instant', 'strict']),
});

/** How a local doc is reached. */
export type LocalDocState = z.infer<typeof LOCAL_DOC_STATE>;

/** A doc, and how to deal with it. */
export interface Connection {
  readonly api: CodaApi;
  readonly docId: string;
  readonly clock: Clock;
  readonly wait: Wait;
  /** How long a write may stay invisible. Units: ms. */
  readonly lagMs: number;
  /** What has been asked so far. */
  readonly counts: () => RequestCounts;
  /** Has requests keep the account's limits together with other processes; for a doc without limits there is nothing to share. */
  readonly share?: PacedTransport['share'];
  /** Has a question asked before every try of a write. */
  readonly guardWrites: PacedTransport['guardWrites'];
  /** Whether it is the doc that is served on this computer, whose token opens no other. */
  readonly isLocal: boolean;
  /** How far the server's clock is ahead of this one, to the second; nothing before it has told. Units: ms. */
  readonly skewMs: () => number | undefined;
}

/** The options of {@link connect} as they are given on the command line. */
export interface ConnectionOptions {
  readonly doc?: string;
}

/** What {@link connect} reads of its surroundings. */
export interface Surroundings {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** @default LOCAL_DOC_STATE_FILE */
  readonly stateFile?: string;
  /** The most tries of any call. @default as many as its failure is worth */
  readonly maxTries?: number;
  /** Ends every wait early. */
  readonly signal?: AbortSignal;
}

type Patience = Pick<Surroundings, 'maxTries' | 'signal'>;

/** Gives a command the options that say which doc it works on. */
export function addConnectionOptions(command: Command): Command {
  return command
    .option('--doc <url or id>', 'the doc (default: the one served here, else that of `init`)')
    .addHelpText(
      'after',
      '\nThe token of a real doc is read from CODA_API_TOKEN, else from what `init` settled; another address of the API from CODA_API_BASE.',
    );
}

/**
 * Connects to the doc named, or to the local doc that is being served. For a doc that is named, a token and an
 * address that are set come before what is known of the local doc. Nothing is sent to a real doc yet.
 * Errors: `DOC_UNNAMED`, `DOC_ADDRESS`, `TOKEN_MISSING`, `LOCAL_DOC_AWAY`, `STATE_UNREADABLE`, `BAD_BASE_URL`.
 */
export async function connect(
  options: ConnectionOptions,
  { env, stateFile = LOCAL_DOC_STATE_FILE, ...patience }: Surroundings,
): Promise<Connection> {
  const served = await readLocalDocState(stateFile);
  const setUp = readSetUp();
  const named = options.doc ?? (served === undefined ? setUp?.doc : undefined);
  if (named === undefined) return connectLocal(served ?? refuseUnnamed(), patience);
  const docId = parseDocId(named);
  // A token that was settled is for the doc it was settled with.
  const token = readToken(env, readDocSetUp(docId));
  return connectNamed({ docId, token, served }, { env, ...patience });
}

function connectNamed(
  { docId, token, served }: NamedDoc,
  { env, ...patience }: Surroundings,
): Promise<Connection> | Connection {
  const local = served?.docId === docId ? served : undefined;
  const place = { ...(local ?? CODA), docId };
  if (token === '') return connectLocal(local ?? refuseWithoutToken(), patience);
  const baseUrl = env['CODA_API_BASE'] ?? place.baseUrl;
  const isLocal = isTokenOf(local, token);
  return open({ ...place, baseUrl, token }, { ...patience, isLocal });
}

interface NamedDoc {
  readonly docId: string;
  readonly token: string;
  /** The doc that is served here, which may be another. */
  readonly served: LocalDocState | undefined;
}

const CODA = { baseUrl: CODA_BASE_URL, profile: 'strict' } as const;

const isTokenOf = (local: LocalDocState | undefined, token: string): boolean =>
  local?.token === token;

function refuseUnnamed(): never {
  const way =
    'add --doc URL, settle one with `founder-hq init --doc URL`, or let `npm start` serve one';
  throw new DomainError('DOC_UNNAMED', `No doc is named and none is served here: ${way}.`);
}

function refuseWithoutToken(): never {
  const way =
    'make a token at https://coda.io/account and set it, or name its file with `founder-hq init`';
  throw new DomainError('TOKEN_MISSING', `CODA_API_TOKEN is not set: ${way}.`);
}

/** The doc's id in its address (`https://coda.io/d/Name_dAbC…/…`), or the id itself. Errors: `DOC_ADDRESS`. */
export function parseDocId(text: string): string {
  const id = parseDocAddress(text);
  if (id !== undefined) return id;
  throw new DomainError(
    'DOC_ADDRESS',
    `\`${text}\` names no doc: expected its address like https://coda.io/d/Founder-HQ_dAbCdEfGhIj, or its id.`,
  );
}

/** Asks once, without the patience a real doc is met with: a local one is there or is not. */
async function connectLocal(state: LocalDocState, patience: Patience): Promise<Connection> {
  learnSecret(state.token);
  try {
    await createCodaApi(createHttpTransport(state)).whoami();
  } catch (error) {
    if (!isDomainError(error) || error.code !== 'NETWORK') throw error;
    const way = 'serve it with `founder-hq local-doc`, or add --doc URL';
    const message = `The local doc at ${state.baseUrl} does not answer: ${way}.`;
    throw new DomainError('LOCAL_DOC_AWAY', message, { cause: error });
  }
  return open(state, { ...patience, isLocal: true });
}

function createWait(signal: AbortSignal | undefined): Wait {
  const wait = signal === undefined ? waitOnTimer : waitUnless(signal);
  return (ms) => {
    processLog({ event: 'waited', ms });
    return wait(ms);
  };
}

/** Coda's manners are those of `strict`: late, and limited. A doc of profile `instant` needs no patience. */
function open(
  { baseUrl, docId, token, profile }: LocalDocState,
  { isLocal, maxTries, signal }: { readonly isLocal: boolean } & Patience,
): Connection {
  const wait = createWait(signal);
  const clock: Clock = Date.now;
  const isPatient = profile === 'strict';
  let skewMs: number | undefined;
  const onServerTime = (serverMs: number): void => {
    skewMs = serverMs - clock();
  };
  const http = logRequests(createHttpTransport({ baseUrl, token, onServerTime }), {
    log: processLog,
    clock,
    classify: classifyRequest,
  });
  const { transport, share, ...paced } = createPacedTransport(http, {
    clock,
    wait,
    ...(isPatient ? {} : { buckets: 'unlimited' }),
    ...(maxTries === undefined ? {} : { maxTries }),
  });
  const api = createCodaApi(transport);
  const parts = { ...paced, api, docId, clock, wait, isLocal, skewMs: () => skewMs };
  return isPatient ? { ...parts, lagMs: CODA_LAG_MS, share } : { ...parts, lagMs: 0 };
}

/** How the local doc is reached, if one was announced. Errors: `STATE_UNREADABLE`. */
export async function readLocalDocState(
  file: string = LOCAL_DOC_STATE_FILE,
): Promise<LocalDocState | undefined> {
  const text = await readFile(file, 'utf8').catch(ifMissing);
  if (text === undefined) return undefined;
  const state = z.safeParse(LOCAL_DOC_STATE, parseJson(text));
  if (state.success) return state.data;
  throw new DomainError('STATE_UNREADABLE', `\`${file}\` cannot be read: delete it and try again.`);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function ifMissing(error: unknown): undefined {
  if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
  throw error;
}
