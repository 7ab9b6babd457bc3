import { accept, type Result, refuse } from '#shared/kernel/index.ts';
import { coversGlob } from './covers-glob.ts';

/** Where a rule comes from, the farthest first; a nearer one may only tighten it. */
export const POLICY_LEVELS = ['global', 'project', 'phase', 'doc'] as const;
/** One of {@link POLICY_LEVELS}. */
export type PolicyLevel = (typeof POLICY_LEVELS)[number];

/** What every run is held to. */
export interface RunPolicies {
  readonly patchOnly: boolean;
  readonly testsMustPass: boolean;
  readonly asciiOnly: boolean;
  readonly maxLinesChanged: number;
  readonly maxFilesChanged: number;
  readonly requireIssueRef: boolean;
}

/** What every patch is held to. */
export interface PatchPolicy {
  readonly allowedFormats: readonly string[];
  readonly patchRequired: boolean;
  /** Insertions and deletions. */
  readonly maxLinesChanged: number;
  readonly maxFilesChanged: number;
  readonly forbidBinary: boolean;
  readonly forbiddenPaths: readonly string[];
  readonly testsForPaths: readonly string[];
  readonly requireIssueRef: boolean;
  readonly minReviewers: number;
  readonly oscillationWindow: number;
  readonly oscillationThreshold: number;
}

/** Which paths work may touch; `forbidden` beats the others. */
export interface ResourceScope {
  readonly read: readonly string[];
  readonly write: readonly string[];
  readonly create: readonly string[];
  readonly forbidden: readonly string[];
}

/** What one level says; of what it is silent about, the level above holds. */
export interface PolicyLayer<Policy> {
  readonly level: PolicyLevel;
  readonly says: Partial<Policy>;
}

/** A nearer level that would loosen what a farther one holds to. */
export interface ConstraintWeakened {
  readonly code: 'CONSTRAINT_WEAKENED';
  readonly level: PolicyLevel;
  readonly field: string;
}

/** For each field, whether a nearer value is at least as tight as a farther one. */
type Rules<Policy> = {
  readonly [Field in keyof Policy]: (far: Policy[Field], near: Policy[Field]) => boolean;
};

const staysTrue = (far: boolean, near: boolean): boolean => near || !far;
const atMost = (far: number, near: number): boolean => near <= far;
const atLeast = (far: number, near: number): boolean => near >= far;
const allOf = (far: readonly string[], near: readonly string[]): boolean =>
  far.every((entry) => near.includes(entry));
const someOf = (far: readonly string[], near: readonly string[]): boolean => allOf(near, far);
const within = (far: readonly string[], near: readonly string[]): boolean =>
  near.every((narrow) => far.some((wide) => coversGlob(wide, narrow)));

const RUN_RULES: Rules<RunPolicies> = {
  patchOnly: staysTrue,
  testsMustPass: staysTrue,
  asciiOnly: staysTrue,
  maxLinesChanged: atMost,
  maxFilesChanged: atMost,
  requireIssueRef: staysTrue,
};

const PATCH_RULES: Rules<PatchPolicy> = {
  allowedFormats: someOf,
  patchRequired: staysTrue,
  maxLinesChanged: atMost,
  maxFilesChanged: atMost,
  forbidBinary: staysTrue,
  forbiddenPaths: allOf,
  testsForPaths: allOf,
  requireIssueRef: staysTrue,
  minReviewers: atLeast,
  oscillationWindow: atLeast,
  oscillationThreshold: atMost,
};

const SCOPE_RULES: Rules<ResourceScope> = {
  read: within,
  write: within,
  create: within,
  forbidden: allOf,
};

/** The run policies of all levels together. Refusals: `CONSTRAINT_WEAKENED`. */
export const mergeRunPolicies = (
  base: RunPolicies,
  layers: readonly PolicyLayer<RunPolicies>[],
): Result<RunPolicies, ConstraintWeakened> => mergeLayers(RUN_RULES, base, layers);

/** The patch policy of all levels together. Refusals: `CONSTRAINT_WEAKENED`. */
export const mergePatchPolicies = (
  base: PatchPolicy,
  layers: readonly PolicyLayer<PatchPolicy>[],
): Result<PatchPolicy, ConstraintWeakened> => mergeLayers(PATCH_RULES, base, layers);

/** The paths all levels together leave open. Refusals: `CONSTRAINT_WEAKENED`. */
export const mergeResourceScopes = (
  base: ResourceScope,
  layers: readonly PolicyLayer<ResourceScope>[],
): Result<ResourceScope, ConstraintWeakened> => mergeLayers(SCOPE_RULES, base, layers);

/** Layers are laid on in the order of their levels, whatever order they come in. */
function mergeLayers<Policy extends object>(
  rules: Rules<Policy>,
  base: Policy,
  layers: readonly PolicyLayer<Policy>[],
): Result<Policy, ConstraintWeakened> {
  let merged = base;
  for (const { level, says } of POLICY_LEVELS.flatMap((one) =>
    layers.filter((layer) => layer.level === one),
  )) {
    for (const field in says) {
      if (isWeaker(rules, field, { far: merged, near: says })) {
        return refuse({ code: 'CONSTRAINT_WEAKENED', level, field });
      }
    }
    merged = { ...merged, ...says };
  }
  return accept(merged);
}

function isWeaker<Policy>(
  rules: Rules<Policy>,
  field: keyof Policy,
  { far, near }: { readonly far: Policy; readonly near: Partial<Policy> },
): boolean {
  const value: Policy[keyof Policy] | undefined = near[field];
  return value !== undefined && !rules[field](far[field], value);
}
