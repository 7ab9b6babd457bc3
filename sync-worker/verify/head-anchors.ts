import { type FileHandle, open } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import * as z from 'zod/mini';
import { type Clock, DomainError, toInstant } from '#shared/kernel/index.ts';
import { syncFolder } from './sync-folder.ts';
import type { Anchor, LedgerEnd } from './verify-ledger.ts';
import type { VerifiedStore } from './verify-store.ts';

/** An anchor, and when it was written. */
export interface HeadAnchor extends Anchor {
  readonly at: string;
}

/** Why a ledger is not the one its anchors saw. */
export type AnchorErrorCode = 'ANCHOR_DIFFERS' | 'ANCHORS_UNREADABLE';

/** Where and how a ledger's head is witnessed. */
export interface HeadAnchorOptions {
  readonly file: string;
  readonly docId: string;
  readonly clock: Clock;
  /** The least time between two anchors. Units: ms. @default 0 */
  readonly everyMs?: number;
}

const lineSchema = z.object({
  docId: z.string(),
  position: z.int(),
  hash: z.string(),
  at: z.iso.datetime(),
});

/** The file of a doc's anchors: beside the ledger, not in it, so that who changes one has to think of the other. */
export const anchorFileOf = (folder: string, docId: string): string =>
  join(folder, `head-anchors-${docId}.jsonl`);

/** Whether the head is to be witnessed now: it has moved, and the last witness is old enough or from the future. */
function isAnchorDue(
  last: HeadAnchor | undefined,
  now: { readonly head: LedgerEnd; readonly nowMs: number; readonly everyMs: number },
): boolean {
  if (now.head.position <= (last?.position ?? 0)) return false;
  const sinceMs = last === undefined ? Number.POSITIVE_INFINITY : now.nowMs - Date.parse(last.at);
  return sinceMs >= now.everyMs || sinceMs < 0;
}

/**
 * Every anchor of a file, oldest first; none where there is no file. A last line without its end was torn by a crash before
 * it counted, and is left out. Errors: `DomainError` `ANCHORS_UNREADABLE` for any other line that is no anchor.
 */
export async function readAnchors(file: string): Promise<readonly HeadAnchor[]> {
  return toAnchors(await readText(file), file);
}

/**
 * Whether a store still holds what its last anchor saw, for what goes on with a ledger and witnesses nothing.
 * Errors: `DomainError` `ANCHOR_DIFFERS` and `ANCHORS_UNREADABLE`, as in {@link anchorHead}.
 */
export async function checkHead(
  store: VerifiedStore,
  { file, docId }: Pick<HeadAnchorOptions, 'file' | 'docId'>,
): Promise<void> {
  const last = toAnchors(await readText(file), file).at(-1);
  if (last !== undefined) await checkStillThere(store, { last, docId, file });
}

/**
 * Witnesses the head of a store where that is due, and answers whether it did; the line is on the disk by then.
 * Errors: `DomainError` `ANCHOR_DIFFERS` where the store no longer holds what the last anchor saw: then nothing is written,
 * since a new anchor would vouch for another ledger. `ANCHORS_UNREADABLE` as in `readAnchors`.
 */
export async function anchorHead(
  store: VerifiedStore,
  { file, docId, clock, everyMs = 0 }: HeadAnchorOptions,
): Promise<boolean> {
  const text = await readText(file);
  const last = toAnchors(text, file).at(-1);
  if (last !== undefined) await checkStillThere(store, { last, docId, file });
  const head = await store.head();
  const nowMs = clock();
  if (!isAnchorDue(last, { head, nowMs, everyMs })) return false;
  const { position, hash } = head;
  const whole = text.slice(0, text.lastIndexOf('\n') + 1);
  await appendLine(file, {
    line: `${JSON.stringify({ docId, position, hash, at: toInstant(nowMs) })}\n`,
    keepBytes: Buffer.byteLength(whole),
  });
  return true;
}

async function checkStillThere(
  store: VerifiedStore,
  {
    last,
    docId,
    file,
  }: { readonly last: HeadAnchor; readonly docId: string; readonly file: string },
): Promise<void> {
  const [row] = await store.readRaw(last.position - 1, 1);
  const isThere = row?.position === last.position && row.hash === last.hash;
  if (isThere && last.docId === docId) return;
  throw new DomainError<AnchorErrorCode>(
    'ANCHOR_DIFFERS',
    `The ledger is not the one \`${file}\` saw: expected event ${last.position} of doc ${last.docId} with hash ${last.hash}, received ${row === undefined ? 'none' : row.hash} in the ledger of doc ${docId}. Put the right ledger back or restore a backup; \`founder-hq verify\` says more.`,
  );
}

async function readText(file: string): Promise<string> {
  let handle: FileHandle | undefined;
  try {
    handle = await open(file, 'r');
    return await handle.readFile('utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return '';
    throw error;
  } finally {
    await handle?.close();
  }
}

function toAnchors(text: string, file: string): readonly HeadAnchor[] {
  const lines = text.split('\n').slice(0, -1);
  return lines.map((line, index) => {
    const read = lineSchema.safeParse(parseJson(line));
    if (read.success) return read.data;
    throw new DomainError<AnchorErrorCode>(
      'ANCHORS_UNREADABLE',
      `\`${file}\` is damaged in line ${index + 1}: keep it aside as evidence and check the ledger against the doc; a new file is begun when it is gone.`,
    );
  });
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

async function appendLine(
  file: string,
  { line, keepBytes }: { readonly line: string; readonly keepBytes: number },
): Promise<void> {
  const handle = await open(file, 'a', 0o600);
  try {
    // What a crash tore off never counted; left in place it would spoil the line after it.
    await handle.truncate(keepBytes);
    await handle.appendFile(line);
    await handle.sync();
  } finally {
    await handle.close();
  }
  if (keepBytes === 0) await syncFolder(dirname(file));
}
