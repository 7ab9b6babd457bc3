import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Clock } from '#shared/kernel/index.ts';
import { type FolderReport, takeFolder } from '#worker/inbox/index.ts';
import type { Store } from '#worker/store/index.ts';
import { holdLease } from '#worker/sync/index.ts';
import { STATE_FOLDER } from './state-folder.ts';

/** Where tools put files of events that a pass takes in, unless another folder is named. */
const INBOX = join(STATE_FOLDER, 'inbox');

/** Takes in what tools have put into the folder, if there is one; false says that there is none. Errors: `LEASE_HELD`, those of store and disk. */
export async function takeInbox(
  store: Store,
  clock: Clock,
  folder: string | false | undefined,
): Promise<FolderReport | undefined> {
  if (folder === false) return undefined;
  const place = folder ?? INBOX;
  if (folder === undefined && !existsSync(place)) return undefined;
  const lease = await holdLease(store, clock);
  try {
    const { under, keep } = lease;
    return await takeFolder({ folder: place, nowMs: Date.now(), keep }, { store, under });
  } finally {
    await lease.release();
  }
}

/** What came of it, a line a file; nothing where nothing was there. */
export const describeInbox = ({ files, waiting }: FolderReport): readonly string[] => [
  ...files.map(({ name, taken, existed, refused }) => {
    const bad =
      refused.length === 0 ? '' : `, ${refused.length} refused, with reasons in refused/${name}`;
    return `inbox: ${name}: ${taken} events taken, ${existed} known${bad}`;
  }),
  ...(waiting.length === 0 ? [] : [`inbox: not whole yet: ${waiting.join(', ')}`]),
];
