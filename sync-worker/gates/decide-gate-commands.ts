import type { FounderHqDoc } from '#shared/doc/index.ts';
import { createGateScenes, findTask } from '#shared/doc/index.ts';
import { toInstant } from '#shared/kernel/index.ts';
import {
  formatOutcome,
  type GateCommand,
  type Outcome,
  PATIENCE_MS,
  parseGateCommandRow,
  toDeskId,
  type VisibleRow,
} from '#shared/ledger/index.ts';
import { type LeaseMark, type Store, sha256 } from '#worker/store/index.ts';
import { createWorkLedger, findDone } from '#worker/work/index.ts';
import { type GateOfRun, listGatesOfRun } from './gate-of-run.ts';
import { readGateRecord, readWaivers } from './gate-records.ts';
import { type GateVerdict, judgeOutcome, judgeWaiver } from './judge-gate-command.ts';
import type { OpenRun } from './look-at-gates.ts';

/** What gate commands are decided by. */
export interface GateInbox {
  readonly store: Store;
  readonly rows: readonly VisibleRow[];
  readonly doc: FounderHqDoc;
  /** The runs that have not ended, the one begun last at the end. */
  readonly runs: readonly OpenRun[];
  readonly nowMs: number;
  readonly under: LeaseMark;
}

/**
 * Decides what people asked of gates: recorded outcomes and waivers. Each command is decided once, by its key. One about a run or a
 * gate nobody knows waits for `PATIENCE_MS`, since the press that makes the run may arrive after it.
 */
export async function decideGateCommands(
  inbox: GateInbox,
): Promise<{ readonly decided: number; readonly waiting: number }> {
  const { store, nowMs } = inbox;
  const commands = new Map<string, GateCommand>();
  for (const row of inbox.rows) {
    const read = row.kind === 'command' ? parseGateCommandRow(row, sha256) : undefined;
    if (read?.ok === true) commands.set(read.value.key, read.value);
  }
  let decided = 0;
  let waiting = 0;
  for (const command of [...commands.values()].sort((one, other) => one.atMs - other.atMs)) {
    if ((await store.findByKey(command.key)) !== undefined) continue;
    const outcome = await decide(command, inbox);
    if (outcome.kind === 'wait' && command.atMs + PATIENCE_MS > nowMs) waiting += 1;
    else {
      await keepOutcome(command, outcome, inbox);
      decided += 1;
    }
  }
  return { decided, waiting };
}

type Decided = Outcome | NotDone;
type NotDone = Extract<GateVerdict, { readonly code: string }>;

async function decide(command: GateCommand, inbox: GateInbox): Promise<Decided> {
  const { store, under } = inbox;
  const key = `gate/command/${command.key}`;
  // What it asked for may be done, and only its answer be missing: a crash came in between.
  const done = await findDone(store, key);
  if (done !== undefined) return { kind: 'accepted', position: done };
  const verdict = await judge(command, inbox);
  if (verdict.kind !== 'accept') return verdict;
  const ledger = createWorkLedger(store, sha256);
  const result = await ledger.carryOut({ ...verdict.work, key, under });
  if (result.ok) return { kind: 'accepted', position: result.value.position };
  const { code } = result.refusal;
  return { kind: 'wait', code, reason: 'somebody else was at it; press again' };
}

async function keepOutcome(
  command: GateCommand,
  decided: Decided,
  { store, under }: GateInbox,
): Promise<void> {
  const { key, type, data, by, atMs } = command;
  const said = JSON.parse(JSON.stringify(data));
  const payload = { key, type, data: said, outcome: formatOutcome(toOutcome(decided)) };
  const event = { type: 'command_decided', at: toInstant(atMs), actor: by, payload };
  await store.transaction(
    (transaction) =>
      transaction.append(toDeskId(by), [event], { expectedVersion: 'any', idempotencyKey: key }),
    { under },
  );
}

function toOutcome(decided: Decided): Outcome {
  return isNotDone(decided)
    ? { kind: 'refused', code: decided.code, reason: decided.reason }
    : decided;
}

const isNotDone = (decided: Decided): decided is NotDone =>
  decided.kind === 'wait' || decided.kind === 'refuse';

async function judge(command: GateCommand, inbox: GateInbox): Promise<GateVerdict> {
  const run = findRun(command.data.run, inbox);
  if (run === undefined) {
    const reason = 'no run of that id is open, and no run of a task called so';
    return { kind: 'wait', code: 'RUN_UNKNOWN', reason };
  }
  const gates = listGatesOfRun(run.runId, createGateScenes(inbox.doc)(run));
  const mine = findGate(gates, command.data.gate);
  if (mine === undefined) {
    const names = gates.map(({ required }) => required.text).join('; ');
    const reason = names === '' ? 'the run asks for no gate' : `the run asks for: ${names}`;
    return { kind: 'wait', code: 'GATE_UNKNOWN', reason };
  }
  const record = await readGateRecord(inbox.store, mine, await readWaivers(inbox.store));
  return command.type === 'RecordGate'
    ? judgeOutcome(command, mine, record)
    : judgeWaiver(command, mine, { record, people: inbox.doc.people });
}

/** By its id; else by its task, the run begun last. */
function findRun(called: string, { runs, doc }: GateInbox): OpenRun | undefined {
  const byId = runs.find(({ runId }) => runId === called);
  if (byId !== undefined) return byId;
  const wanted = toTask(called, doc);
  return runs.filter(({ task }) => toTask(task, doc) === wanted).at(-1);
}

function toTask(called: string, { tasks }: FounderHqDoc): string {
  const match = findTask(tasks, called);
  return match.kind === 'found' ? match.task.rowId : called.trim().toLowerCase();
}

/** By its key or its words; else the only one that begins with these words. */
function findGate(gates: readonly GateOfRun[], called: string): GateOfRun | undefined {
  const words = called.trim().replace(/\s+/g, ' ').toLowerCase();
  const exact = gates.find(({ required }) => [required.gateKey, required.text].includes(words));
  const begun = gates.filter(({ required }) => required.text.startsWith(`${words} `));
  return exact ?? (begun.length === 1 ? begun[0] : undefined);
}
