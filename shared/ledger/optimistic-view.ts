import { isInstant, type Sha256, toEpochMs, toInstant } from '#shared/kernel/index.ts';
import { projectClock, type RunState, toWorkTimes } from '#shared/lifecycle/index.ts';
import { COMMAND_DATA, type Command, parseCommandRow } from './command.ts';
import { groupByDesk } from './command-place.ts';
import {
  applyDecision,
  comparePresses,
  judgePress,
  toDecision,
  toPresses,
  withPresses,
} from './decide-inbox.ts';
import { type Desk, type DeskRun, emptyDesk } from './desk.ts';
import { decideOnDesk } from './desk-decider.ts';
import { formatOutcome, type LedgerRow, type Outcome, parseOutcome } from './ledger-row.ts';
import { PATIENCE_MS } from './protocol.ts';
import { parseAnchorRow, parseStateRow } from './state-row.ts';
import type { DeskFacts, Verdict } from './verdict.ts';

/** A run as a reader of the doc sees it now. */
export interface ViewRun {
  readonly runId: string;
  readonly deskId: string;
  readonly task: string;
  readonly state: RunState | 'none';
  readonly startedAtMs: number;
  readonly endedAtMs?: number;
  /** Pauses taken out, up to now while it runs. Units: ms. */
  readonly netMs: number;
  /** The day hours were logged for. */
  readonly day?: string;
  readonly note?: string;
  /** Whether a person corrected it, or confirmed that it was as it looks. */
  readonly isCorrected?: true;
  /** Whether a command nobody has decided yet shaped what is shown. */
  readonly isPending: boolean;
}

/** A command as a reader of the doc sees it now. */
export interface ViewCommand {
  readonly key: string;
  readonly command: Command;
  /** `late`: so old that it may have been counted already, so it is not added. */
  readonly status: 'pending' | 'late' | 'settled';
  /** Of a settled one. */
  readonly outcome: string;
  /** Why a pending one would change nothing as things are seen now. */
  readonly doubt?: string;
}

/** What the Ledger table says, with what was asked and not yet decided played on top. */
export interface LedgerView {
  /** `pack_only`: no worker has ever settled anything here, so the commands themselves are the truth. */
  readonly mode: 'pack_only' | 'worker' | 'copied';
  readonly runs: readonly ViewRun[];
  readonly commands: readonly ViewCommand[];
  /** When the oldest command not yet decided was pressed: how late the worker is. Units: ms since 1970. */
  readonly oldestPendingMs?: number;
}

/** What a view is made with. */
export interface ViewFacts {
  /** Where given, rows anchored to another doc are not believed. */
  readonly docId?: string;
  readonly nowMs: number;
  readonly sha256: Sha256;
  /** The gates of a run, where a worker will look at them. @default none */
  readonly gatesOf?: NonNullable<DeskFacts['gatesOf']>;
}

interface Asked {
  readonly command: Command;
  readonly outcome: string;
}

/**
 * The rows of the Ledger table as one picture: per desk the state row with the highest seq, then every command not
 * folded into it, accepted or undecided, in the order of the presses, through the same decider as the worker's. Rows may be doubled, and may come from different moments: a command that is folded is
 * not played again, and one that is accepted but not folded yet is.
 */
export function optimisticView(rows: readonly LedgerRow[], facts: ViewFacts): LedgerView {
  const anchor = rows.map(parseAnchorRow).find((one) => one !== undefined);
  if (anchor !== undefined && facts.docId !== undefined && anchor.docId !== facts.docId) {
    return { mode: 'copied', runs: [], commands: [] };
  }
  const mode = rows.some(isByWorker) ? 'worker' : 'pack_only';
  const desks = readDesks(rows);
  const asked = groupByDesk(readAsked(rows, facts.sha256), desks, facts.sha256);
  for (const deskId of asked.keys()) {
    if (!desks.has(deskId)) desks.set(deskId, emptyDesk(deskId));
  }
  const views = [...desks.values()].map((desk) =>
    playDesk(desk, asked.get(desk.deskId) ?? [], { ...facts, mode }),
  );
  const commands = views.flatMap((view) => view.commands);
  const pending = [
    ...commands.flatMap(({ status, command }) => (status === 'pending' ? [command.atMs] : [])),
    ...(mode === 'worker' ? listElsewhere(rows) : []),
  ];
  return {
    mode,
    runs: views.flatMap((view) => view.runs),
    commands,
    ...(pending.length === 0 ? {} : { oldestPendingMs: Math.min(...pending) }),
  };
}

/** Whether only a worker can have written a row: a kind changed by hand makes no state row that can be read. */
const isByWorker = (row: LedgerRow): boolean =>
  row.kind === 'state' && (parseStateRow(row) !== undefined || parseAnchorRow(row) !== undefined);

/** The newest readable state of each desk; a doubled state row is no second desk. */
function readDesks(rows: readonly LedgerRow[]): Map<string, Desk> {
  const desks = new Map<string, Desk>();
  for (const row of rows) {
    const desk = row.kind === 'state' ? parseStateRow(row) : undefined;
    const known = desk === undefined ? undefined : desks.get(desk.deskId);
    if (desk !== undefined && (known === undefined || known.seq < desk.seq)) {
      desks.set(desk.deskId, desk);
    }
  }
  return desks;
}

/** When what no desk decides was asked, where only a worker can answer and none has: costs, gates and the like. Units: ms since 1970. */
function listElsewhere(rows: readonly LedgerRow[]): readonly number[] {
  const settled = new Set(rows.flatMap(({ kind, key }) => (kind === 'settled' ? key : [])));
  return rows.flatMap(({ kind, type, key, at }) =>
    kind === 'command' && !Object.hasOwn(COMMAND_DATA, type) && !settled.has(key) && isInstant(at)
      ? [toEpochMs(at)]
      : [],
  );
}

