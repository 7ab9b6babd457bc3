import { expect } from 'vitest';
import { isContractName, parseContract } from '#shared/contracts/index.ts';
import {
  type Envelope,
  rebuildDocuments,
  type TableDocument,
  toExecutionEvent,
} from '#shared/ledger/index.ts';
import { isRecordTable, type Store, sha256 } from '#worker/store/index.ts';
import { verifyStore } from '#worker/verify/index.ts';

const PAGE = 1_000;

async function readEvents(store: Store): Promise<readonly Envelope[]> {
  const events: Envelope[] = [];
  for (let page = await store.readAll(0, PAGE); page.length > 0; ) {
    events.push(...page);
    page = await store.readAll(events.length, PAGE);
  }
  return events;
}

/** Holds a store to all its promises: chain whole, tables as the events make them, every document and event within its contract. */
export async function expectWhole(store: Store): Promise<readonly Envelope[]> {
  expect(await verifyStore(store)).toMatchObject({ ok: true });
  const events = await readEvents(store);
  const documents = rebuildDocuments(events, sha256);
  const faults = [
    ...(await Promise.all(documents.map((one) => findTableFault(one, store)))),
    ...documents.map(findContractFault),
    ...events.map(findEventFault),
  ];
  expect(faults.filter((fault) => fault !== undefined).slice(0, 5)).toEqual([]);
  return events;
}

async function findTableFault({ table, id, document }: TableDocument, store: Store) {
  const stored = isRecordTable(table) ? await store.getRecord(table, id) : undefined;
  const isSame = JSON.stringify(sorted(stored?.document)) === JSON.stringify(sorted(document));
  return isSame ? undefined : { table, id, stored: stored?.document, document };
}

function findContractFault({ table, id, document: { schema, ...document } }: TableDocument) {
  const name = typeof schema === 'string' ? schema.replace(/\.v1$/, '') : '';
  if (!isContractName(name)) return { table, id, schema };
  const read = parseContract({ schema, ...document }, name);
  return read.ok ? undefined : { table, id, refusal: read.refusal };
}

function findEventFault(event: Envelope) {
  const read = parseContract(toExecutionEvent(event), 'execution_event');
  return read.ok ? undefined : { type: event.type, refusal: read.refusal };
}

const sorted = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).toSorted(([one], [other]) => (one < other ? -1 : 1));
  return Object.fromEntries(entries.map(([name, inner]) => [name, sorted(inner)]));
};
