import { toInstant } from '#shared/kernel/index.ts';
import type { VisibleRow } from '#shared/ledger/index.ts';
import { parseAnchorRow } from '#shared/ledger/index.ts';
import type { Store } from '#worker/store/index.ts';
import { readFuses, readHolder } from '#worker/sync/index.ts';
import { anchorFileOf, checkHead, readAnchors, verifyStore } from '#worker/verify/index.ts';
import type { HealthFinding } from './health-finding.ts';

/** The longest chain that is checked whole; of a longer one only what its last witness saw. */
const EVENTS_MAX = 200_000;

/** Whose ledger is looked at, and when. */
export interface StoreFacts {
  readonly docId: string;
  /** Where the witnesses of the ledger lie. */
  readonly folder: string;
  readonly nowMs: number;
}

/**
 * What is odd about a ledger that could be opened: its chain, who is at work on it, tables that lost many rows.
 * Errors: `DomainError` of the store and of its witnesses.
 */
export async function judgeStore(
  store: Store,
  { docId, folder, nowMs }: StoreFacts,
): Promise<readonly HealthFinding[]> {
  const file = anchorFileOf(folder, docId);
  await checkHead(store, { file, docId });
  return [
    ...(await judgeChain(store, { docId, file })),
    ...(await judgeHolder(store, nowMs)),
    ...(await judgeFuses(store)),
  ];
}

/** Whether a ledger that is not here has been. Errors: `ANCHORS_UNREADABLE`. */
export async function judgeNoStore({
  docId,
  folder,
}: StoreFacts): Promise<readonly HealthFinding[]> {
  const last = (await readAnchors(anchorFileOf(folder, docId))).at(-1);
  if (last === undefined) return [];
  const message = `The ledger is gone: on ${last.at} it had ${last.position} events, and now its file is not there.`;
  const fix =
    'Put the file back, restore a backup with `founder-hq restore`, or name its server with --store.';
  return [{ code: 'LEDGER_GONE', severity: 'error', message, fix }];
}

async function judgeChain(
  store: Store,
  { docId, file }: { readonly docId: string; readonly file: string },
): Promise<readonly HealthFinding[]> {
  const { position } = await store.head();
  if (position > EVENTS_MAX) {
    const message = `Of the ledger’s ${position} events only the last that was witnessed was checked.`;
    const fix = 'Check them all with `founder-hq verify`.';
    return [{ code: 'CHAIN_LONG', severity: 'info', message, fix }];
  }
  const verdict = await verifyStore(store, { docId, anchors: await readAnchors(file) });
  if (verdict.ok) return [];
  const { code, position: at } = verdict.fault;
  const message = `The ledger was changed or damaged: ${code} at event ${at}.`;
  const fix =
    'Keep a copy as evidence, and restore the newest backup that `founder-hq verify` finds whole.';
  return [{ code: 'CHAIN_BROKEN', severity: 'error', message, fix }];
}

async function judgeHolder(store: Store, nowMs: number): Promise<readonly HealthFinding[]> {
  const holder = await readHolder(store, nowMs);
  if (holder === undefined) return [];
  const [host, pid] = holder.owner.split('/');
  const message = `A pass is being made right now by process ${pid} on ${host}; it has the doc until ${toInstant(holder.expiresAtMs)}.`;
  const fix = 'Nothing, if it is yours: the next pass waits its turn. Else stop it.';
  return [{ code: 'LEASE_HELD', severity: 'info', message, fix }];
}

async function judgeFuses(store: Store): Promise<readonly HealthFinding[]> {
  return [...(await readFuses(store)).values()].map(({ table, missing, known }) => ({
    code: 'ROWS_LOST',
    severity: 'warning',
    table,
    message: `Passes wait, since \`${table}\` lost ${missing.length} of ${known} rows at once.`,
    fix: 'Put the rows back; if they are meant to be gone, look with `founder-hq sync --accept-deletes --dry-run`.',
  }));
}

/** Whether a ledger that is missing here must be elsewhere: the doc was written by one. */
export function judgeMissingStore(
  rows: readonly VisibleRow[],
  docId: string,
): readonly HealthFinding[] {
  const anchor = rows.map(parseAnchorRow).find((one) => one?.docId === docId);
  if (anchor === undefined) return [];
  const message = `The doc was written by a ledger of ${anchor.position} events that is not here.`;
  const fix =
    'Run this in the folder of that ledger, or name its server with --store; else restore a backup of it.';
  return [{ code: 'LEDGER_ELSEWHERE', severity: 'error', message, fix }];
}
