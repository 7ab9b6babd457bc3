/**
 * A worker that ticks for ever, made to be killed or stopped, and tells its parent each lease it gets and each step that
 * landed under one. Its clock runs faster than ours, so that a lease of two minutes runs out while somebody watches.
 */
import { createCodaApi } from '#shared/coda/index.ts';
import { isDomainError } from '#shared/kernel/index.ts';
import { createHttpTransport, createPacedTransport } from '#worker/coda/index.ts';
import { openSqliteStore, type Store } from '#worker/store/index.ts';
import { openTarget, tick } from '#worker/sync/index.ts';

/** What a worker says of itself. Units: ms of the machine's clock. */
export type Saying =
  | { readonly kind: 'held' | 'landed'; readonly fence: number; readonly atMs: number }
  | { readonly kind: 'ended'; readonly code: string };

const [, , baseUrl = '', docId = '', token = '', storeFile = '', speed = '', beganAtMs = ''] =
  process.argv;
/** So long a worker that finds another at work leaves it alone. Units: ms. */
const BREATH_MS = 5;

const say = (saying: Saying): void => void process.send?.(saying);
const clock = (): number =>
  Math.floor(Number(beganAtMs) + (Date.now() - Number(beganAtMs)) * Number(speed));
const wait = (): Promise<void> => Promise.resolve();

const opened = await openSqliteStore({ file: storeFile });
let last = 0;
const store: Store = {
  ...opened,
  acquireLease: async (request) => {
    const answer = await opened.acquireLease(request);
    const { fence } = answer.lease;
    if (answer.granted && fence > last) say({ kind: 'held', fence, atMs: Date.now() });
    if (answer.granted) last = fence;
    return answer;
  },
  transaction: async (work, options) => {
    const value = await opened.transaction(work, options);
    const fence = options?.under?.fence;
    if (fence !== undefined) say({ kind: 'landed', fence, atMs: Date.now() });
    return value;
  },
};
const http = createHttpTransport({ baseUrl, token });
const { transport, guardWrites } = createPacedTransport(http, {
  clock,
  wait,
  buckets: 'unlimited',
});
const api = createCodaApi(transport);

process.once('disconnect', () => process.exit(0));
for (;;) {
  try {
    const target = await openTarget(api, docId);
    await tick({ store, target, clock, wait, lagMs: 0, holdMs: 0, guardWrites });
    say({ kind: 'ended', code: 'done' });
  } catch (error) {
    if (!isDomainError(error)) throw error;
    if (error.code !== 'LEASE_HELD') say({ kind: 'ended', code: error.code });
  }
  await new Promise((resolve) => setTimeout(resolve, BREATH_MS));
}
