/**
 * A process that appends to a PostgreSQL store and says each key on standard output once it is told that it landed. When the
 * server is gone it asks again under the same key, since the answer to a commit may have been lost. It ends with its input.
 * Arguments: url, docId, name.
 */
import { setTimeout as wait } from 'node:timers/promises';
import { isDomainError, toInstant } from '#shared/kernel/index.ts';
import type { NewEvent } from '#shared/ledger/index.ts';
import { openPostgresStore } from '#worker/store/postgres/postgres-store.ts';

const [url = '', docId = '', name = ''] = process.argv.slice(2);
const RETRY_PAUSE_MS = 20;
const store = await openPostgresStore({ url, docId });

process.stdin.resume();

const eventOf = (round: number): NewEvent => ({
  type: 'run_started',
  at: toInstant(1_700_000_000_000 + round),
  actor: name,
  payload: { round },
});

/** Appends under a key until the store has answered; the row beside the events tells how far it came. */
async function land(key: string, round: number): Promise<void> {
  for (;;) {
    try {
      await store.transaction(async (transaction) => {
        const events = Array.from({ length: 1 + (round % 7) }, () => eventOf(round));
        const options = { expectedVersion: 'any', idempotencyKey: key } as const;
        await transaction.append('shared', events, options);
        await transaction.put('round', name, round);
      });
      return;
    } catch (error) {
      if (!isDomainError(error) || !error.retryable) throw error;
      await wait(RETRY_PAUSE_MS);
    }
  }
}

for (let round = 1; !process.stdin.readableEnded; round += 1) {
  const key = `${name}/${round}`;
  await land(key, round);
  process.stdout.write(`${key}\n`);
}
await store.close();
