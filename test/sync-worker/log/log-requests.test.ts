import { describe, expect, it } from 'vitest';
import type { CodaAnswer, CodaRequest } from '#shared/coda/index.ts';
import { DomainError } from '#shared/kernel/index.ts';
import { classifyRequest } from '#worker/coda/index.ts';
import { type LogEvent, logRequests } from '#worker/log/index.ts';

const ROWS: CodaRequest = {
  method: 'POST',
  path: '/docs/dAbC/tables/grid-1/rows',
  body: { rows: [{ cells: [{ column: 'c-1', value: 'a private note' }] }] },
};

function createLogged(answers: readonly (CodaAnswer | Error)[]) {
  const events: LogEvent[] = [];
  const left = [...answers];
  let nowMs = 0;
  const carry = logRequests(
    async () => {
      nowMs += 40;
      const answer = left.shift();
      if (answer === undefined || answer instanceof Error) throw answer;
      return answer;
    },
    { log: (event) => events.push(event), clock: () => nowMs, classify: classifyRequest },
  );
  return { carry, events };
}

describe('logRequests', () => {
  it('tells each try with its class, status and time, and nothing of what it says', async () => {
    const late = { status: 429, body: 'too many' };
    const { carry, events } = createLogged([late, { status: 202, body: { requestId: 'x' } }]);
    expect(await carry(ROWS)).toBe(late);
    await carry(ROWS);
    const facts = { event: 'request', class: 'content', method: 'POST', about: 'rows', ms: 40 };
    expect(events).toEqual([
      { ...facts, attempt: 1, status: 429 },
      { ...facts, attempt: 2, status: 202 },
    ]);
  });

  it('tells of a failure by its codes and hands it on as it is', async () => {
    const gone = new DomainError('NETWORK', 'no answer', { cause: new TypeError('fetch failed') });
    const { carry, events } = createLogged([gone]);
    await expect(carry({ method: 'GET', path: '/whoami' })).rejects.toBe(gone);
    expect(events).toMatchObject([
      { event: 'request_failed', about: 'whoami', codes: ['NETWORK', 'TypeError'] },
    ]);
  });

  it.each([
    ['/docs/dAbC', 'docs'],
    ['/docs/dAbC/tables/grid-1/rows/i-1', 'rows'],
    ['/mutationStatus/mutate%3A1', 'mutationStatus'],
  ])('says of %s that it is about %s', async (path, about) => {
    const { carry, events } = createLogged([{ status: 200, body: {} }]);
    await carry({ method: 'GET', path });
    expect(events).toMatchObject([{ about }]);
  });
});
