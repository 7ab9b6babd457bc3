import * as z from 'zod/mini';
import { type Instant, isInstant } from '#shared/kernel/index.ts';
import { RUN_STATES } from '#shared/lifecycle/index.ts';
import type { Desk } from './desk.ts';
import type { LedgerRow } from './ledger-row.ts';
import { ANCHOR_KEY } from './protocol.ts';

/** Names the doc and the head of the chain; where it names another doc, every row beside it was copied. */
export interface Anchor {
  readonly docId: string;
  readonly position: number;
  readonly hash: string;
  /** Grows when a copied doc is adopted. */
  readonly epoch: number;
}

const Count = z.int().check(z.gte(0));
const Moment = z.custom<Instant>((value) => typeof value === 'string' && isInstant(value));
const RunSchema = z.object({
  state: z.enum(RUN_STATES),
  version: Count,
  runId: z.string(),
  createdAt: z.exactOptional(Moment),
  queuedAt: z.exactOptional(Moment),
  startedAt: z.exactOptional(Moment),
  pausedAt: z.exactOptional(Moment),
  endedAt: z.exactOptional(Moment),
  quarantinedAt: z.exactOptional(Moment),
  lastAt: z.exactOptional(Moment),
  pausedMs: z.number(),
  fixLoops: Count,
  maxFixLoops: Count,
});
const DeskRunSchema = z.object({
  run: RunSchema,
  task: z.string(),
  day: z.exactOptional(z.string()),
  note: z.exactOptional(z.string()),
  commandMs: z.number(),
});
const PressSchema = z.object({
  type: z.string(),
  task: z.string(),
  by: z.string(),
  atMs: z.number(),
  position: z.exactOptional(Count),
});
const DeskSchema = z.object({
  deskId: z.string(),
  seq: Count,
  runs: z.array(DeskRunSchema),
  presses: z.array(PressSchema),
  foldedKeys: z.record(z.string(), z.number()),
  foldedBeforeMs: z.number(),
});
const AnchorSchema = z.object({
  docId: z.string(),
  position: Count,
  hash: z.string(),
  epoch: Count,
});

/** The key of a desk's state row. */
export const toStateKey = (deskId: string): string => `state/${deskId}`;

/** The state row of a desk: what every reader builds on, and in plain words what people read. */
export function toStateRow(desk: Desk): LedgerRow {
  const open = desk.runs.filter(({ run }) => run.endedAt === undefined);
  return {
    title: `State · ${desk.deskId}`,
    kind: 'state',
    state: open.map(({ run, task }) => `${run.state}: ${task}`).join(', ') || 'idle',
    key: toStateKey(desk.deskId),
    stream: desk.deskId,
    type: 'desk',
    at: '',
    by: 'worker',
    data: JSON.stringify(desk),
    outcome: '',
    seq: String(desk.seq),
  };
}

/** The desk in a state row, or nothing where the row was damaged by hand; the worker mends it. */
export function parseStateRow(row: LedgerRow): Desk | undefined {
  const desk = parse(DeskSchema, row.data);
  const isWhole = desk !== undefined && row.seq === String(desk.seq) && row.stream === desk.deskId;
  return isWhole && row.key === toStateKey(desk.deskId) ? desk : undefined;
}

/** The row that names the doc and the head of the chain. */
export function toAnchorRow(anchor: Anchor): LedgerRow {
  return {
    title: 'State · ledger',
    kind: 'state',
    state: 'anchor',
    key: ANCHOR_KEY,
    stream: 'ledger',
    type: 'ledger',
    at: '',
    by: 'worker',
    data: JSON.stringify(anchor),
    outcome: '',
    seq: String(anchor.position),
  };
}

/** The anchor in a row, or nothing where the row is another or was damaged. */
export const parseAnchorRow = (row: LedgerRow): Anchor | undefined =>
  row.key === ANCHOR_KEY ? parse(AnchorSchema, row.data) : undefined;

function parse<Value>(schema: z.ZodMiniType<Value>, data: string): Value | undefined {
  try {
    const read = schema.safeParse(JSON.parse(data));
    return read.success ? read.data : undefined;
  } catch {
    return undefined;
  }
}
