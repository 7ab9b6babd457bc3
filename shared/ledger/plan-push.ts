import { isInstant, type Sha256, toEpochMs } from '#shared/kernel/index.ts';
import { canonicalJson } from './canonical-json.ts';
import { COMMAND_DATA } from './command.ts';
import { readCommandRow } from './command-form.ts';
import { type CellConflict, isConflictKey, toConflictKey, toConflictRow } from './conflict-row.ts';
import { COST_COMMAND_DATA } from './cost-command.ts';
import { type Desk, trimDesk } from './desk.ts';
import { GATE_COMMAND_DATA } from './gate-command.ts';
import { formatOutcome, type LedgerRow, type Outcome, type VisibleRow } from './ledger-row.ts';
import { ANCHOR_KEY, SETTLED_KEPT_MS, VISIBLE_AFTER_MS } from './protocol.ts';
import { type Anchor, fitDesk, toAnchorRow, toStateKey, toStateRow } from './state-row.ts';

/** Some cells of a row of the Ledger table. */
export type Cells = Partial<LedgerRow>;

/** What was last sent for a row, kept in the store: the doc shows it only minutes later. */
export interface Sent {
  readonly cells: Cells;
  /** Units: ms since 1970. */
  readonly atMs: number;
}

/** What a push is planned from. */
export interface PushFacts {
  readonly rows: readonly VisibleRow[];
  readonly desks: ReadonlyMap<string, Desk>;
  /** What became of a key; undefined while it is undecided. */
  readonly outcomeOf: (key: string) => Outcome | undefined;
  /** Whether a key was read and is not decided yet. */
  readonly isWaiting: (key: string) => boolean;
  /** Whether the doc shows a run in Execution Runs, so that no state row needs to. */
  readonly isPublished: (runId: string) => boolean;
  /** Cells somebody typed over, that the table should tell of. @default none */
  readonly conflicts?: readonly CellConflict[];
  readonly anchor: Anchor;
  /** By the id of the write. */
  readonly sent: ReadonlyMap<string, Sent>;
  readonly nowMs: number;
  /** Until then a write not yet seen is not sent again. Units: ms. @default VISIBLE_AFTER_MS */
  readonly visibleAfterMs?: number;
  readonly sha256: Sha256;
}

/** One write to the Ledger table. */
export type Write =
  | {
      readonly kind: 'upsert';
      readonly id: string;
      readonly cells: Cells & { readonly key: string };
    }
  | { readonly kind: 'edit'; readonly id: string; readonly rowId: string; readonly cells: Cells }
  | { readonly kind: 'delete'; readonly id: string; readonly rowId: string };

/**
 * The writes that bring the Ledger table to what the ledger says: every row of a decided key settled, one state row a
 * desk, nothing older than it need be. What was sent is not sent again until it had time to show, and a table that
 * already says it all needs no write.
 */
export function planPush(facts: PushFacts): readonly Write[] {
  const published = publishDesks(facts);
  const unpublished = new Set(published.map(({ id }) => id));
  const writes = [
    ...settle(facts),
    ...refuseMalformed(facts),
    ...published,
    ...tellConflicts(facts),
  ];
  const due = [...writes, ...sweep(facts, unpublished)].filter((write) => isDue(write, facts));
  const isAnchored = due.some(({ kind }) => kind === 'upsert');
  return isAnchored ? [...due, anchorWrite(facts)] : due;
}

function settle({ rows, outcomeOf, nowMs }: PushFacts): readonly Write[] {
  const wrong = new Map<string, Write>();
  for (const row of rows) {
    const outcome = row.kind === 'state' ? undefined : outcomeOf(row.key);
    if (outcome === undefined || isPastKeeping(row, nowMs)) continue;
    const cells = settledCells(row.key, outcome);
    if (!shows(row, cells)) wrong.set(row.key, { kind: 'upsert', id: row.key, cells });
  }
  return [...wrong.values()];
}

/** What the worker decides, whoever it asks. */
const EVERY_COMMAND = { ...COMMAND_DATA, ...COST_COMMAND_DATA, ...GATE_COMMAND_DATA };

/** By row and not by key: the same key may belong to a sound row that is still on its way. */
function refuseMalformed({ rows, outcomeOf, isWaiting, sha256 }: PushFacts): readonly Write[] {
  return rows.flatMap((row) => {
    const { kind, key, rowId } = row;
    if (kind !== 'command' || outcomeOf(key) !== undefined || isWaiting(key)) return [];
    const read = readCommandRow(row, EVERY_COMMAND, sha256);
    if (read.ok) return [];
    const { code, detail } = read.refusal;
    const { outcome, state } = settledCells(key, { kind: 'refused', code, reason: detail });
    return [
      { kind: 'edit', id: `edit/${rowId}`, rowId, cells: { kind: 'settled', state, outcome } },
    ];
  });
}

/**
 * A state row is written anew only when its desk moved on; otherwise the very row last sent is put back. Doubled rows go
 * once all of them say the same, so that whichever stays says it too.
 */
