import { expect } from 'vitest';
import { isContractName, parseContract } from '#shared/contracts/index.ts';
import {
  type DocumentStep,
  type StreamEvent,
  toDocumentEvent,
  toExecutionEvent,
} from '#shared/ledger/index.ts';
import { sha256 } from './work-scene.ts';

/** Holds events, and the documents that ride in them, to their contracts. Answers stream and type of each. */
export function expectLawful(
  documents: readonly DocumentStep[],
  notices: readonly StreamEvent[] = [],
): readonly (readonly [stream: string, type: string])[] {
  for (const { document } of documents) {
    const { schema } = document;
    const name = typeof schema === 'string' ? schema.replace(/\.v1$/, '') : '';
    if (!isContractName(name)) throw new Error(`no contract \`${name}\``);
    expect(parseContract(document, name)).toMatchObject({ ok: true });
  }
  const told = [...documents.map(toDocumentEvent), ...notices];
  for (const { stream, event } of told) {
    const place = { stream, position: 1, version: 1, previousHash: sha256('before') };
    const read = toExecutionEvent({ ...event, ...place, hash: sha256('this') });
    expect(parseContract(read, 'execution_event')).toMatchObject({ ok: true });
  }
  return told.map(({ stream, event }) => [stream, event.type]);
}
