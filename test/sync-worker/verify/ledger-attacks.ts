import { createHash } from 'node:crypto';
import type { Anchor, LedgerEnd, LedgerRow } from '#worker/verify/index.ts';

/** A ledger in a forger's hands. */
export interface ForgedLedger {
  readonly rows: readonly LedgerRow[];
  readonly head: LedgerEnd;
  readonly anchors: readonly Anchor[];
}

/** What a forger has to work with: the true ledger, one of another doc, and a seeded die. */
export interface Forgery {
  readonly own: ForgedLedger;
  readonly foreign: ForgedLedger;
  /** An integer from 0 up to and not including `sides`. */
  readonly roll: (sides: number) => number;
}

/** A way to change a ledger that has to be found out. */
export type Attack = (forgery: Forgery) => ForgedLedger;

/** What can be done to a ledger whose anchors stay as they were written, and to the anchors. */
export const ATTACKS: Readonly<Record<string, Attack>> = {
  'edits a row': ({ own, roll }) => {
    const index = roll(own.rows.length);
    const edit = [editBody, editHash, editBodyAndHash][roll(3)] ?? editBody;
    return { ...own, rows: own.rows.with(index, edit(at(own.rows, index), roll)) };
  },
  'deletes a row': ({ own, roll }) => {
    const index = roll(own.rows.length - 1);
    const rows = own.rows.toSpliced(index, 1);
    return { ...own, rows: roll(2) === 0 ? rows : renumber(rows) };
  },
  'inserts a row': ({ own, roll }) => {
    const index = roll(own.rows.length + 1);
    const copy = at(own.rows, roll(own.rows.length));
    // A stream of its own gets it past a table in which a stream holds each version once.
    const ownStream = copy.body.replace(/"stream":"[^"]*"/, '"stream":"desk/zoe"');
    const body = ownStream.replace(/"version":\d+/, '"version":1');
    const row = { position: -roll(9), body, hash: sha256(body) };
    const hidden = [row, ...own.rows];
    const within = [copy, row].map((one) => renumber(own.rows.toSpliced(index, 0, one)));
    return { ...own, rows: [hidden, ...within][roll(3)] ?? hidden };
  },
  'swaps two rows': ({ own, roll }) => {
    const one = roll(own.rows.length - 1);
    const other = one + 1 + roll(own.rows.length - 1 - one);
    const [first, second] = [at(own.rows, one), at(own.rows, other)];
    return { ...own, rows: renumber(own.rows.with(one, second).with(other, first)) };
  },
  'cuts the tail and sets the head back': ({ own, roll }) => {
    const rows = own.rows.slice(0, roll(own.rows.length));
    return { ...own, rows, head: endOf(rows) };
  },
  'sets the head elsewhere': ({ own, roll }) => {
    const index = roll(own.rows.length - 1);
    const { position, hash } = at(own.rows, index);
    const heads = [
      { position, hash },
      { ...own.head, hash },
      { ...own.head, position: own.head.position + 1 + roll(20) },
    ];
    return { ...own, head: heads[roll(3)] ?? own.head };
  },
  'edits a row and hashes all after it anew': ({ own, roll }) => {
    const index = roll(own.rows.length);
    const row = editBody(at(own.rows, index), roll);
    return rehash({ ...own, rows: own.rows.with(index, row) });
  },
  'puts in a row of another doc': ({ own, foreign, roll }) => {
    const index = roll(own.rows.length);
    return { ...own, rows: own.rows.with(index, at(foreign.rows, index)) };
  },
  'puts in the whole ledger of another doc': ({ own, foreign, roll }) =>
    roll(2) === 0 ? foreign : { ...foreign, anchors: own.anchors },
  'forges an anchor': ({ own, roll }) => {
    const index = roll(own.anchors.length);
    const anchor = at(own.anchors, index);
    const { anchors } = own;
    const forged = [
      anchors.with(index, { ...anchor, hash: mutate(anchor.hash, roll) }),
      anchors.with(index, { ...anchor, position: anchor.position + 1 + roll(20) }),
      anchors.with(index, { ...anchor, position: -roll(20) }),
      anchors.with(index, { ...anchor, docId: `${anchor.docId}X` }),
      anchors.toSpliced(index, 0, anchor),
      anchors.toReversed(),
    ];
    return { ...own, anchors: forged[roll(forged.length)] ?? [] };
  },
};

