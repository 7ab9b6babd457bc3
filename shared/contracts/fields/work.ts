import * as z from 'zod';
import { COUNT, FLAG, GLOB, ID, words } from './field-kinds.ts';

/** Which paths work may read, change and make, and which it may not touch. Forbidden beats every other pattern. */
export const RESOURCE_SCOPE = z.strictObject({
  read: z.array(GLOB),
  write: z.array(GLOB),
  create: z.array(GLOB),
  forbidden: z.array(GLOB),
});

/** A narrower scope on top of another; what it leaves out stays as it was. */
export const RESOURCE_SCOPE_DELTA = RESOURCE_SCOPE.partial();

const CONSTRAINTS_SHAPE = {
  patchOnly: FLAG,
  testsMustPass: FLAG,
  asciiOnly: FLAG,
  maxLinesChanged: COUNT,
  maxFilesChanged: COUNT,
  requireIssueRef: FLAG,
};

/** Tighter limits on top of others; what it leaves out stays as it was. */
export const CONSTRAINTS_DELTA = z.strictObject(CONSTRAINTS_SHAPE).partial();

/** The limits work of a phase keeps to, by what they are about. */
export const CONSTRAINTS = z.strictObject({
  patch: z
    .strictObject({
      patchOnly: FLAG,
      maxLinesChanged: COUNT,
      maxFilesChanged: COUNT,
      requireIssueRef: FLAG,
    })
    .partial(),
  tests: z.strictObject({ testsMustPass: FLAG, testsForPaths: z.array(GLOB) }).partial(),
  behavior: z.strictObject({ asciiOnly: FLAG }).partial(),
});

/** One check that must hold before work is accepted. */
const ACCEPTANCE_CHECK = z.strictObject({
  checkId: ID,
  checkType: z.enum(['test_command', 'patch_state', 'file_presence', 'run_state', 'custom_hook']),
  required: FLAG,
  severity: z.enum(['info', 'warning', 'error']),
  command: words(4_000).nullish(),
});

/** When work counts as done. */
export const ACCEPTANCE = z.strictObject({
  mode: z.enum(['all', 'any', 'custom']),
  checks: z.array(ACCEPTANCE_CHECK),
});
