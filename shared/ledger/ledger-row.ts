/** The cells of one row of the Ledger table: text in every column, "" where blank. */
export interface LedgerRow {
  /** For people: "Start · Audit Acme · Dana". */
  readonly title: string;
  /** `command`, `settled`, `state` or `conflict`. */
  readonly kind: string;
  /** The plain word people read. */
  readonly state: string;
  readonly key: string;
  readonly stream: string;
  readonly type: string;
  readonly at: string;
  readonly by: string;
  /** JSON of at most 60 KB. */
  readonly data: string;
  readonly outcome: string;
  readonly seq: string;
}

/** A row as it was read, with Coda's row id. */
export interface VisibleRow extends LedgerRow {
  readonly rowId: string;
}

/** What became of a command. */
export type Outcome =
  | { readonly kind: 'accepted'; readonly position: number }
  | { readonly kind: 'same'; readonly position: number }
  | { readonly kind: 'already_so' }
  | { readonly kind: 'superseded' }
  | { readonly kind: 'refused'; readonly code: string; readonly reason: string };

/** The outcome as its cell shows it. */
export function formatOutcome(outcome: Outcome): string {
  switch (outcome.kind) {
    case 'accepted':
      return `accepted ${outcome.position}`;
    case 'same':
      return `same as ${outcome.position}`;
    case 'already_so':
      return 'already so';
    case 'superseded':
      return 'superseded';
    case 'refused':
      return `refused: ${outcome.code} – ${outcome.reason}`;
  }
}

/** The ledger position of an accepted command, read from its outcome cell; any other text has none. */
export function parseAcceptedPosition(outcome: string): number | undefined {
  const digits = /^accepted (\d{1,15})$/.exec(outcome)?.[1];
  return digits === undefined ? undefined : Number(digits);
}
