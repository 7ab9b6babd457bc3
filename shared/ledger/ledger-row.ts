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

/** The outcome a cell shows; a text that {@link formatOutcome} never writes is none. */
export function parseOutcome(text: string): Outcome | undefined {
  if (text === 'already so') return { kind: 'already_so' };
  if (text === 'superseded') return { kind: 'superseded' };
  const [, word, digits] = /^(accepted|same as) (\d{1,15})$/.exec(text) ?? [];
  if (word !== undefined) {
    return { kind: word === 'accepted' ? 'accepted' : 'same', position: Number(digits) };
  }
  const [, code, reason] = /^refused: ([A-Z_]+) – ([\s\S]*)$/.exec(text) ?? [];
  return code === undefined || reason === undefined ? undefined : { kind: 'refused', code, reason };
}
