import { describe, expect, it } from 'vitest';
import { createCodaError, type MutationStatus } from '#shared/coda/index.ts';
import { awaitMutations } from '#worker/coda/index.ts';
import { createVirtualTime } from './virtual-time.ts';

type Standing = MutationStatus | 'NOT_FOUND' | 'FORBIDDEN' | 'TIMED_OUT' | 'UNAUTHORIZED';
const DONE = { isCompleted: true };
const PENDING = { isCompleted: false };
const SECOND = 1_000;

/** A service whose answer about a change depends on the milliseconds since the start. */
function service(standingOf: (requestId: string, elapsedMs: number) => Standing) {
  const time = createVirtualTime();
  const startedAt = time.clock();
  const asked: { readonly id: string; readonly at: number }[] = [];
  const mutationStatus = async (requestId: string): Promise<MutationStatus> => {
    const at = time.clock() - startedAt;
    asked.push({ id: requestId, at });
    const standing = standingOf(requestId, at);
    if (typeof standing !== 'string') return standing;
    const request = { method: 'GET', path: '/mutationStatus/x' } as const;
    throw createCodaError(standing, { request, happening: 'scripted' });
  };
  const follow = (ids: readonly string[], options: { firstPollMs?: number } = {}) => {
    const { clock, wait } = time;
    return time.run(awaitMutations({ mutationStatus }, ids, { clock, wait, ...options }));
  };
  return { follow, asked };
}

describe('awaitMutations', () => {
  it('asks at 3 s, then from 2 s on by half as long again up to 15 s', async () => {
    const { follow, asked } = service((_, at) => (at < 60 * SECOND ? PENDING : DONE));
    const report = await follow(['m1']);
    expect(report).toEqual({ completed: ['m1'], warnings: [], unconfirmed: [] });
    expect(asked.map(({ at }) => at)).toEqual([
      3_000, 5_000, 8_000, 12_500, 19_250, 29_375, 44_375, 59_375, 74_375,
    ]);
  });

  it('asks at once where the doc applies at once', async () => {
    const { follow, asked } = service(() => DONE);
    await follow(['m1', 'm2'], { firstPollMs: 0 });
    expect(asked.map(({ at }) => at)).toEqual([0, 0]);
  });

  it('asks nothing when there is nothing to ask', async () => {
    const { follow, asked } = service(() => DONE);
    expect(await follow([])).toEqual({ completed: [], warnings: [], unconfirmed: [] });
    expect(asked).toEqual([]);
  });

  it('stops each round at the oldest change still pending', async () => {
    const { follow, asked } = service((id, at) =>
      at < (id === 'm1' ? 5 : 1) * SECOND ? PENDING : DONE,
    );
    await follow(['m1', 'm2', 'm3']);
    expect(asked.map(({ id }) => id)).toEqual(['m1', 'm1', 'm2', 'm3']);
  });

  it('bears with a change not yet known for 30 s, and no longer', async () => {
    const late = service((_, at) => (at < 20 * SECOND ? 'NOT_FOUND' : DONE));
    expect(await late.follow(['m1'])).toMatchObject({ completed: ['m1'] });

    const never = service(() => 'NOT_FOUND');
    expect(await never.follow(['m1'])).toMatchObject({ completed: [], unconfirmed: ['m1'] });
    expect(never.asked.at(-1)?.at).toBeLessThan(45 * SECOND);
  });

  it('gives up after 180 s, but not before asking after every change once more', async () => {
    const { follow, asked } = service((id) => (id === 'm1' ? PENDING : DONE));
    const report = await follow(['m1', 'm2', 'm3']);
    expect(report).toEqual({ completed: ['m2', 'm3'], warnings: [], unconfirmed: ['m1'] });
    expect(asked.at(-1)).toEqual({ id: 'm3', at: 180 * SECOND });
  });

  it('keeps the warning a change ended with, once', async () => {
    const { follow } = service((_, at) => ({ isCompleted: at > 9 * SECOND, warning: 'odd' }));
    expect(await follow(['m1'])).toEqual({
      completed: ['m1'],
      warnings: [{ requestId: 'm1', warning: 'odd' }],
      unconfirmed: [],
    });
  });

  it('leaves unconfirmed what the token may not ask after', async () => {
    const { follow, asked } = service((id) => (id === 'm1' ? 'FORBIDDEN' : DONE));
    expect(await follow(['m1', 'm2'])).toMatchObject({ completed: ['m2'], unconfirmed: ['m1'] });
    expect(asked).toHaveLength(2);
  });

  it('asks again after a time-out', async () => {
    const { follow } = service((_, at) => (at < 4 * SECOND ? 'TIMED_OUT' : DONE));
    expect(await follow(['m1'])).toMatchObject({ completed: ['m1'] });
  });

  it('fails where no later question can help', async () => {
    const { follow } = service(() => 'UNAUTHORIZED');
    await expect(follow(['m1'])).rejects.toMatchObject({ code: 'UNAUTHORIZED' });
  });

  it('does not take a bug for a change still pending', async () => {
    const { follow } = service(() => {
      throw new TypeError('bug');
    });
    await expect(follow(['m1'])).rejects.toThrow('bug');
  });
});
