import { sumOf } from '#shared/kernel/index.ts';
import { describeCondition, type Waiver } from '#shared/lifecycle/index.ts';
import type {
  GateHistory,
  GateMoment,
  GateReport,
  Resurfaced,
  RunGateReport,
} from '#worker/gates/index.ts';
import type { GatesNow } from '#worker/sync/index.ts';

const STATUS_WIDTH = 'INCONCLUSIVE'.length;
const UNDER_GATE = ' '.repeat(STATUS_WIDTH + 4);
const HOW =
  'A command RecordGate answers an approval or a test, a command WaiveGate waives any gate (docs/guide/gates.md says how one is made); another person than who asks approves, in a doc of one person that person, for at most 14 days.';

/** How the open runs stand to their gates, as people read it on a terminal. */
export function describeGates({ runs, resurfaced, presses }: GatesNow): string {
  const lines = [
    ...runs.flatMap(describeRun),
    ...describeResurfaced(resurfaced),
    ...(runs.length === 0 ? ['no open run needs a gate'] : [describeSums(runs)]),
    ...describePresses(presses),
    ...(runs.every(({ isOpen }) => isOpen) ? [] : [HOW]),
  ];
  return lines.join('\n');
}

/** What the next pass would judge and change, as people read it on a terminal. */
export function describeNextPass({ runs, presses }: GatesNow): string {
  const gates = runs.flatMap((run) => run.gates.map((gate) => ({ run, gate })));
  const due = gates.filter(({ gate }) => gate.isDue);
  const moved = gates.filter(({ gate }) => gate.next !== toTold(gate));
  const touched = gates.filter(({ gate }) => gate.isDue || gate.next !== toTold(gate));
  return [
    `The next pass looks at ${toCount(gates.length, 'gate')}, judges ${toCount(due.length, 'check')} anew and changes ${toCount(moved.length, 'state')}${touched.length === 0 ? '.' : ':'}`,
    ...touched.flatMap(({ run, gate }) => [
      `  ${describeMove(gate)} ${gate.gate} (${run.task})`,
      ...describeWhy(gate),
    ]),
    ...runs
      .filter(willEnd)
      .map(({ task }) => `  ${task} has nothing left to wait for and succeeds`),
    ...describePresses(presses),
    'Nothing was written.',
  ].join('\n');
}

/** Whether the next pass ends a run, since then every gate is open. */
export const willEnd = ({ state, gates, faults }: RunGateReport): boolean =>
  state === 'validating' && faults.length === 0 && gates.every(({ next }) => isOpen(next));

/** All that happened to the gates of a run, as people read it on a terminal. */
export function describeHistory(histories: readonly GateHistory[]): readonly string[] {
  return histories.flatMap(({ gateKey, moments }) => [
    `  ${gateKey}`,
    ...moments.map((moment) => `    ${moment.at.slice(0, 19)}Z  ${describeMoment(moment)}`),
  ]);
}

function describeRun(run: RunGateReport): readonly string[] {
  const { runId, task, state, dueDate, isOverdue, gates, faults, missing } = run;
  const due = dueDate === undefined ? '' : `, due ${dueDate}${isOverdue ? ': OVERDUE' : ''}`;
  const named = gates.filter((gate) => !gate.isOpen).map(({ gate }) => gate);
  return [
    `${state}: ${task} (run ${runId}${due})`,
    ...gates.flatMap(describeGate),
    ...faults.map((fault) => `  ${'UNREADABLE'.padEnd(STATUS_WIDTH)}  ${fault}`),
    missing.length === 0
      ? '  nothing is missing'
      : `  missing: ${[...named, ...faults.map(() => 'a list that can be read')].join('; ')}`,
  ];
}

function describeGate(gate: GateReport): readonly string[] {
  const { status, underlying, waiver, next } = gate;
  const soon = next === status ? '' : `, ${next} at the next pass`;
  const waived =
    waiver === undefined ? [] : [`${describeWaiver(waiver)}; without it ${underlying}`];
  return [
    `  ${status.padEnd(STATUS_WIDTH)}  ${gate.gate}${soon}`,
    ...waived.map((line) => `${UNDER_GATE}${line}`),
    ...describeWhy(gate),
  ];
}

/** Every condition with its figures; where there is none, why. */
function describeWhy({ conditions, why, evidence, stale }: GateReport): readonly string[] {
  const shown = conditions.map(describeCondition);
  const reason = shown.length === 0 || stale !== undefined || evidence !== undefined ? [why] : [];
  return [...reason, ...shown].filter((line) => line !== '').map((line) => `${UNDER_GATE}${line}`);
}

