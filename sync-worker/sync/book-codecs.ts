import * as z from 'zod/mini';
import { DomainError } from '#shared/kernel/index.ts';
import {
  type Desk,
  emptyDesk,
  type Json,
  parseCommandRow,
  parseStateRow,
  type Sent,
  toCommandRow,
  toStateRow,
  type Waiting,
} from '#shared/ledger/index.ts';
import { sha256, toJson } from '#worker/store/index.ts';

/** A run of a desk with the desk it lies on. */
export interface BookedRun {
  readonly deskId: string;
  readonly run: Desk['runs'][number];
}

/** How one collection of the store is written and read back. */
export interface BookCodec<Value> {
  readonly collection: string;
  readonly encode: (value: Value) => Json;
  /** Nothing where the document is none of this collection. */
  readonly decode: (body: Json) => Value | undefined;
}

const TEXT = z.string();
const CELL = z.exactOptional(TEXT);
const ROW = z.object({
  title: TEXT,
  kind: TEXT,
  state: TEXT,
  key: TEXT,
  stream: TEXT,
  type: TEXT,
  at: TEXT,
  by: TEXT,
  data: TEXT,
  outcome: TEXT,
  seq: TEXT,
});
const WAITING = z.object({ row: ROW, firstSeenMs: z.number() });
const SENT = z.object({
  cells: z.object({
    title: CELL,
    kind: CELL,
    state: CELL,
    key: CELL,
    stream: CELL,
    type: CELL,
    at: CELL,
    by: CELL,
    data: CELL,
    outcome: CELL,
    seq: CELL,
  }),
  atMs: z.number(),
});

/** Desks, kept as the state rows that show them: what every reader of the doc can parse, the worker can too. */
export const DESKS: BookCodec<Desk> = {
  collection: 'desk',
  encode: (desk) => toJson(toStateRow(desk)),
  decode: decodeDesk,
};

/** Every run ever made by a command, kept as a desk that has no other. */
export const RUNS: BookCodec<BookedRun> = {
  collection: 'run',
  encode: ({ deskId, run }) => DESKS.encode({ ...emptyDesk(deskId), runs: [run] }),
  decode: (body) => {
    const desk = decodeDesk(body);
    const run = desk?.runs[0];
    return desk === undefined || run === undefined ? undefined : { deskId: desk.deskId, run };
  },
};

/** Commands that wait, kept as their rows, so that reading one back checks it against its key. */
export const INBOX: BookCodec<Waiting> = {
  collection: 'inbox',
  encode: ({ command, firstSeenMs }) => {
    const row = { ...toCommandRow(command, ''), outcome: '', seq: '' };
    return toJson({ row, firstSeenMs });
  },
  decode: (body) => {
    const waiting = z.safeParse(WAITING, body);
    if (!waiting.success) return undefined;
    const { row, firstSeenMs } = waiting.data;
    const command = parseCommandRow(row, sha256);
    return command.ok ? { command: command.value, firstSeenMs } : undefined;
  },
};

/** What was last sent for each row of the Ledger table. */
export const SENT_ROWS: BookCodec<Sent> = {
  collection: 'sent',
  encode: (sent) => toJson(sent),
  decode: (body) => z.safeParse(SENT, body).data,
};

/** A document of the store. Errors: `STORE_CORRUPT` where it cannot be read. */
export function decodeBook<Value>(
  codec: Pick<BookCodec<Value>, 'collection' | 'decode'>,
  id: string,
  body: Json,
): Value {
  const value = codec.decode(body);
  if (value !== undefined) return value;
  throw new DomainError(
    'STORE_CORRUPT',
    `The ledger's file holds \`${codec.collection}/${id}\` in a form nobody can read.`,
  );
}

function decodeDesk(body: Json): Desk | undefined {
  const row = z.safeParse(ROW, body);
  return row.success ? parseStateRow(row.data) : undefined;
}
