import type { DocTable } from './doc-schema.ts';
import type { ApiRefusal } from './request.ts';

/** A token of the doc's one user, and how far it reaches. */
export interface TokenGrant {
  readonly token: string;
  /** What it may do. @default 'all' */
  readonly access?: 'all' | 'read' | 'write';
  /** The only table, by name, that it reaches. @default every table */
  readonly table?: string;
  /** Whether it was made for this doc alone; the doc is the only one here, so only `/whoami` tells. @default false */
  readonly isForDoc?: boolean;
}

/** What a call wants, as far as a scope can forbid it. */
export interface Want {
  /** `identity` every token may know; a `status` is of no table. */
  readonly kind: 'identity' | 'status' | 'read' | 'write';
  readonly table: DocTable | undefined;
}

/** Why a token may not make a call; `undefined` where it may. */
export function refuseScope(
  { access = 'all', table }: TokenGrant,
  want: Want,
  isStatusForTableToken: boolean,
): ApiRefusal | undefined {
  switch (want.kind) {
    case 'identity':
      return undefined;
    case 'status':
      return table === undefined || isStatusForTableToken ? undefined : forbidden('read statuses');
    case 'read':
    case 'write': {
      if (access !== 'all' && access !== want.kind) return forbidden(want.kind);
      const isElsewhere = table !== undefined && want.table?.name !== table;
      return isElsewhere ? forbidden('reach this object') : undefined;
    }
  }
}

/** Whether a token is less than its user. */
export const isScoped = ({ access, table, isForDoc = false }: TokenGrant): boolean =>
  isForDoc || table !== undefined || (access ?? 'all') !== 'all';

const forbidden = (what: string): ApiRefusal => ({
  status: 403,
  message: `This API token may not ${what}.`,
});
