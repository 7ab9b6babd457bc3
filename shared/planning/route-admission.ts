/** Why work is not taken in at all, in the order it is asked. */
export const ADMISSION_CODES = [
  'REQUEST_INVALID',
  'PHASE_NOT_FOUND',
  'PHASE_SPEC_INVALID',
  'SCOPE_VIOLATION',
  'CONSTRAINT_WEAKENED',
  'TOOL_NOT_PERMITTED',
  'NO_ROUTABLE_TOOL',
  'PROMPT_SPEC_INVALID',
  'NO_ALLOWED_TOOLS',
] as const;
/** One of {@link ADMISSION_CODES}. */
export type AdmissionCode = (typeof ADMISSION_CODES)[number];

/** What was found out about a request for work; whoever asks has looked it up. Faults are texts for people. */
export interface AdmissionFacts {
  readonly requestFaults: readonly string[];
  readonly phaseId: string;
  readonly isPhaseKnown: boolean;
  readonly phaseFaults: readonly string[];
  /** Paths the work names outside the scope of its phase. */
  readonly pathsOutOfScope: readonly string[];
  /** Limits the work would loosen. */
  readonly weakened: readonly string[];
  /** Tools the request names; none named leaves it to routing. */
  readonly requestedTools: readonly string[];
  /** Tools policy allows. */
  readonly allowedTools: readonly string[];
  /** Tools that can do this kind of work. */
  readonly capableTools: readonly string[];
  readonly promptFaults: readonly string[];
}

/** Why work is not taken in, and the facts that show it. */
export interface AdmissionRefusal {
  readonly code: AdmissionCode;
  readonly facts: readonly string[];
}

/** The first reason not to take work in; `undefined` where there is none. */
export function refuseAdmission(asked: AdmissionFacts): AdmissionRefusal | undefined {
  const { phaseId, requestedTools, allowedTools, capableTools } = asked;
  const forbidden = requestedTools.filter((toolId) => !allowedTools.includes(toolId));
  const isUnroutable = capableTools.length === 0;
  const isShut = !capableTools.some((toolId) => allowedTools.includes(toolId));
  const faults: Readonly<Record<AdmissionCode, readonly string[]>> = {
    REQUEST_INVALID: asked.requestFaults,
    PHASE_NOT_FOUND: asked.isPhaseKnown ? [] : [phaseId],
    PHASE_SPEC_INVALID: asked.phaseFaults,
    SCOPE_VIOLATION: asked.pathsOutOfScope,
    CONSTRAINT_WEAKENED: asked.weakened,
    TOOL_NOT_PERMITTED: forbidden,
    NO_ROUTABLE_TOOL: isUnroutable ? [phaseId] : [],
    PROMPT_SPEC_INVALID: asked.promptFaults,
    NO_ALLOWED_TOOLS: isShut ? capableTools : [],
  };
  const code = ADMISSION_CODES.find((one) => faults[one].length > 0);
  return code === undefined ? undefined : { code, facts: faults[code] };
}