function publishDesks({ rows, desks, sent, nowMs, isPublished }: PushFacts): readonly Write[] {
  return [...desks.values()].flatMap((desk): readonly Write[] => {
    const id = toStateKey(desk.deskId);
    const last = sent.get(id)?.cells;
    const isCurrent = last !== undefined && Number(last.seq) >= desk.seq;
    const cells = isCurrent
      ? { ...last, key: id }
      : toStateRow(fitDesk(trimDesk(desk, nowMs, isPublished)));
    const visible = statesOf(rows, id);
    const isShown = visible.length > 0 && visible.every((row) => shows(row, cells));
    return isShown ? deleteDoubles(visible) : [{ kind: 'upsert', id, cells }];
  });
}

/** One row a cell. Where there are several, all come to say the same and one stays, as with state rows. */
function tellConflicts({ rows, conflicts = [] }: PushFacts): readonly Write[] {
  return conflicts.flatMap((conflict): readonly Write[] => {
    const cells = toConflictRow(conflict);
    const visible = rows.filter(({ key }) => key === cells.key);
    const isShown = visible.length > 0 && visible.every((row) => shows(row, cells));
    return isShown ? deleteDoubles(visible) : [{ kind: 'upsert', id: cells.key, cells }];
  });
}

/**
 * Rows nobody needs: doubled anchors, conflicts long agreed on, state rows of no desk, settled commands past their time. A command may be settled
 * long after its press, so its row stays until the state row that holds it shows; which one holds a correction it does not say.
 */
function sweep(facts: PushFacts, unpublished: ReadonlySet<string>): readonly Write[] {
  const { rows, desks, nowMs, sent, conflicts = [] } = facts;
  const told = new Set(conflicts.map(toConflictKey));
  const stateKeys = new Set([ANCHOR_KEY, ...[...desks.keys()].map(toStateKey)]);
  const isOver = (row: VisibleRow): boolean =>
    isPastKeeping(row, nowMs) &&
    !isUnderWay(sent.get(row.key), facts) &&
    !(row.type === 'CorrectRun' ? unpublished.size > 0 : unpublished.has(toStateKey(row.stream)));
  const spare = rows.filter((row) => {
    // By its key: of a row that only says so the key may be a state row's, whom deleting would leave without.
    if (isConflictKey(row.key)) return row.kind === 'conflict' && !told.has(row.key);
    return row.kind === 'state' ? !stateKeys.has(row.key) : isOver(row);
  });
  return [...spare.map(deleteRow), ...deleteDoubles(statesOf(rows, ANCHOR_KEY))];
}

const statesOf = (rows: readonly VisibleRow[], key: string): readonly VisibleRow[] =>
  rows.filter((row) => row.kind === 'state' && row.key === key);

/** The row that stays is the same in every listing, in whatever order: two ticks that kept one each would delete both. */
function deleteDoubles(rows: readonly VisibleRow[]): readonly Write[] {
  const [, ...doubles] = [...rows].sort((one, other) => (one.rowId < other.rowId ? -1 : 1));
  return doubles.map(deleteRow);
}

const deleteRow = ({ rowId }: VisibleRow): Write => ({
  kind: 'delete',
  id: `delete/${rowId}`,
  rowId,
});

/** The anchor travels only with other rows: alone it would be a write an idle tick makes. */
function anchorWrite({ anchor }: PushFacts): Write {
  return { kind: 'upsert', id: ANCHOR_KEY, cells: toAnchorRow(anchor) };
}

function isDue(write: Write, facts: PushFacts): boolean {
  const last = facts.sent.get(write.id);
  if (!isUnderWay(last, facts)) return true;
  // By what they say and not by the order they say it in: a store gives fields back in an order of its own.
  return (
    write.kind !== 'delete' &&
    canonicalJson({ ...last.cells }) !== canonicalJson({ ...write.cells })
  );
}

/** Whether what was last sent need not be in sight yet. */
function isUnderWay(
  last: Sent | undefined,
  { nowMs, visibleAfterMs = VISIBLE_AFTER_MS }: PushFacts,
): last is Sent {
  // A moment that lies ahead was written by a clock that was wrong, and says nothing.
  return last !== undefined && last.atMs <= nowMs && nowMs - last.atMs < visibleAfterMs;
}

function settledCells(key: string, outcome: Outcome): Settled {
  const state = outcome.kind === 'refused' ? 'not done' : 'done';
  return { key, kind: 'settled', state, outcome: formatOutcome(outcome) };
}

type Settled = Required<Pick<LedgerRow, 'key' | 'kind' | 'state' | 'outcome'>>;

/** Of settled rows. A cell without a readable time is as good as old: nothing else would ever take its row away. */
const isPastKeeping = ({ kind, at }: LedgerRow, nowMs: number): boolean =>
  kind === 'settled' && (!isInstant(at) || toEpochMs(at) < nowMs - SETTLED_KEPT_MS);

const shows = (row: LedgerRow, cells: Cells): boolean =>
  row.kind === cells.kind &&
  row.state === cells.state &&
  row.outcome === cells.outcome &&
  row.seq === (cells.seq ?? row.seq) &&
  row.data === (cells.data ?? row.data);
