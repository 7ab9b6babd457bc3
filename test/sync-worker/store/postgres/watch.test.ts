import { EventEmitter, once } from 'node:events';
import { describe, expect, it } from 'vitest';
import type { Store } from '#worker/store/index.ts';
import { openPostgresStore } from '#worker/store/postgres/postgres-store.ts';
import { toSchemaName } from '#worker/store/postgres/schema-name.ts';
import { append, eventOf } from '../append-event.ts';
import { askServer, HAS_NO_POSTGRES, newDocId, POSTGRES_URL } from './postgres-docs.ts';

/** A watch of a store, and what it has heard. */
async function watchOf(store: Store) {
  const calls = new EventEmitter();
  let heard = 0;
  const stop = await store.watch(() => {
    heard += 1;
    calls.emit('heard');
  });
  return { stop, next: () => once(calls, 'heard'), heard: () => heard };
}

describe.skipIf(HAS_NO_POSTGRES)('a watch of a PostgreSQL store', () => {
  it('hears what another process appends once it has landed, and nothing after it was ended', async () => {
    const docId = newDocId();
    const [store, other] = [
      await openPostgresStore({ url: POSTGRES_URL, docId }),
      await openPostgresStore({ url: POSTGRES_URL, docId }),
    ];
    const watch = await watchOf(store);
    const heard = watch.next();
    await append(other, 'desk', [eventOf(1), eventOf(2)]);
    await heard;
    expect((await store.head()).position).toBe(2);
    await watch.stop();
    await append(other, 'desk', [eventOf(3)]);
    expect(watch.heard()).toBe(1);
    await store.close();
    await other.close();
  });

  it('does not hear what did not land, or another doc', async () => {
    const docId = newDocId();
    const store = await openPostgresStore({ url: POSTGRES_URL, docId });
    const other = await openPostgresStore({ url: POSTGRES_URL, docId: newDocId() });
    const watch = await watchOf(store);
    await append(other, 'desk', [eventOf(1)]);
    const step = store.transaction(async (transaction) => {
      await transaction.append('desk', [eventOf(1)], { expectedVersion: 0 });
      throw new Error('given up');
    });
    await expect(step).rejects.toThrow('given up');
    const heard = watch.next();
    await append(store, 'desk', [eventOf(1)]);
    await heard;
    expect(watch.heard()).toBe(1);
    await watch.stop();
    await store.close();
    await other.close();
  });

  it('listens again after its conversation was ended, and says that it may have missed something', async () => {
    const docId = newDocId();
    const store = await openPostgresStore({ url: POSTGRES_URL, docId });
    const watch = await watchOf(store);
    const again = watch.next();
    await askServer(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity
      WHERE application_name = '${toSchemaName(docId)}' AND query LIKE 'LISTEN%'`);
    await again;
    const heard = watch.next();
    await append(store, 'desk', [eventOf(1)]);
    await heard;
    expect(watch.heard()).toBe(2);
    await watch.stop();
    await store.close();
  });
});
