import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CodaAnswer, CodaRequest } from '#shared/coda/index.ts';
import { createCodaError } from '#shared/coda/index.ts';
import { DomainError } from '#shared/kernel/index.ts';
import { CODA_RATE_LIMITS, createPacedTransport, type PacingOptions } from '#worker/coda/index.ts';
import { createVirtualTime } from './virtual-time.ts';

const READ: CodaRequest = { method: 'GET', path: '/docs/d1' };
const POLL: CodaRequest = { method: 'GET', path: '/mutationStatus/mutate%3A1' };
const ROWS: CodaRequest = { method: 'GET', path: '/docs/d1/tables/grid-1/rows' };
const INSERT: CodaRequest = { method: 'POST', path: '/docs/d1/tables/grid-1/rows' };
const DELETE: CodaRequest = { method: 'DELETE', path: '/docs/d1/tables/grid-1/rows' };
const BUTTON: CodaRequest = {
  method: 'POST',
  path: '/docs/d1/tables/grid-1/rows/i-1/buttons/c-1',
};
const DOCS: CodaRequest = { method: 'GET', path: '/docs' };
const COPY: CodaRequest = { method: 'POST', path: '/docs' };

const OK: CodaAnswer = { status: 200, body: {} };
const TOO_EARLY: CodaAnswer = { status: 429, body: { message: 'Too many requests' } };
const LOST = 'lost';

/** A paced transport over answers written out in advance, 200 after the last; `sentAt` says when each went out. */
function paced(
  script: readonly (CodaAnswer | typeof LOST)[],
  options: Partial<PacingOptions> & { latencyMs?: () => number } = {},
) {
  const time = createVirtualTime();
  const startedAt = time.clock();
  const answers = [...script];
  const sentAt: number[] = [];
  const { transport, counts, guardWrites } = createPacedTransport(
    async (request) => {
      sentAt.push(time.clock() - startedAt);
      if (options.latencyMs !== undefined) await time.wait(options.latencyMs());
      const answer = answers.shift() ?? OK;
      if (answer === LOST) throw createCodaError('NETWORK', { request, happening: 'no answer' });
      return answer;
    },
    { clock: time.clock, wait: time.wait, random: () => 1, ...options },
  );
  const sendAll = (requests: readonly CodaRequest[]) =>
    time.run(Promise.all(requests.map((request) => transport(request))));
  return { sendAll, sentAt, counts, guardWrites };
}

const times = (count: number, request: CodaRequest) => Array.from({ length: count }, () => request);

