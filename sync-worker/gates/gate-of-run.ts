import type { GateScene } from '#shared/doc/index.ts';
import { DAY_MS, type Ms } from '#shared/kernel/index.ts';
import {
  type CheckType,
  type Gate,
  type GateTerms,
  type RequiredGate,
  STALE_AFTER_MS,
} from '#shared/lifecycle/index.ts';

/** One required gate of one run. */
export interface GateOfRun {
  readonly runId: string;
  readonly required: RequiredGate;
  /** Row id of the project its run belongs to; `none` where that is unknown. */
  readonly projectId: string;
  readonly gate: Gate;
  readonly checkType: CheckType;
}

/** What the doc says is looked at again in every tick, and an approval is given once, so neither ages. Units: ms. */
const NEVER_MS: Ms = 36_525 * DAY_MS;

/** The gates of a run's scene, each a gate of this run with one check. */
export const listGatesOfRun = (runId: string, scene: GateScene): readonly GateOfRun[] =>
  scene.gates.map((required) => {
    const { gateKey, terms } = required;
    const staleAfterMs = terms.kind === 'tests' ? STALE_AFTER_MS : NEVER_MS;
    const check = { checkId: gateKey, required: true, dryRun: false, staleAfterMs };
    return {
      runId,
      required,
      projectId: scene.projects[0]?.rowId ?? 'none',
      gate: { gateId: `${runId}:${gateKey}`, scope: `run/${runId}`, checks: [check] },
      checkType: toCheckType(terms),
    };
  });

/** Whether its outcome is recorded by somebody, and never read from the doc. */
export const isAnswered = ({ required: { terms } }: GateOfRun): boolean =>
  terms.kind === 'client_approval' || terms.kind === 'tests';

function toCheckType(terms: GateTerms): CheckType {
  switch (terms.kind) {
    case 'tests':
      return terms.checkType;
    case 'budget':
    case 'variance_state':
      return 'metric';
    case 'client_approval':
    case 'deliverable_linked':
    case 'checklist_done':
      return 'custom';
  }
}
