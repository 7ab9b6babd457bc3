import type { Instant } from '#shared/kernel/index.ts';
import type { EventScope, NewEvent } from '../envelope.ts';
import type { JsonObject } from './entry.ts';

/** A document of a table whose entities have no lifecycle, and the event that tells of it. */
export interface DocumentStep {
  /** Name of the table. */
  readonly table: string;
  readonly id: string;
  readonly document: JsonObject;
  readonly at: Instant;
  readonly by: string;
  /** What happened. @default 'document_recorded' */
  readonly type?: string;
  /** Where it happened: an entity's stream. @default the table's own, `ledger/<table>` */
  readonly stream?: string;
  /** What the event says beside the document. */
  readonly facts?: JsonObject;
  readonly scope?: EventScope;
}

/** An event that changes no document, and the stream it happened in. */
export interface StreamEvent {
  readonly stream: string;
  readonly event: NewEvent;
}

/** The event that records a document: the whole document rides in it, so that the table can be built again from events alone. */
export function toDocumentEvent(step: DocumentStep): StreamEvent {
  const { table, id, document, at, by, scope } = step;
  const { type = 'document_recorded', stream = `ledger/${table}`, facts = {} } = step;
  const event = { type, at, actor: by, payload: { ...facts, table, id, document } };
  return { stream, event: scope === undefined ? event : { ...event, scope } };
}

/** The document an event carries; `undefined` for an event that carries none. */
export function readDocument(
  payload: NewEvent['payload'],
): Pick<DocumentStep, 'table' | 'id' | 'document'> | undefined {
  if (typeof payload !== 'object' || payload === null || !('document' in payload)) return undefined;
  const { table, id, document } = payload;
  const isWhole = typeof table === 'string' && typeof id === 'string';
  return isWhole && isObject(document) ? { table, id, document } : undefined;
}

const isObject = (value: NewEvent['payload'] | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