describe('the limits', () => {
  it.each([
    ['content', INSERT],
    ['content', DELETE],
    ['content', BUTTON],
    ['write', COPY],
    ['docs', DOCS],
    ['read', READ],
    ['read', POLL],
    ['read', ROWS],
  ] as const)('%s holds for %o', async (name, request) => {
    const { requests, windowMs } = CODA_RATE_LIMITS[name];
    const { sendAll, sentAt } = paced([]);
    await sendAll(times(2 * requests + 1, request));
    expect(sentAt).toEqual([
      ...Array.from({ length: requests }, () => 0),
      ...Array.from({ length: requests }, () => windowMs),
      2 * windowMs,
    ]);
  });

  it('holds no class back for another', async () => {
    const { sendAll, sentAt } = paced([]);
    await sendAll([...times(3, INSERT), ...times(50, READ), ...times(4, DOCS)]);
    expect(new Set(sentAt)).toEqual(new Set([0]));
  });

  it('lets no window see more than its limit, however the requests and their delays fall', async () => {
    const law = fc.asyncProperty(
      fc.array(fc.integer({ min: 0, max: 4_000 }), { minLength: 1, maxLength: 24 }),
      async (delays) => {
        const time = createVirtualTime();
        const arrivals: number[] = [];
        const { transport } = createPacedTransport(
          async (request) => {
            // The service counts a request somewhere between the sending and the answer.
            const delay = delays[request.path.length - 1] ?? 0;
            await time.wait(delay);
            arrivals.push(time.clock());
            await time.wait(delay / 2);
            return OK;
          },
          { clock: time.clock, wait: time.wait },
        );
        const requests = delays.map(
          (_, at) => ({ method: 'POST', path: '/'.padEnd(at + 1, 'x') }) as const,
        );
        await time.run(Promise.all(requests.map((request) => transport(request))));
        const { requests: limit, windowMs } = CODA_RATE_LIMITS.write;
        const inOrder = [...arrivals].sort((a, b) => a - b);
        const spans = inOrder.slice(limit).map((later, at) => later - (inOrder[at] ?? later));
        expect(Math.min(windowMs, ...spans)).toBe(windowMs);
      },
    );
    await fc.assert(law, { numRuns: 50 });
  });

  it('serves first what came first', async () => {
    const time = createVirtualTime();
    const order: number[] = [];
    const { transport } = createPacedTransport(
      async ({ body }) => {
        order.push(body as number);
        return OK;
      },
      { clock: time.clock, wait: time.wait },
    );
    const work = [0, 1, 2, 3, 4, 5, 6, 7].map((body) => transport({ ...INSERT, body }));
    await time.run(Promise.all(work));
    expect(order).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
  });

  it('uses at least 95 % of the content budget while there is work', async () => {
    const { sendAll, sentAt } = paced([], { latencyMs: () => 300 });
    await sendAll(times(300, INSERT));
    const least = ((300 - 3) / 3) * 10_000;
    expect(least / (sentAt.at(-1) ?? 0)).toBeGreaterThan(0.95);
  });

  it('waits for nothing where there are no limits', async () => {
    const { sendAll, sentAt } = paced([], { buckets: 'unlimited' });
    await sendAll(times(500, INSERT));
    expect(new Set(sentAt)).toEqual(new Set([0]));
  });

  it('goes on after a wait was broken off', async () => {
    const time = createVirtualTime();
    let isBroken = true;
    const wait = (ms: number): Promise<void> => {
      if (!isBroken) return time.wait(ms);
      isBroken = false;
      return Promise.reject(new Error('stopped'));
    };
    const { transport } = createPacedTransport(async () => OK, { clock: time.clock, wait });
    const work = times(5, INSERT).map((request) => transport(request));
    const outcomes = await time.run(Promise.allSettled(work));
    expect(outcomes.map(({ status }) => status)).toEqual([
      'fulfilled',
      'fulfilled',
      'fulfilled',
      'rejected',
      'fulfilled',
    ]);
  });
});

