import {
  bearGateCheck,
  bearPatch,
  type DocumentStep,
  type StreamEvent,
  toGateEvent,
  toWaiverStep,
  type WorkStep,
} from '#shared/ledger/index.ts';
import {
  type Asked,
  evaluateGate,
  type Gate,
  type GateCheck,
  type GateEvaluation,
  judgeCheck,
  type PatchCommand,
  tellGate,
  tellGrant,
  type Waiver,
} from '#shared/lifecycle/index.ts';
import * as scene from '../shared/ledger/record/work-scene.ts';
import { at, toJson } from './order.ts';

const { idOf, sha256 } = scene;
const TREE = sha256('tree after');

/** Where a patch comes from. */
export interface PatchPlace {
  readonly run: string;
  readonly workstream: string;
  readonly task: string;
}

/** A patch that is made. */
export const makePatch = (
  name: string,
  of: PatchPlace,
  { minute, replaces, isRequired }: { minute: number; replaces?: string; isRequired: boolean },
): WorkStep => {
  const relations = replaces === undefined ? {} : { replacesPatchId: idOf(replaces) };
  const limits = { isRequired, maxApplyAttempts: 3 };
  return bearPatch(scene.patch(name, of, { relations }), limits, at(minute));
};

/** What takes a made patch into the tree and verifies and commits it. */
export function landPatch(name: string, minute: number): readonly WorkStep[] {
  const asked = at(minute);
  const files = ['src/page.html'];
  const size = { files, insertions: 12, deletions: 3, hunks: 2 };
  const fine = { formatOk: true, scopeOk: true, constraintsOk: true };
  const tree = { doesBaseMatch: true, isTreeLocked: true, files, treeHash: TREE };
  const commands: readonly PatchCommand[] = [
    { ...asked, type: 'validate', ...fine, ...size },
    { ...asked, type: 'enqueue', openPredecessors: [], position: 0 },
    { ...asked, type: 'apply', ...tree },
    { ...asked, type: 'verify', unmetTests: [], gateIds: ['tests'], treeHash: TREE },
    { ...asked, type: 'commit', treeHash: TREE, openGates: [], commitId: `commit ${name}` },
  ];
  return commands.map((command) => ({ entity: 'patch', id: idOf(name), command }));
}

/** What sets a patch aside. */
export const setAside = (name: string, minute: number): WorkStep => ({
  entity: 'patch',
  id: idOf(name),
  command: {
    ...at(minute),
    type: 'quarantine',
    reason: 'touches what it may not',
    path: `quarantine/${idOf(name)}.patch`,
    isTreeReverted: true,
    errors: ['secrets/key is forbidden'],
  },
});

/** One check of the gate `tests`, from its birth to the end its program's exit code gives it. */
export function runCheck(
  name: string,
  run: string,
  { checkId, minute, exitCode, again }: CheckRun,
): readonly WorkStep[] {
  const asked = at(minute);
  const id = idOf(name);
  const attempt = again === undefined ? { attempt: 1 } : { attempt: 2, supersedes: idOf(again) };
  const verdict = judgeCheck({ exitCode, outputHash: sha256(name), conditions: [] });
  const start = { openChecks: [], command: 'npm test', subjectHash: sha256('tree') };
  return [
    bearGateCheck(scene.gateCheck(name, run, { checkId, ...attempt }), asked),
    { entity: 'gate_check', id, command: { ...asked, type: 'start', ...start } },
    { entity: 'gate_check', id, command: { ...at(minute + 1), ...verdict } },
  ];
}

/** What is run, when, and how it ends. */
export interface CheckRun {
  readonly checkId: string;
  readonly minute: number;
  readonly exitCode: number;
  /** The check it repeats. */
  readonly again?: string;
}

const DAY_MS = 86_400_000;
const toCheck = (checkId: string) => ({
  checkId,
  checkType: 'unit_tests',
  required: true,
  dryRun: false,
  conditions: [],
  staleAfterMs: DAY_MS,
  dependsOn: [],
});

/** The gate `tests`, which asks for these checks. */
export const toGate = (checkIds: readonly string[]): Gate => ({
  gateId: 'tests',
  scope: 'acme-site',
  checks: checkIds.map(toCheck),
});

/** A gate as it stands; one that asks for nothing is a mistake of the test. */
export function standGate(
  gate: Gate,
  minute: number,
  facts: { readonly checks: readonly GateCheck[]; readonly waivers: readonly Waiver[] },
): GateEvaluation {
  const evaluated = evaluateGate(gate, { at: at(minute).at, ...facts });
  if (!evaluated.ok) throw new Error(evaluated.refusal.code);
  return evaluated.value;
}

/** The gate's document. What guards it: nothing, unless said. */
export const toGateStep = (gate: Gate, guards: readonly string[] = []): DocumentStep => ({
  table: 'gates',
  id: gate.gateId,
  document: toJson({ schema: 'gate.v1', name: 'Tests', ...gate, guards }),
  ...at(0),
});

/** What a look at a gate finds new, as events of the gate's own stream. */
export const toGateNews = (
  { gateId }: Gate,
  looks: { readonly before?: GateEvaluation; readonly after: GateEvaluation },
  { at: moment, by }: Asked,
): readonly StreamEvent[] =>
  tellGate(looks.before, looks.after, moment).map((event) => toGateEvent({ gateId, event }, by));

/** A granted waiver's document and the event of its grant. */
export const toGrantStep = (waiver: Waiver): DocumentStep =>
  toWaiverStep(waiver, { gateId: 'tests', event: tellGrant(waiver) }, waiver.approver);