/** Until when a gate is waived, by whom and why. */
export const describeWaiver = ({
  approver,
  owner,
  selfApproved,
  expiresAt,
  reason,
}: Waiver): string =>
  `waived until ${toMinute(expiresAt)} by ${approver}${selfApproved ? ', self-approved' : `, for ${owner}`}: ${reason}`;

/** A line for each run that is done under a waiver which has ended. */
export const describeResurfaced = (resurfaced: readonly Resurfaced[]): readonly string[] =>
  resurfaced.map(
    ({ runId, gateKey, status, waiver }) =>
      `done, run ${runId}: the waiver of ${gateKey} by ${waiver.approver} ran out ${toMinute(waiver.expiresAt)}; it is ${status} again, and the run stays done`,
  );

const describePresses = (presses: number): readonly string[] =>
  presses === 0
    ? []
    : [
        `${toCount(presses, 'press', 'presses')} not decided yet: the next pass (founder-hq sync) decides first, and what that changes is not in here.`,
      ];

/** How many gates stand how, in one line. */
export function describeSums(runs: readonly RunGateReport[]): string {
  const { gates, missing, stale, waived, overdue, unreadable } = countGates(runs);
  const lists = unreadable === 0 ? '' : `; ${toCount(unreadable, 'list')} that cannot be read`;
  return `${toCount(gates, 'gate')} of ${toCount(runs.length, 'run')}: ${missing} missing, ${stale} of these stale, ${waived} waived; ${overdue} overdue${lists}`;
}

/** How many gates stand how. Overdue are those that are missing, or cannot be read, after their day. */
export function countGates(runs: readonly RunGateReport[]): {
  readonly gates: number;
  readonly missing: number;
  readonly stale: number;
  readonly waived: number;
  readonly overdue: number;
  /** Lists of gates that cannot be read. */
  readonly unreadable: number;
} {
  const all = runs.flatMap(({ gates }) => gates);
  const overdue = runs.filter(({ isOverdue }) => isOverdue);
  const late = overdue.flatMap(({ gates }) => gates);
  const lateFaults = sumOf(overdue.map(({ faults }) => faults.length));
  return {
    gates: all.length,
    missing: all.filter((gate) => !gate.isOpen).length,
    stale: all.filter(({ status }) => status === 'STALE').length,
    waived: all.filter(({ status }) => status === 'WAIVED').length,
    overdue: late.filter((gate) => !gate.isOpen).length + lateFaults,
    unreadable: sumOf(runs.map(({ faults }) => faults.length)),
  };
}

function describeMove(gate: GateReport): string {
  const told = toTold(gate);
  return told === gate.next ? `${told}, judged anew:` : `${told} → ${gate.next}`;
}

/** The status somebody was told last. */
const toTold = ({ changes }: GateReport): string => changes.at(-1)?.to ?? 'NOT_RUN';

const isOpen = (status: string): boolean => status === 'PASSED' || status === 'WAIVED';

function describeMoment(moment: GateMoment): string {
  switch (moment.type) {
    case 'check': {
      const { attempt, state, by, evidence, reason, conditions } = moment;
      const parts = [...conditions.map(describeCondition), evidence ?? '', reason ?? ''];
      const why = parts.filter((part) => part !== '').join('; ');
      return `check ${attempt} by ${by}: ${state}${why === '' ? '' : ` (${why})`}`;
    }
    case 'gate_status_changed':
      return `${moment.from} → ${moment.to}`;
    case 'gate_check_marked_stale':
      return `the pass no longer counts: ${moment.reason === 'age' ? 'it is too old' : 'what it looked at has changed'}`;
    case 'waiver_granted': {
      const { owner, approver, expiresAt, reason } = moment;
      const who = owner === approver ? `${owner}, self-approved` : `${approver}, for ${owner}`;
      return `waived until ${toMinute(expiresAt)} by ${who}: ${reason}`;
    }
    case 'waiver_revoked':
      return `waiver revoked by ${moment.by}: ${moment.reason}`;
    case 'waiver_expired':
      return `waiver ran out; without it ${moment.status}`;
  }
}

const toMinute = (instant: string): string => `${instant.slice(0, 16).replace('T', ' ')} UTC`;

const toCount = (count: number, one: string, many = `${one}s`): string =>
  `${count} ${count === 1 ? one : many}`;
