import { failure } from './failures.ts';

const IN_ADDRESS = /\/d\/(?:[^/?#]*_)?d([\w-]{6,})(?=[/?#]|$)/;
const ID = /^[\w-]{6,}$/;

/**
 * The id of a doc given by its address or id: in `/d/Founder-HQ_dCxcSmXz318` it is what follows the last `_d`.
 * Errors: a text that is neither.
 */
export function toDocId(addressOrId: string): string {
  const text = addressOrId.trim();
  const docId = IN_ADDRESS.exec(text)?.[1] ?? ID.exec(text)?.[0];
  if (docId === undefined) throw failure('DOC_UNREADABLE', { received: addressOrId });
  return docId;
}
