import { READABLE_TABLES, readBinding } from '#shared/doc/index.ts';
import { type CostReading, readCosts } from '#worker/costs/index.ts';
import type { LeaseMark, Store } from '#worker/store/index.ts';
import { holdLease, refuseUnready } from '#worker/sync/index.ts';
import { type ConnectionOptions, connect } from './connection.ts';
import { openDocStore, openKeptStore, refuseOtherLedger } from './open-store.ts';
import type { StoreOptions } from './store-option.ts';

/** The options that say what costs are read from and how they are counted. */
export interface CostsFlags extends ConnectionOptions, StoreOptions {
  readonly zone?: string;
  /** What `zone` was called before. */
  readonly timeZone?: string;
  readonly currency?: string;
}

/** Costs that were read, and where they may be recorded. */
export interface ReadCosts {
  readonly store: Store;
  readonly reading: CostReading;
  /** What writes are made under; absent in a dry run. */
  readonly under?: LeaseMark;
  readonly nowMs: number;
}

/** Reads costs and works on them, as the only one at work on the doc; a dry run writes nothing and asks for no lease. Errors: as {@link refuseOtherLedger}. */
export async function withCosts<Value>(
  flags: CostsFlags,
  isDryRun: boolean,
  work: (costs: ReadCosts) => Promise<Value>,
): Promise<Value> {
  const { api, docId, clock } = await connect(flags, { env: process.env });
  const open = isDryRun ? openKeptStore : openDocStore;
  const store = await open(docId, flags);
  try {
    await refuseOtherLedger(store, { api, docId });
    const binding = await readBinding(api, docId, { tables: READABLE_TABLES });
    const target = refuseUnready({ api, docId, binding });
    const { timeZone, zone = timeZone, currency } = flags;
    const given = {
      ...(zone === undefined ? {} : { timeZone: zone }),
      ...(currency === undefined ? {} : { currency }),
    };
    const nowMs = clock();
    if (isDryRun) {
      return await work({
        store,
        nowMs,
        reading: await readCosts(target, store, { clock, given }),
      });
    }
    const lease = await holdLease(store, clock);
    try {
      const { under } = lease;
      const reading = await readCosts(target, store, { clock, given, under });
      return await work({ store, reading, under, nowMs });
    } finally {
      await lease.release();
    }
  } finally {
    await store.close();
  }
}
