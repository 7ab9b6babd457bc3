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

/** A required gate as a gate of this run, with one check. */
export function toGateOfRun(
  runId: string,
  required: RequiredGate,
  projectId: string = NO_PROJECT,
): GateOfRun {
  const { gateKey, terms } = required;
  const staleAfterMs = terms.kind === 'tests' ? STALE_AFTER_MS : NEVER_MS;
  const gate = toGate(runId, gateKey, staleAfterMs);
  return { runId, required, projectId, gate, checkType: toCheckType(terms) };
}

/** The gates of a run's scene. */
export const listGatesOfRun = (
  runId: string,
  { gates, projects }: GateScene,
): readonly GateOfRun[] =>
  gates.map((required) => toGateOfRun(runId, required, projects[0]?.rowId));

/** A gate whose words nobody has at hand: of a run that has ended, since nothing of it ages any more. */
export const toEndedGate = (runId: string, gateKey: string): Gate =>
  toGate(runId, gateKey, NEVER_MS);

/** What a gate of a run is for; its waivers are too. */
export const toScope = (runId: string): string => `run/${runId}`;

/** The run a scope is of; nothing where it is of something else. */
export const toRunId = (scope: string): string | undefined => /^run\/(.+)$/.exec(scope)?.[1];

/** Whether its outcome is recorded by somebody, and never read from the doc. */
export const isAnswered = ({ required: { terms } }: GateOfRun): boolean =>
  terms.kind === 'client_approval' || terms.kind === 'tests';

const NO_PROJECT = 'none';

const toGate = (runId: string, gateKey: string, staleAfterMs: Ms): Gate => ({
  gateId: `${runId}:${gateKey}`,
  scope: toScope(runId),
  checks: [{ checkId: gateKey, required: true, dryRun: false, staleAfterMs }],
});

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
