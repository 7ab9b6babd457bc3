import * as v from 'valibot';
import { type Instant, isInstant, utf8Bytes } from '#shared/kernel/index.ts';
import { RUN_STATES } from '#shared/lifecycle/index.ts';
import type { Desk, DeskRun } from './desk.ts';
import type { LedgerRow } from './ledger-row.ts';
import { ANCHOR_KEY, STATE_BYTES_MAX } from './protocol.ts';

/** Names the doc and the head of the chain; where it names another doc, every row beside it was copied. */
export interface Anchor {
  readonly docId: string;
  readonly position: number;
  readonly hash: string;
  /** Grows when a copied doc is adopted. */
  readonly epoch: number;
}

// JSON can spell a number too large to be one: it reads 1e999 as Infinity.
const Quantity = v.pipe(
  v.number(),
  v.check((value) => Number.isFinite(value)),
);
const isCount = (value: number): boolean => Number.isSafeInteger(value) && value >= 0;
const Count = v.pipe(v.number(), v.check(isCount));
const Moment = v.custom<Instant>((value) => typeof value === 'string' && isInstant(value));
const Work = {
  startedAt: Moment,
  over: v.exactOptional(v.object({ endedAt: Moment, pausedMs: Quantity })),
};
const Pause = v.object({ from: Moment, to: Moment, isWait: v.exactOptional(v.boolean()) });
const RunSchema = v.object({
  state: v.picklist(RUN_STATES),
  version: Count,
  runId: v.string(),
  createdAt: v.exactOptional(Moment),
  queuedAt: v.exactOptional(Moment),
  startedAt: v.exactOptional(Moment),
  pausedAt: v.exactOptional(Moment),
  endedAt: v.exactOptional(Moment),
  quarantinedAt: v.exactOptional(Moment),
  lastAt: v.exactOptional(Moment),
  pausedMs: Quantity,
  pauses: v.exactOptional(v.array(Pause)),
  corrected: v.exactOptional(v.object({ at: Moment, ...Work })),
  fixLoops: Count,
  maxFixLoops: Count,
});
const DeskRunSchema = v.object({
  run: RunSchema,
  task: v.string(),
  tasksBefore: v.exactOptional(v.array(v.object({ task: v.string(), untilMs: Quantity }))),
  day: v.exactOptional(v.string()),
  note: v.exactOptional(v.string()),
  commandMs: Quantity,
});
const PressSchema = v.object({
  type: v.string(),
  task: v.string(),
  by: v.string(),
  atMs: Quantity,
  position: v.exactOptional(Count),
});
const DeskSchema = v.object({
  deskId: v.string(),
  seq: Count,
  runs: v.array(DeskRunSchema),
  presses: v.array(PressSchema),
  foldedKeys: v.record(v.string(), Quantity),
  foldedBeforeMs: Quantity,
});
const AnchorSchema = v.object({
  docId: v.string(),
  position: Count,
  hash: v.string(),
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

/**
 * The desk as a row has room for it: open runs before ended ones, late ones before early ones, and no notes. What does
 * not fit is in Execution Runs, where every run goes; a row too large would stop every write after it.
 */
export function fitDesk(desk: Desk): Desk {
  const byNeed = [...desk.runs].sort(
    (one, other) => isEnded(one) - isEnded(other) || other.commandMs - one.commandMs,
  );
  let room = STATE_BYTES_MAX - utf8Bytes(JSON.stringify({ ...desk, runs: [] }));
  const kept = new Set<string>();
  for (const one of byNeed) {
    room -= utf8Bytes(JSON.stringify(withoutNote(one))) + 1;
    if (room < 0) break;
    kept.add(one.run.runId);
  }
  const runs = desk.runs.filter(({ run }) => kept.has(run.runId)).map(withoutNote);
  return { ...desk, runs };
}

const isEnded = ({ run }: DeskRun): number => (run.endedAt === undefined ? 0 : 1);

function withoutNote(one: DeskRun): DeskRun {
  const { note: _, ...rest } = one;
  return rest;
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
  row.key === ANCHOR_KEY && row.kind === 'state' && row.stream === 'ledger'
    ? parse(AnchorSchema, row.data)
    : undefined;

function parse<Value>(schema: v.GenericSchema<unknown, Value>, data: string): Value | undefined {
  try {
    const read = v.safeParse(schema, JSON.parse(data));
    return read.success ? read.output : undefined;
  } catch {
    return undefined;
  }
}