describe('trying again', () => {
  it.each([
    ['a read', READ],
    ['a write', INSERT],
  ])('sends %s again that came too early, with longer and longer waits', async (_, request) => {
    const { sendAll, sentAt, counts } = paced(times(3, READ).map(() => TOO_EARLY));
    expect(await sendAll([request])).toEqual([OK]);
    expect(sentAt).toEqual([0, 10_000, 30_000, 70_000]);
    expect(counts()).toMatchObject({ rateLimited: 3, retries: 3 });
  });

  it('spreads the waits down to their half', async () => {
    const { sendAll, sentAt } = paced([TOO_EARLY, TOO_EARLY], { random: () => 0 });
    await sendAll([READ]);
    expect(sentAt).toEqual([0, 5_000, 15_000]);
  });

  it('waits for as long as the service asks, where that is longer', async () => {
    const asked = { ...TOO_EARLY, retryAfterMs: 90_000 };
    const { sendAll, sentAt } = paced([asked, TOO_EARLY]);
    await sendAll([READ]);
    expect(sentAt).toEqual([0, 90_000, 110_000]);
  });

  it('tries a class that is refused with one request at a time, however many wait', async () => {
    const { sendAll, sentAt } = paced(Array.from({ length: 12 }, () => TOO_EARLY));
    await sendAll(times(8, READ));
    const together = sentAt.filter((at) => at === 0).length;
    expect(together).toBeLessThanOrEqual(8);
    const tries = sentAt.slice(together, 12);
    expect(new Set(tries).size).toBe(tries.length);
    expect(sentAt.filter((at) => at < 600_000).length).toBeLessThanOrEqual(20);
    // The weather is good again: the others wait for nobody any more.
    expect(sentAt).toHaveLength(20);
  });

  it('gives the refusal up to the caller after seven tries', async () => {
    const { sendAll, sentAt } = paced(Array.from({ length: 20 }, () => TOO_EARLY));
    expect(await sendAll([INSERT])).toEqual([TOO_EARLY]);
    expect(sentAt).toHaveLength(7);
    expect(sentAt.at(-1)).toBe((10 + 20 + 40 + 80 + 160 + 300) * 1_000);
  });

  it.each([500, 502, 503, 504])('repeats a read answered %i', async (status) => {
    const { sendAll, sentAt } = paced([{ status, body: '' }]);
    expect(await sendAll([READ])).toEqual([OK]);
    expect(sentAt).toEqual([0, 1_000]);
  });

  it('repeats a read without an answer, five tries in all', async () => {
    const { sendAll, sentAt } = paced([LOST, LOST, LOST, LOST, LOST, LOST]);
    await expect(sendAll([READ])).rejects.toMatchObject({ code: 'NETWORK' });
    expect(sentAt).toEqual([0, 1_000, 3_000, 7_000, 15_000]);
  });

  it('repeats a page of rows that failed otherwise', async () => {
    const { sendAll, sentAt } = paced([{ status: 503, body: '' }]);
    expect(await sendAll([ROWS])).toEqual([OK]);
    expect(sentAt).toEqual([0, 1_000]);
  });

  it('leaves a page of rows that timed out to the listing', async () => {
    const timedOut = { status: 504, body: '' };
    const { sendAll, sentAt } = paced([timedOut]);
    expect(await sendAll([ROWS])).toEqual([timedOut]);
    expect(sentAt).toEqual([0]);
  });

  it.each([INSERT, DELETE, BUTTON])(
    'never repeats a write that may have landed: %o',
    async (request) => {
      const failed = { status: 500, body: '' };
      const refused = paced([failed]);
      expect(await refused.sendAll([request])).toEqual([failed]);
      expect(refused.sentAt).toHaveLength(1);

      const lost = paced([LOST]);
      await expect(lost.sendAll([request])).rejects.toMatchObject({ code: 'NETWORK' });
      expect(lost.sentAt).toHaveLength(1);
    },
  );

  it('repeats nothing that was refused for what it says', async () => {
    const { sendAll, sentAt } = paced([{ status: 400, body: '' }]);
    expect(await sendAll([READ])).toEqual([{ status: 400, body: '' }]);
    expect(sentAt).toHaveLength(1);
  });

  it('does not take a bug for a lost answer', async () => {
    const time = createVirtualTime();
    let tries = 0;
    const { transport } = createPacedTransport(
      async () => {
        tries += 1;
        throw new TypeError('bug');
      },
      { clock: time.clock, wait: time.wait },
    );
    await expect(time.run(transport(READ))).rejects.toThrow('bug');
    expect(tries).toBe(1);
  });
});

describe('a guard of writes', () => {
  it('is asked before every try of a write, and of nothing else', async () => {
    const { sendAll, guardWrites, sentAt } = paced([TOO_EARLY]);
    let asked = 0;
    guardWrites(async () => {
      asked += 1;
    });
    await sendAll([INSERT]);
    expect([asked, sentAt.length]).toEqual([2, 2]);
    await sendAll([READ]);
    expect(asked).toBe(2);
  });

  it('keeps a write that waited from going out once its answer is no', async () => {
    const { sendAll, guardWrites, sentAt, counts } = paced([TOO_EARLY]);
    let asked = 0;
    guardWrites(async () => {
      asked += 1;
      if (asked > 1) throw new DomainError('LEASE_LOST', 'taken over');
    });
    await expect(sendAll([INSERT])).rejects.toMatchObject({ code: 'LEASE_LOST' });
    expect([sentAt.length, counts().writes]).toEqual([1, 1]);
  });
});

describe('counts', () => {
  it('tells reads, pages, polls and writes apart', async () => {
    const { sendAll, counts } = paced([]);
    await sendAll([READ, ROWS, ROWS, POLL, DOCS, INSERT, DELETE, COPY]);
    expect(counts()).toEqual({
      reads: 4,
      listPages: 2,
      mutationPolls: 1,
      writes: 3,
      contentWrites: 2,
      rateLimited: 0,
      retries: 0,
    });
  });

  it('counts every try', async () => {
    const { sendAll, counts } = paced([TOO_EARLY]);
    await sendAll([INSERT]);
    expect(counts()).toMatchObject({ writes: 2, contentWrites: 2, retries: 1 });
  });

  it('does not change what was given out before', async () => {
    const { sendAll, counts } = paced([]);
    const before = counts();
    await sendAll([READ]);
    expect(before.reads).toBe(0);
    expect(counts().reads).toBe(1);
  });
});
