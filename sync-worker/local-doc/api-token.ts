import type { DocTable } from './doc-schema.ts';
import type { ApiRefusal } from './request.ts';

/** A token of the doc's one user, and how far it reaches. */
export interface TokenGrant {
  readonly token: string;
  /** What it may do. @default 'all' */
  readonly access?: 'all' | 'read' | 'write';
  /** The only table, by name, that it reaches. @default every table */
  readonly table?: string;
}

/** What a call wants, as far as a scope can forbid it. */
export interface Want {
  readonly isWrite: boolean;
  readonly table: DocTable | undefined;
  /** Whether it asks who the user is, which every token may. */
  readonly isIdentity: boolean;
  /** Whether it is a mutation poll, which a scope may spare. */
  readonly isStatus: boolean;
}

/** Why a token may not make a call; `undefined` where it may. */
export function refuseScope(
  grant: TokenGrant,
  want: Want,
  isStatusForTableToken: boolean,
): ApiRefusal | undefined {
  if (want.isIdentity) return undefined;
  if (want.isStatus) {
    const isRefused = grant.table !== undefined && !isStatusForTableToken;
    return isRefused ? forbidden('read the status of changes') : undefined;
  }
  if (grant.access === 'read' && want.isWrite) return forbidden('write');
  if (grant.access === 'write' && !want.isWrite) return forbidden('read');
  if (grant.table === undefined || want.table?.name === grant.table) return undefined;
  return forbidden('reach this object');
}

/** Whether a token is less than its user. */
export const isScoped = ({ access, table }: TokenGrant): boolean =>
  table !== undefined || (access ?? 'all') !== 'all';

const forbidden = (what: string): ApiRefusal => ({
  status: 403,
  message: `This API token may not ${what}.`,
});