/** What a store that wrote wrongly would leave, hashed and linked as if it were right, with no anchor to tell. */
export const MISWRITINGS: Readonly<Record<string, Attack>> = {
  'leaves a gap in a stream': miswrite((event) => ({
    ...event,
    version: Number(event['version']) + 1,
  })),
  'puts an event in another place': miswrite((event) => ({
    ...event,
    position: Number(event['position']) + 1,
  })),
  'names a stream that is no text': miswrite((event) => ({ ...event, stream: 5, version: 1 })),
  'numbers its last row otherwise': ({ own, roll }) => {
    const last = at(own.rows, own.rows.length - 1);
    const row = { ...last, position: last.position + 1 + roll(20) };
    return { rows: own.rows.with(own.rows.length - 1, row), head: row, anchors: [] };
  },
  'names a field twice': miswriteText((body, roll) => {
    const comma = body.indexOf(',');
    return `${body.slice(0, comma)}${[',"actor":"lee"', ',"type":"x"'][roll(2)] ?? ''}${body.slice(comma)}`;
  }),
  'writes a text in another form': miswriteText(
    (body, roll) =>
      [` ${body}`, body.replace(':', ': '), body.replace('"actor"', '"\\u0061ctor"')][roll(3)] ??
      body,
  ),
  'writes what is no event': miswriteText(
    (body, roll) => [body.slice(1), '7', '{}', '[]', 'null'][roll(5)] ?? body,
  ),
  'hangs an event on another': ({ own, roll }) => {
    const index = roll(own.rows.length);
    const event = JSON.parse(at(own.rows, index).body);
    const body = JSON.stringify({ ...event, previousHash: mutate(event.previousHash, roll) });
    const row = { ...at(own.rows, index), body, hash: sha256(body) };
    const before = own.rows.slice(0, index);
    const after = rehash({ ...own, rows: own.rows.slice(index + 1) }, row.hash).rows;
    const rows = [...before, row, ...after];
    return { rows, head: endOf(rows), anchors: [] };
  },
};

type Roll = Forgery['roll'];
type Body = Readonly<Record<string, unknown>>;

function miswrite(change: (event: Body) => Body): Attack {
  return miswriteText((body) => JSON.stringify(change(JSON.parse(body))));
}

function miswriteText(change: (body: string, roll: Roll) => string): Attack {
  return ({ own, roll }) => {
    const index = roll(own.rows.length);
    const row = at(own.rows, index);
    const body = change(row.body, roll);
    const wrong = { ...row, body, hash: sha256(body) };
    const after = rehash({ ...own, rows: own.rows.slice(index + 1) }, wrong.hash).rows;
    const rows = [...own.rows.slice(0, index), wrong, ...after];
    return { rows, head: endOf(rows), anchors: [] };
  };
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

function at<Item>(items: readonly Item[], index: number): Item {
  const item = items[index];
  if (item === undefined) throw new Error(`nothing at ${index}`);
  return item;
}

/** Puts every row where it now stands. */
const renumber = (rows: readonly LedgerRow[]): readonly LedgerRow[] =>
  rows.map((row, index) => ({ ...row, position: index + 1 }));

const endOf = (rows: readonly LedgerRow[]): LedgerEnd => {
  const last = rows.at(-1);
  return last === undefined
    ? { position: 0, hash: '0'.repeat(64) }
    : { position: last.position, hash: last.hash };
};

function rehash(ledger: ForgedLedger, from = '0'.repeat(64)): ForgedLedger {
  let previousHash = from;
  const rows = ledger.rows.map((row) => {
    const body = row.body.replace(/("previousHash":")[0-9a-f]*"/, `$1${previousHash}"`);
    previousHash = sha256(body);
    return { ...row, body, hash: previousHash };
  });
  return { ...ledger, rows, head: endOf(rows) };
}

/** One fact of the event is another, and the text is as canonical as before. */
function editBody(row: LedgerRow, roll: Roll): LedgerRow {
  const edits = [
    row.body.replace('dana@', 'lee@'),
    row.body.replace(/"number":\d+/, `"number":${1_000 + roll(1_000)}`),
    row.body.replace('run_started', 'run_stopped'),
    row.body.replace(
      /T(\d\d):/,
      (_, hour: string) => `T${(Number(hour) + 1) % 24 < 10 ? '0' : ''}${(Number(hour) + 1) % 24}:`,
    ),
  ];
  return { ...row, body: edits[roll(edits.length)] ?? row.body };
}

const editHash = (row: LedgerRow, roll: Roll): LedgerRow => ({
  ...row,
  hash: mutate(row.hash, roll),
});

function editBodyAndHash(row: LedgerRow, roll: Roll): LedgerRow {
  const { body } = editBody(row, roll);
  return { ...row, body, hash: sha256(body) };
}

/** Another hex digit at one place. */
function mutate(hash: string, roll: Roll): string {
  const place = roll(hash.length);
  const digit = (Number.parseInt(hash.charAt(place), 16) + 1 + roll(15)) % 16;
  return `${hash.slice(0, place)}${digit.toString(16)}${hash.slice(place + 1)}`;
}
