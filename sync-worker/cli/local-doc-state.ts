import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { LOCAL_DOC_STATE_FILE, type LocalDocState } from './connection.ts';

/**
 * Says how the local doc is reached while it is served, so that other commands find it without being told. Only this
 * account can read the file, since the token in it opens the doc.
 */
export function announceLocalDoc(state: LocalDocState, path = LOCAL_DOC_STATE_FILE): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `${JSON.stringify(state, undefined, 2)}\n`, { mode: 0o600 });
}

/** Takes the announcement back when the serving ends. */
export function withdrawLocalDoc(path = LOCAL_DOC_STATE_FILE): void {
  rmSync(path, { force: true });
}
