import type { Patch } from '../patch/patch.ts';
import type { SuccessFacts } from '../run/run-messages.ts';
import type { Workstream } from '../workstream/workstream-decider.ts';
import type { RunView } from './run-view.ts';

/** A required gate as it stands at the moment of asking. */
export interface GateStanding {
  readonly gateId: string;
  readonly status: string;
}

/** What a run shows when it asks to be called done. `hasChecks`: whether acceptance checks are attached to it besides the gates. */
export function toSuccessFacts(
  view: RunView,
  gates: readonly GateStanding[],
  hasChecks: boolean,
): SuccessFacts {
  const withStatus = (status: string): readonly string[] =>
    gates.filter((gate) => gate.status === status).map(({ gateId }) => gateId);
  const met = new Set([...withStatus('PASSED'), ...withStatus('WAIVED')]);
  return {
    openGates: gates.map(({ gateId }) => gateId).filter((gateId) => !met.has(gateId)),
    openWorkstreams: view.workstreams.filter((workstream) => !isSettled(workstream)).length,
    openPatches: view.patches.filter((patch) => !isPatchSettled(patch)).length,
    hasAcceptance: gates.length > 0 || hasChecks,
    waivedGates: withStatus('WAIVED'),
    failedWorkstreams: view.workstreams.filter(({ state }) => state === 'failed').length,
    tasksCompleted: view.tasks.filter(({ state }) => state === 'completed').length,
  };
}

const isSettled = ({ state, isCritical }: Workstream): boolean =>
  state === 'completed' || state === 'skipped' || (state === 'failed' && !isCritical);

/** A required patch is settled by its commit only; any other also by having been set aside. */
const isPatchSettled = ({ state, isRequired }: Patch): boolean =>
  state === 'committed' ||
  (!isRequired && (state === 'quarantined' || state === 'dropped' || state === 'rolled_back'));
