import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type CodaTransport, createCodaApi } from '#shared/coda/index.ts';
import type { MigrationDecisions } from '#shared/doc/index.ts';
import { createPacedTransport } from '#worker/coda/index.ts';
import type { LocalDocOptions } from '#worker/local-doc/index.ts';
import {
  applyMigration,
  createMigrationMark,
  undoMigration,
  viewMigration,
} from '#worker/migrate/index.ts';
import { openSqliteStore, type Store } from '#worker/store/index.ts';
import { createOldDoc, type OldDocSize } from './old-doc.ts';

const STRICT_LAG_MS = 400_000;

/** What may be different for one run of a migration. */
export interface Circumstances {
  readonly transport?: CodaTransport;
  readonly store?: Store;
  readonly decisions?: MigrationDecisions;
}

/** What {@link openMigrateScene} opens. */
export type MigrateScene = Awaited<ReturnType<typeof openMigrateScene>>;

/** An old doc, a ledger beside it, and a clock that only waiting moves; whoever opens it closes it. */
export async function openMigrateScene(size: OldDocSize, options: Partial<LocalDocOptions> = {}) {
  let nowMs = Date.UTC(2026, 0, 5, 9);
  const clock = () => nowMs;
  const wait = async (ms: number) => {
    nowMs += ms;
  };
  const isStrict = options.profile === 'strict';
  const lagMs = isStrict ? STRICT_LAG_MS : 0;
  const doc = createOldDoc(size, { clock, ...options });
  const folder = mkdtempSync(join(tmpdir(), 'founder-hq-migrate-'));
  const kept = await openSqliteStore({ file: join(folder, 'ledger.db') });
  const close = async (): Promise<void> => {
    await kept.close();
    doc.close();
    rmSync(folder, { recursive: true });
  };
  await wait(lagMs);
  const target = (transport: CodaTransport = doc.transport) => {
    const buckets = isStrict ? {} : ({ buckets: 'unlimited' } as const);
    const paced = createPacedTransport(transport, { clock, wait, random: () => 0, ...buckets });
    return { api: createCodaApi(paced.transport), docId: doc.docId };
  };
  const load = (store: Store) => ({ clock, wait, lagMs, sentMark: createMigrationMark(store) });
  const none: MigrationDecisions = new Map();
  return {
    doc,
    close,
    store: kept,
    wait,
    clock,
    view: ({ transport, decisions = none, store = kept }: Circumstances = {}) =>
      viewMigration({ target: target(transport), decisions }, store),
    apply: ({ transport, decisions = none, store = kept }: Circumstances = {}) =>
      applyMigration({ target: target(transport), decisions }, store, load(store)),
    undo: ({ transport, store = kept }: Circumstances = {}) =>
      undoMigration(target(transport), store, load(store)),
  };
}
