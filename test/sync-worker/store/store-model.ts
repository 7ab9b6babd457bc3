import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { OutboxItem, Store } from '#worker/store/index.ts';
import { verifyStore } from '#worker/verify/index.ts';
import { eventOf } from './append-event.ts';

/** One write of a step, as the generator draws it. */
type Write =
  | {
      readonly kind: 'append';
      readonly stream: string;
      readonly numbers: readonly number[];
      readonly expected: number | 'any';
      readonly key?: string | undefined;
    }
  | { readonly kind: 'put' | 'remove'; readonly id: string; readonly body: number }
  | { readonly kind: 'send' | 'sent'; readonly id: string; readonly body: number };

interface Step {
  readonly writes: readonly Write[];
  readonly doesThrow: boolean;
}

/** A store as naive as can be: lists that are copied at the start of a step and put back where it throws. */
interface Model {
  readonly events: readonly { stream: string; number: number; key: string | undefined }[];
  readonly documents: ReadonlyMap<string, number>;
  readonly outbox: ReadonlyMap<string, number>;
}

const id = fc.constantFrom('a', 'b', 'c');
const append = fc.record({
  kind: fc.constant('append' as const),
  stream: id,
  numbers: fc.array(fc.nat({ max: 2 }), { minLength: 1, maxLength: 3 }),
  expected: fc.oneof(fc.constant('any' as const), fc.nat({ max: 4 })),
  key: fc.option(fc.constantFrom('K1', 'K2', 'K3'), { nil: undefined }),
});
const other = fc.record({
  kind: fc.constantFrom('put', 'remove', 'send', 'sent' as const),
  id,
  body: fc.nat({ max: 9 }),
});
const step: fc.Arbitrary<Step> = fc.record({
  writes: fc.array(fc.oneof(append, other), { maxLength: 4 }),
  doesThrow: fc.boolean(),
});

const itemOf = (key: string, body: number): OutboxItem => ({
  id: `Ledger/${key}`,
  table: 'Ledger',
  key,
  cells: { body },
});

/** What a write answers and what it leaves, said with lists only. */
function applyTo(model: Model, write: Write): { model: Model; answer: string } {
  const documents = new Map(model.documents);
  const outbox = new Map(model.outbox);
  switch (write.kind) {
    case 'append':
      return appendTo(model, write);
    case 'put':
      return { model: { ...model, documents: documents.set(write.id, write.body) }, answer: '' };
    case 'remove':
      documents.delete(write.id);
      return { model: { ...model, documents }, answer: '' };
    case 'send':
      return { model: { ...model, outbox: outbox.set(write.id, write.body) }, answer: '' };
    case 'sent':
      outbox.delete(write.id);
      return { model: { ...model, outbox }, answer: '' };
  }
}

function appendTo(model: Model, write: Write & { kind: 'append' }) {
  const { stream, numbers, expected, key } = write;
  const { events } = model;
  const positions = events.flatMap((event, index) =>
    key !== undefined && event.key === key ? [index] : [],
  );
  if (positions.length > 0) {
    const earlier = events.filter((event) => event.key === key);
    const isSame =
      earlier.every((event) => event.stream === stream) &&
      earlier.map(({ number }) => number).join() === numbers.join();
    const last = (positions.at(-1) ?? 0) + 1;
    return { model, answer: isSame ? `exists ${last}` : 'mismatch' };
  }
  const version = events.filter((event) => event.stream === stream).length;
  if (expected !== 'any' && expected !== version) return { model, answer: `conflict ${version}` };
  const added = numbers.map((number) => ({ stream, number, key }));
  const after = [...events, ...added];
  const answer = `appended ${after.length} ${version + added.length}`;
  return { model: { ...model, events: after }, answer };
}

async function runStep(store: Store, { writes, doesThrow }: Step): Promise<readonly string[]> {
  const answers: string[] = [];
  const GIVEN_UP = new Error('given up');
  const running = store.transaction(async (transaction) => {
    for (const write of writes) {
      answers.push(await run(transaction, write));
    }
    if (doesThrow) throw GIVEN_UP;
  });
  await running.catch((error: unknown) => {
    if (error !== GIVEN_UP) throw error;
  });
  return answers;
}

type Transaction = Parameters<Parameters<Store['transaction']>[0]>[0];

async function run(transaction: Transaction, write: Write): Promise<string> {
  switch (write.kind) {
    case 'append': {
      const { stream, numbers, expected, key } = write;
      const options = { expectedVersion: expected };
      const result = await transaction.append(
        stream,
        numbers.map(eventOf),
        key === undefined ? options : { ...options, idempotencyKey: key },
      );
      const { kind, ...facts } = result;
      return kind === 'mismatch' ? kind : [kind, ...Object.values(facts)].join(' ');
    }
    case 'put':
      await transaction.put('numbers', write.id, write.body);
      return '';
    case 'remove':
      await transaction.remove('numbers', write.id);
      return '';
    case 'send':
      await transaction.putOutbox([itemOf(write.id, write.body)]);
      return '';
    case 'sent':
      await transaction.removeOutbox([itemOf(write.id, 0).id]);
      return '';
  }
}

/** Holds a store to a model made of lists: the same steps, the same answers, the same left behind. */
export function describeStoreModel(name: string, create: () => Promise<Store>): void {
  describe(`${name}: against a model of lists`, () => {
    it('answers and keeps the same, whatever the steps', async () => {
      const law = fc.asyncProperty(fc.array(step, { maxLength: 12 }), async (steps) => {
        const store = await create();
        let model: Model = { events: [], documents: new Map(), outbox: new Map() };
        for (const next of steps) {
          const answers: string[] = [];
          let after = model;
          for (const write of next.writes) {
            const applied = applyTo(after, write);
            after = applied.model;
            answers.push(applied.answer);
          }
          expect(await runStep(store, next)).toEqual(answers);
          if (!next.doesThrow) model = after;
        }
        await expectSame(store, model);
        await store.close();
      });
      await fc.assert(law, { numRuns: 60 });
    });
  });
}

async function expectSame(store: Store, { events, documents, outbox }: Model): Promise<void> {
  const kept = await store.readAll(0, events.length + 1);
  expect(
    kept.map(({ stream, payload, idempotencyKey }) => [stream, payload, idempotencyKey]),
  ).toEqual(events.map(({ stream, number, key }) => [stream, eventOf(number).payload, key]));
  expect(await verifyStore(store)).toMatchObject({ ok: true, head: { position: events.length } });
  expect(await store.list('numbers')).toEqual(documents);
  const items = [...outbox].map(([key, body]) => itemOf(key, body));
  expect(await store.listOutbox()).toEqual(items);
}
