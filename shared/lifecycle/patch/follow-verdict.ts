import type { Asked } from '../transition.ts';
import type { PatchCommand, PatchScope, PatchVerdict } from './patch-messages.ts';

/** How large a patch may be. */
export interface PatchLimits {
  /** Insertions and deletions. */
  readonly maxLinesChanged: number;
  readonly maxFilesChanged: number;
}

/** What a look at a diff found, its size included. */
export interface DiffFindings extends PatchVerdict, PatchScope {
  readonly errors: readonly string[];
  /** Where the diff is kept should it be set aside. */
  readonly path: string;
}

/** How large a patch may be where nobody says otherwise. */
export const PATCH_LIMITS: PatchLimits = { maxLinesChanged: 300, maxFilesChanged: 10 };

/** Whether a patch is small enough to be judged by a person. */
export const isWithinLimits = (
  { files, insertions, deletions }: PatchScope,
  { maxLinesChanged, maxFilesChanged }: PatchLimits = PATCH_LIMITS,
): boolean => insertions + deletions <= maxLinesChanged && files.length <= maxFilesChanged;

/**
 * What is asked of a new patch after a look at its diff. What is outside its scope is set aside as unsafe; what is malformed or too
 * large is dropped, since a better one has to be made anyway.
 */
export function followVerdict(
  findings: DiffFindings,
  { at, by }: Pick<Asked, 'at' | 'by'>,
): PatchCommand {
  const { errors, path, ...found } = findings;
  const asked = { at, by, isTreeReverted: true, errors };
  if (!found.formatOk) return { ...asked, type: 'drop', reason: 'malformed', isByPerson: false };
  if (!found.scopeOk) return { ...asked, type: 'quarantine', reason: 'outside_scope', path };
  if (!found.constraintsOk) {
    return { ...asked, type: 'drop', reason: 'constraints', isByPerson: false };
  }
  return { at, by, type: 'validate', ...found };
}
