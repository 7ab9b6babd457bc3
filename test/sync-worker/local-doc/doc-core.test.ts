import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bodyOf, createStudioDoc, type StudioDoc, toCells } from './studio-doc.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;

const anyMove = fc.oneof(
  fc.record({ kind: fc.constant('upsert'), key: fc.constantFrom('a', 'b'), hours: fc.nat(9) }),
  fc.record({ kind: fc.constant('insert'), key: fc.constantFrom('a', 'b'), hours: fc.nat(9) }),
  fc.record({ kind: fc.constant('wait'), seconds: fc.nat(90) }),
);
type Move = typeof anyMove extends fc.Arbitrary<infer One> ? One : never;

/** Makes the moves, with a look at the doc each so many seconds of waiting, and answers what is there in the end. */
async function play(moves: readonly Move[], seed: number, lookEverySeconds: number) {
  const studio = createStudioDoc({
    profile: 'strict',
    seed,
    behaviour: { limits: undefined, upsertSees: 'snapshot', rowOrder: 'created' },
  });
  for (const move of moves) {
    if (move.kind === 'wait') wait(studio, move.seconds, lookEverySeconds);
    else {
      const keyColumns = move.kind === 'upsert' ? ['external_id'] : [];
      await studio.insert('tasks', [{ external_id: move.key, hours: move.hours }], { keyColumns });
    }
  }
  wait(studio, 600, lookEverySeconds);
  return { rows: await studio.list('tasks'), live: studio.doc.person.readRows('tasks') };
}

function wait(studio: StudioDoc, seconds: number, lookEverySeconds: number): void {
  for (let passed = 0; passed < seconds; passed += lookEverySeconds) {
    studio.wait(Math.min(lookEverySeconds, seconds - passed) * SECOND);
    if (lookEverySeconds < 1_000) studio.doc.advance();
  }
}

describe('the doc', () => {
  it('comes to the same rows, ids and moments however often it is looked at', async () => {
    const law = fc.asyncProperty(
      fc.array(anyMove, { minLength: 2, maxLength: 12 }),
      fc.nat(1_000),
      async (moves, seed) => {
        const watched = await play(moves, seed, 7);
        expect(await play(moves, seed, 1_000)).toEqual(watched);
        expect(watched.rows).toHaveLength(watched.live.length);
      },
    );
    await fc.assert(law, { numRuns: 60 });
  });

  it('shows reads no change without all that happened before it', async () => {
    const law = fc.asyncProperty(fc.nat(1_000), async (seed) => {
      const behaviour = { snapshotLag: { minMs: 0, maxMs: 5 * MINUTE } };
      const studio = createStudioDoc({ seed, behaviour });
      for (let place = 0; place < 6; place += 1) {
        studio.doc.person.insertRow(place % 2 === 0 ? 'projects' : 'tasks', {
          name: String(place),
        });
      }
      for (let minute = 0; minute <= 5; minute += 1) {
        const shown = [...(await studio.list('projects')), ...(await studio.list('tasks'))];
        const names = shown.map(({ name }) => name).sort();
        expect(names).toEqual(['0', '1', '2', '3', '4', '5'].slice(0, names.length));
        studio.wait(MINUTE);
      }
    });
    await fc.assert(law, { numRuns: 40 });
  });

  it('passes over a change whose row is gone when its turn comes', async () => {
    const applyDelay = { minMs: MINUTE, maxMs: MINUTE };
    const { ask, doc, rowsOf, wait: pass } = createStudioDoc({ behaviour: { applyDelay } });
    const rowId = doc.person.insertRow('tasks', { name: 'Audit' });
    const kept = doc.person.insertRow('tasks', { name: 'Book' });
    const body = { row: { cells: toCells({ hours: 1 }) } };
    const { requestId } = bodyOf(await ask('PUT', `${rowsOf('tasks')}/${rowId}`, { body }));
    await ask('DELETE', rowsOf('tasks'), { body: { rowIds: [rowId, kept, 'i-none'] } });
    doc.person.deleteRow('tasks', rowId);
    pass(MINUTE);
    expect(doc.person.readRows('tasks')).toEqual([]);
    const status = await ask('GET', `/mutationStatus/${String(requestId)}`);
    expect(status.body).toEqual({ completed: true });
  });
});
