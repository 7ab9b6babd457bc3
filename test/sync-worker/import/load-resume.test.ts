import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CodaTransport } from '#shared/coda/index.ts';
import type { LocalDoc } from '#worker/local-doc/index.ts';
import { createScene, digestOf, fileOf, TABLES } from './import-scene.ts';

const countRows = (doc: LocalDoc): readonly number[] =>
  TABLES.map((table) => doc.person.readRows(table).length);

/** Ends the process at its n-th request, before the doc takes it in or after, as a kill would. */
function killAt(transport: CodaTransport, kill: { call: number; isAfter: boolean }): CodaTransport {
  let calls = 0;
  return async (request) => {
    calls += 1;
    if (calls > kill.call) throw new Error('killed');
    if (calls < kill.call) return transport(request);
    if (kill.isAfter) await transport(request);
    throw new Error('killed');
  };
}

describe('an import that is killed', () => {
  it('is finished by the next one, whatever the moment, with the same doc in the end', async () => {
    const undisturbed = createScene();
    await undisturbed.load(fileOf(110));
    const wanted = digestOf(undisturbed.doc);
    const kill = fc.record({ call: fc.integer({ min: 1, max: 36 }), isAfter: fc.boolean() });
    const law = fc.asyncProperty(fc.array(kill, { minLength: 1, maxLength: 3 }), async (kills) => {
      const { doc, load } = createScene();
      for (const each of kills) {
        await load(fileOf(110), { transport: killAt(doc.transport, each) }).catch(() => undefined);
      }
      const last = await load(fileOf(110));
      expect(last.load?.differences).toEqual([]);
      expect(digestOf(doc)).toEqual(wanted);
    });
    await fc.assert(law, { numRuns: 12 });
  }, 60_000);

  it('sends only what is missing when it goes on', async () => {
    const { doc, load } = createScene();
    // 2 + 5 calls find the doc's tables, 5 list them, 3 × 2 fill the small ones, the tasks' 1st write is the 22nd.
    let writes = 0;
    const transport: CodaTransport = (request) => {
      if (request.method === 'POST') writes += 1;
      return writes > 4 ? Promise.reject(new Error('killed')) : doc.transport(request);
    };
    await expect(load(fileOf(230), { transport })).rejects.toThrow('killed');
    const rest = await load(fileOf(230));
    expect(rest.load?.tables).toMatchObject({
      workflows: { sent: 0 },
      tasks: { wanted: 230, found: 230, sent: 130 },
      execution_runs: { sent: 230 },
    });
  });

  it('stops between two requests when it is asked to, and can be run again', async () => {
    const { doc, load } = createScene();
    const stop = new AbortController();
    const onProgress = () => stop.abort();
    const stopped = load(fileOf(230), { signal: stop.signal, onProgress });
    await expect(stopped).rejects.toMatchObject({ code: 'INTERRUPTED', retryable: true });
    expect(doc.counts.contentWrites).toBe(1);
    expect((await load(fileOf(230))).load?.differences).toEqual([]);
  });
});

describe('an import that loses answers', () => {
  it('looks whether the rows landed before it sends them again', async () => {
    const { doc, load } = createScene();
    doc.failNext('resetAfter', 'write');
    const report = await load(fileOf(30));
    expect(report.load).toMatchObject({ contentWrites: 5, differences: [] });
    expect(countRows(doc)).toEqual([3, 2, 2, 30, 30]);
  });

  it('sends again what did not land', async () => {
    const { doc, load } = createScene();
    doc.failNext('resetBefore', 'write');
    doc.failNext('badGateway', 'write');
    const report = await load(fileOf(30));
    expect(report.load).toMatchObject({ contentWrites: 7, differences: [] });
    expect(countRows(doc)).toEqual([3, 2, 2, 30, 30]);
  });

  it('reports what never lands after a bounded number of rounds', async () => {
    const { load } = createScene({ behaviour: { lostRate: 1 } });
    const report = await load(fileOf(3));
    expect(report.load?.contentWrites).toBe(5 * 3);
    expect(report.load?.differences).toHaveLength(3 + 2 + 2 + 3 + 3);
    expect(report.load?.differences[0]).toMatchObject({ kind: 'missing', table: 'workflows' });
  });
});

describe.each(['live', 'snapshot'] as const)(
  'an import into a strict doc whose upserts see the %s rows',
  (upsertSees) => {
    const strict = { profile: 'strict', behaviour: { upsertSees } } as const;

    it('waits for what it needs and ends with every row once', async () => {
      const { doc, load, wait } = createScene(strict);
      const report = await load(fileOf(110));
      expect(report.load?.differences).toEqual([]);
      await wait(1_000_000);
      expect(countRows(doc)).toEqual([3, 2, 2, 110, 110]);
      expect(doc.counts.rateLimited).toBe(0);
    });

    it('believes no listing that is younger than what a killed import sent', async () => {
      const law = fc.asyncProperty(
        fc.integer({ min: 14, max: 50 }),
        fc.boolean(),
        fc.integer({ min: 0, max: 1_000 }),
        async (call, isAfter, seed) => {
          const { doc, load, wait } = createScene({ ...strict, seed });
          const transport = killAt(doc.transport, { call, isAfter });
          await load(fileOf(110), { transport }).catch(() => undefined);
          expect((await load(fileOf(110))).load?.differences).toEqual([]);
          await wait(1_000_000);
          expect(countRows(doc)).toEqual([3, 2, 2, 110, 110]);
        },
      );
      await fc.assert(law, { numRuns: 6 });
    }, 60_000);
  },
);
