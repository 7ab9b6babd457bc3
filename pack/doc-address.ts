import { parseDocAddress } from '#shared/coda/index.ts';
import { failure } from './failures.ts';

/** The id of a doc given by its address or id. Errors: a text that is neither. */
export function toDocId(addressOrId: string): string {
  const docId = parseDocAddress(addressOrId);
  if (docId === undefined) throw failure('DOC_UNREADABLE', { received: addressOrId });
  return docId;
}
