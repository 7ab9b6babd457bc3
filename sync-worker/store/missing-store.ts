import { DomainError } from '#shared/kernel/index.ts';
import type { StoreErrorCode } from './store-error-code.ts';

/** The failure of a store that should be there and is not. */
export const toMissingStore = (docId: string, name: string): DomainError<StoreErrorCode> =>
  new DomainError('STORE_MISSING', `There is no ledger of doc ${docId} in \`${name}\``);
