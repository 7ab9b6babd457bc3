import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { LOCAL_DOC_STATE_FILE, type LocalDocState, readLocalDocState } from './connection.ts';

/** Long enough for a server on this computer. Units: ms. */
const ANSWER_MS = 1_000;

/**
 * Says how the local doc is reached while it is served, so that other commands find it without being told. Only this
 * account can read the file, since the token in it opens the doc. A doc that another process serves keeps its place.
 * Returns whether this doc is the one that is found.
 */
export async function announceLocalDoc(
  state: LocalDocState,
  path = LOCAL_DOC_STATE_FILE,
): Promise<boolean> {
  const other = await findServedDoc(path);
  if (other !== undefined && other.baseUrl !== state.baseUrl) return false;
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `${JSON.stringify(state, undefined, 2)}\n`, { mode: 0o600 });
  return true;
}

/** Takes the announcement of this doc back when its serving ends; another's stays. */
export function withdrawLocalDoc({ baseUrl }: LocalDocState, path = LOCAL_DOC_STATE_FILE): void {
  const isOurs = existsSync(path) && readFileSync(path, 'utf8').includes(`"${baseUrl}"`);
  if (isOurs) rmSync(path, { force: true });
}

/** The local doc that is announced and answers; one whose process is gone is none. */
export async function findServedDoc(
  path = LOCAL_DOC_STATE_FILE,
): Promise<LocalDocState | undefined> {
  const state = await readLocalDocState(path).catch(() => undefined);
  if (state === undefined) return undefined;
  const headers = { authorization: `Bearer ${state.token}` };
  const signal = AbortSignal.timeout(ANSWER_MS);
  const answer = await fetch(`${state.baseUrl}/whoami`, { headers, signal }).catch(() => undefined);
  return answer?.ok === true ? state : undefined;
}
