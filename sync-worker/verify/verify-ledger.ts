/** Reads a ledger as a stranger would: it shares no code with what wrote it, so that one mistake cannot hide in both. */
import { createHash } from 'node:crypto';

/** Where a ledger ends: position 0 and 64 zeros while it is empty. */
export interface LedgerEnd {
  readonly position: number;
  readonly hash: string;
}

/** An event as it lies in a store: `body` is the text `hash` was taken of. */
export interface LedgerRow extends LedgerEnd {
  readonly body: string;
}

/** What a witness outside the store saw: this doc's ledger had this hash at this position. */
export interface Anchor extends LedgerEnd {
  readonly docId: string;
}

/** A ledger to be checked. */
export interface LedgerCase {
  /** Every row the store holds, by position. */
  readonly rows: AsyncIterable<LedgerRow> | Iterable<LedgerRow>;
  /** Asked after the last row: what the store itself says its end is. */
  readonly readHead: () => LedgerEnd | Promise<LedgerEnd>;
  /** In the order they were written. */
  readonly anchors: readonly Anchor[];
  /** The doc whose ledger it should be. */
  readonly docId: string;
}

/** What kind of fault it is. */
export type LedgerFaultCode =
  /** An anchor that is not of this doc, that is not behind the one before, or that saw another event here or none. */
  | 'ANCHOR_FOREIGN'
  | 'ANCHOR_ORDER'
  | 'ANCHOR_DIFFERS'
  | 'ANCHOR_BEYOND'
  /** A text its hash was not taken of, that is no event, or that could be read in two ways. */
  | 'HASH_WRONG'
  | 'BODY_UNREADABLE'
  | 'BODY_NOT_CANONICAL'
  /** A row or an event out of its place, hung on another event, or with a gap before it in its stream. */
  | 'POSITION_WRONG'
  | 'BODY_ELSEWHERE'
  | 'LINK_BROKEN'
  | 'VERSION_WRONG'
  /** The store says it ends elsewhere than it does. */
  | 'HEAD_WRONG';

/** The first thing that is wrong, and where. */
export interface LedgerFault {
  readonly code: LedgerFaultCode;
  readonly position: number;
  readonly expected: string;
  readonly received: string;
}

/** What a check came to: the end that was checked, or the first fault and how many rows were sound before it. */
export type LedgerVerdict =
  | { readonly ok: true; readonly checked: number; readonly head: LedgerEnd }
  | { readonly ok: false; readonly checked: number; readonly fault: LedgerFault };

/** Checks every row, link, stream, the head and every anchor, and stops at the first fault. */
export async function verifyLedger(ledger: LedgerCase): Promise<LedgerVerdict> {
  let end: LedgerEnd = { position: 0, hash: '0'.repeat(64) };
  const versions = new Map<string, number>();
  const fail = (fault: LedgerFault): LedgerVerdict => ({ ok: false, checked: end.position, fault });
  const misfit = findAnchorMisfit(ledger);
  if (misfit !== undefined) return fail(misfit);
  const seen = new Map(ledger.anchors.map(({ position, hash }) => [position, hash]));
  for await (const row of ledger.rows) {
    const fault = checkRow(row, { end, versions, anchored: seen.get(row.position) });
    if (fault !== undefined) return fail(fault);
    end = { position: row.position, hash: row.hash };
  }
  const { position, hash } = await ledger.readHead();
  if (position !== end.position || hash !== end.hash) {
    return fail(toFault('HEAD_WRONG', position, [toText(end), toText({ position, hash })]));
  }
  const last = ledger.anchors.at(-1);
  if (last !== undefined && last.position > position) {
    return fail(toFault('ANCHOR_BEYOND', last.position, [toText(last), toText(end)]));
  }
  return { ok: true, checked: position, head: end };
}

function findAnchorMisfit({ anchors, docId }: LedgerCase): LedgerFault | undefined {
  let before = 0;
  for (const anchor of anchors) {
    const { position } = anchor;
    if (anchor.docId !== docId) return toFault('ANCHOR_FOREIGN', position, [docId, anchor.docId]);
    const follows = Number.isSafeInteger(position) && position > before;
    if (!follows) return toFault('ANCHOR_ORDER', position, [`above ${before}`, String(position)]);
    before = position;
  }
  return undefined;
}

type Before = { end: LedgerEnd; versions: Map<string, number>; anchored: string | undefined };

function checkRow(row: LedgerRow, { end, versions, anchored }: Before): LedgerFault | undefined {
  const position = end.position + 1;
  const differ = (code: LedgerFaultCode, expected: unknown, received: unknown) =>
    expected === received
      ? undefined
      : toFault(code, position, [shorten(expected), shorten(received)]);
  const event = readEvent(row.body);
  if (event === undefined) return differ('BODY_UNREADABLE', 'an event', row.body);
  const version = (versions.get(event.stream) ?? 0) + 1;
  versions.set(event.stream, version);
  const hash = createHash('sha256').update(row.body).digest('hex');
  return (
    differ('POSITION_WRONG', position, row.position) ??
    differ('HASH_WRONG', hash, row.hash) ??
    differ('BODY_NOT_CANONICAL', event.canonical, row.body) ??
    differ('BODY_ELSEWHERE', position, event.position) ??
    differ('LINK_BROKEN', end.hash, event.previousHash) ??
    differ('VERSION_WRONG', version, event.version) ??
    differ('ANCHOR_DIFFERS', anchored ?? hash, hash)
  );
}

function readEvent(body: string) {
  try {
    const event = JSON.parse(body);
    const { stream, position, version, previousHash } = event;
    if (typeof stream !== 'string') return undefined;
    return { stream, position, version, previousHash, canonical: toCanonical(event) };
  } catch {
    return undefined;
  }
}

/** The one text of a value: fields sorted by UTF-16 code units, no spaces. A field named twice comes back once, and so differs. */
function toCanonical(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(toCanonical).join()}]`;
  const fields = Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1));
  return `{${fields.map(([name, of]) => `${JSON.stringify(name)}:${toCanonical(of)}`).join()}}`;
}

const shorten = (value: unknown): string => String(value).slice(0, 200);
const toText = ({ position, hash }: LedgerEnd): string => `${position} ${hash}`;

const toFault = (
  code: LedgerFaultCode,
  position: number,
  [expected, received]: readonly [string, string],
): LedgerFault => ({ code, position, expected, received });
