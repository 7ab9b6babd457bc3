import { describe, expect, it } from 'vitest';
import { createAccountBudget, createPacedTransport, WORKER_LIMITS } from '#worker/coda/index.ts';
import { openSqliteStore } from '#worker/store/index.ts';
import { useStoreFiles } from '../store/store-files.ts';

const INSERT = { method: 'POST', path: '/docs/d1/tables/grid-1/rows' } as const;
const { requests: LIMIT, windowMs: WINDOW_MS } = WORKER_LIMITS.content;
const nextFile = useStoreFiles();

/** So many processes with a store file in common, and when each write of any of them reached the service. */
async function withProcesses(count: number) {
  let nowMs = 1_000_000;
  const clock = () => nowMs;
  const wait = async (ms: number) => {
    nowMs += ms;
  };
  const arrivals: number[] = [];
  const file = nextFile();
  const start = async () => {
    const store = await openSqliteStore({ file });
    const paced = createPacedTransport(
      async () => {
        nowMs += 40;
        arrivals.push(nowMs);
        return { status: 202, body: {} };
      },
      { clock, wait, random: () => 0 },
    );
    const budget = createAccountBudget(store, { clock, wait });
    paced.share(budget);
    const { share } = paced;
    return { store, share, turns: budget.turns.content, send: () => paced.transport(INSERT) };
  };
  const processes = await Promise.all(Array.from({ length: count }, start));
  /** The most writes that arrived within any one window. */
  const crowd = () =>
    Math.max(
      ...arrivals.map((at) => arrivals.filter((one) => one >= at && one < at + WINDOW_MS).length),
    );
  const close = async () => {
    for (const { store } of processes) await store.close();
  };
  return { processes, arrivals, crowd, clock, close };
}

describe('row writes of several processes', () => {
  it('stay within the one limit of their account', async () => {
    const { processes, arrivals, crowd, close } = await withProcesses(2);
    await Promise.all(processes.flatMap(({ send }) => Array.from({ length: 12 }, () => send())));
    expect(arrivals).toHaveLength(24);
    expect(crowd()).toBe(LIMIT);
    await close();
  });

  it('need nothing that was shared once they share no more', async () => {
    const { processes, arrivals, close } = await withProcesses(1);
    const [only] = processes;
    await only?.send();
    only?.share(undefined);
    await close();
    await only?.send();
    expect(arrivals).toHaveLength(2);
  });

  it('wait for a place whose holder died with a request on its way, and no longer', async () => {
    const { processes, clock, close } = await withProcesses(2);
    const [dead, living] = processes;
    const never = new Promise<never>(() => {});
    const begun = Promise.withResolvers<void>();
    const diesInFlight = () => {
      begun.resolve();
      return never;
    };
    void dead?.turns.run(diesInFlight);
    await begun.promise;
    const startMs = clock();
    for (let at = 0; at < LIMIT; at += 1) await living?.send();
    const elapsedMs = clock() - startMs;
    expect(elapsedMs).toBeGreaterThanOrEqual(WINDOW_MS);
    expect(elapsedMs).toBeLessThan(90_000);
    await close();
  });

  it('goes on behind one that failed', async () => {
    const { processes, close } = await withProcesses(1);
    const [one] = processes;
    await expect(one?.turns.run(() => Promise.reject(new Error('lost')))).rejects.toThrow('lost');
    expect(await one?.send()).toMatchObject({ status: 202 });
    await close();
  });
});
