import type { FounderHqDoc } from '#shared/doc/index.ts';
import { createGateScenes, findRow } from '#shared/doc/index.ts';
import { GATE_COMMAND_DATA, type GateCommand } from '#shared/ledger/index.ts';
import { decideRows, type RowInbox, type RowVerdict } from '#worker/inbox/index.ts';
import { sha256 } from '#worker/store/index.ts';
import { createWorkLedger, findDone } from '#worker/work/index.ts';
import { type GateOfRun, listGatesOfRun } from './gate-of-run.ts';
import { readGateRecord, readWaivers } from './gate-records.ts';
import { type GateVerdict, judgeOutcome, judgeWaiver } from './judge-gate-command.ts';
import type { OpenRun } from './seen-gates.ts';

/** What gate commands are decided by. */
export interface GateInbox extends RowInbox {
  readonly doc: FounderHqDoc;
  /** The runs that have not ended, the one begun last at the end. */
  readonly runs: readonly OpenRun[];
  /** The doc's zone, whose days count. */
  readonly timeZone: string;
}

/**
 * Decides what people asked of gates: recorded outcomes and waivers. One about a run or a gate nobody knows waits, since the press that
 * makes the run may arrive after it.
 */
export const decideGateCommands = (inbox: GateInbox): ReturnType<typeof decideRows> =>
  decideRows(inbox, GATE_COMMAND_DATA, (command) => decide(command, inbox));

async function decide(command: GateCommand, inbox: GateInbox): Promise<RowVerdict> {
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
  const { doc, timeZone } = inbox;
  return command.type === 'RecordGate'
    ? judgeOutcome(command, mine, record)
    : judgeWaiver(command, mine, { record, people: doc.people, timeZone });
}

/** By its id; else by its task, the run begun last. */
function findRun(called: string, { runs, doc }: GateInbox): OpenRun | undefined {
  const byId = runs.find(({ runId }) => runId === called);
  if (byId !== undefined) return byId;
  const wanted = toTask(called, doc);
  return runs.filter(({ task }) => toTask(task, doc) === wanted).at(-1);
}

function toTask(called: string, { tasks }: FounderHqDoc): string {
  const match = findRow(tasks, called);
  return match.kind === 'found' ? match.row.rowId : called.trim().toLowerCase();
}

/** By its key or its words; else the only one that begins with these words. */
function findGate(gates: readonly GateOfRun[], called: string): GateOfRun | undefined {
  const words = called.trim().replace(/\s+/g, ' ').toLowerCase();
  const exact = gates.find(({ required }) => [required.gateKey, required.text].includes(words));
  const begun = gates.filter(({ required }) => required.text.startsWith(`${words} `));
  return exact ?? (begun.length === 1 ? begun[0] : undefined);
}