/** One command per key; of several rows the settled one speaks, since settling is never taken back. */
function readAsked(rows: readonly LedgerRow[], sha256: Sha256): readonly Asked[] {
  const asked = new Map<string, Asked>();
  for (const row of rows) {
    const isSettled = row.kind === 'settled' && row.outcome !== '';
    if (row.kind !== 'command' && !isSettled) continue;
    const read = parseCommandRow(row, sha256);
    if (read.ok && (isSettled || !asked.has(row.key))) {
      asked.set(row.key, { command: read.value, outcome: isSettled ? row.outcome : '' });
    }
  }
  return [...asked.values()];
}

interface DeskView {
  readonly runs: readonly ViewRun[];
  readonly commands: readonly ViewCommand[];
}

function playDesk(
  base: Desk,
  asked: readonly Asked[],
  facts: ViewFacts & { readonly mode: Mode },
): DeskView {
  const touched = new Set<string>();
  const commands: ViewCommand[] = [];
  let desk = base;
  for (const one of [...asked].sort(byPress)) {
    const standing = judge(one, base);
    const played = standing === 'unfolded' ? play(desk, one, facts) : undefined;
    desk = played?.desk ?? desk;
    for (const runId of played?.touched ?? []) touched.add(runId);
    const shown = toViewCommand(one, standing, { ...facts, verdict: played?.verdict });
    if (shown !== undefined) commands.push(shown);
  }
  const runs = desk.runs.map((one) =>
    toViewRun(one, desk.deskId, { isPending: touched.has(one.run.runId), nowMs: facts.nowMs }),
  );
  return { runs, commands };
}

const byPress = (one: Asked, other: Asked): number => comparePresses(one.command, other.command);

/** How a command stands to the state row below it: in it, on top of it, without effect on it, or too old to tell. */
type Standing = 'folded' | 'unfolded' | 'without_effect' | 'late';

function judge({ command, outcome }: Asked, base: Desk): Standing {
  if (base.foldedKeys[command.key] !== undefined) return 'folded';
  if (outcome === '') return command.atMs < base.foldedBeforeMs ? 'late' : 'unfolded';
  const settled = parseOutcome(outcome);
  // A double stands for its first press too, whose row this reading may lack.
  if (settled?.kind !== 'accepted' && settled?.kind !== 'same') return 'without_effect';
  return settled.position > base.seq ? 'unfolded' : 'folded';
}

function play(
  desk: Desk,
  { command, outcome }: Asked,
  facts: ViewFacts,
): { readonly desk: Desk; readonly verdict: Verdict; readonly touched: readonly string[] } {
  const verdict = (outcome === '' ? judgePress : decideOnDesk)(command, desk, facts);
  if (verdict.kind !== 'accept') {
    return { desk: withPresses(desk, toPresses(command)), verdict, touched: [] };
  }
  const { deskId, seq } = desk;
  const after = applyDecision(desk, toDecision({ command, deskId }, verdict, seq));
  return { desk: after, verdict, touched: verdict.events.map(({ runId }) => runId) };
}

type Mode = 'pack_only' | 'worker';

/** A command the doc still shows as asked though its effect is in the state row is not listed: its answer is on the way. */
function toViewCommand(
  { command, outcome }: Asked,
  standing: Standing,
  facts: ViewFacts & { readonly mode: Mode; readonly verdict: Verdict | undefined },
): ViewCommand | undefined {
  const { key } = command;
  if (outcome !== '') return { key, command, status: 'settled', outcome };
  if (standing === 'late') return { key, command, status: 'late', outcome };
  if (facts.verdict === undefined) return undefined;
  // Without a worker nobody will ever answer, so after the same patience the view says what it sees.
  const isAnswered = facts.mode === 'pack_only' && command.atMs + PATIENCE_MS <= facts.nowMs;
  if (!isAnswered) {
    const { verdict } = facts;
    const doubt = verdict.kind === 'inapplicable' ? { doubt: verdict.reason } : {};
    return { key, command, status: 'pending', outcome: '', ...doubt };
  }
  const { outcome: foreseen } = toDecision({ command, deskId: '' }, facts.verdict, 0);
  return { key, command, status: 'settled', outcome: formatUnledgered(foreseen) };
}

/** It is no refusal, since an earlier press may still arrive. */
function formatUnledgered(outcome: Outcome): string {
  switch (outcome.kind) {
    case 'accepted':
      return 'done';
    case 'same':
      return 'same press';
    case 'already_so':
    case 'superseded':
      return formatOutcome(outcome);
    case 'refused':
      return `without effect: ${outcome.code} – ${outcome.reason}`;
  }
}

/** A run of a desk as it is shown. */
export function toViewRun(
  { run, task, day, note }: DeskRun,
  deskId: string,
  { isPending, nowMs }: { readonly isPending: boolean; readonly nowMs: number },
): ViewRun {
  const work = toWorkTimes(run);
  const { endedAt } = run;
  return {
    runId: run.runId,
    deskId,
    task,
    state: run.state,
    startedAtMs: work === undefined ? 0 : Date.parse(work.startedAt),
    // Until the run has ended, its work may yet be taken up again.
    ...(endedAt === undefined
      ? {}
      : { endedAtMs: Date.parse(run.corrected?.over?.endedAt ?? endedAt) }),
    netMs: projectClock(run, toInstant(nowMs)).activeMs,
    ...(day === undefined ? {} : { day }),
    ...(note === undefined ? {} : { note }),
    ...(run.corrected === undefined ? {} : { isCorrected: true }),
    isPending,
  };
}
