import * as z from 'zod';
import {
  ACCOUNT,
  AT,
  COUNT,
  FLAG,
  HASH,
  ID,
  IDS,
  ORDINAL,
  text,
  ULID,
  unique,
  words,
} from '../fields/field-kinds.ts';
import { METADATA } from '../fields/head.ts';
import { firstEntry, listClosed, toHistory, toHistoryRules } from '../fields/life.ts';
import { PATCH_LIFE } from '../fields/lives.ts';
import { isSet, must } from '../fields/rule.ts';

const PATH = words(1_000);

const COMPENSATION = z.strictObject({
  kind: z.enum(['revert', 'manual_fix', 'accept']),
  steps: z.array(words(2_000)),
  requiredGates: IDS,
  cleanTreeCheck: FLAG,
});

/** A proposed diff and all that became of it. The row is never deleted. */
export const patchLedgerEntrySchema = z
  .strictObject({
    schema: z.literal('patch_ledger_entry.v1'),
    ledgerId: ULID,
    patchId: ULID,
    projectId: ID,
    runId: ULID,
    taskId: ULID,
    phaseId: ID.nullish(),
    workstreamId: ULID.nullish(),
    executionRequestId: ID.nullish(),
    format: z.literal('unified_diff'),
    diffHash: HASH,
    baseCommit: words(128).nullish(),
    scope: z.strictObject({
      filesTouched: unique(PATH),
      insertions: COUNT,
      deletions: COUNT,
      hunks: COUNT,
    }),
    summary: text(512).nullish(),
    state: z.enum(PATCH_LIFE.states),
    version: ORDINAL,
    validation: z.strictObject({
      formatOk: FLAG,
      scopeOk: FLAG,
      constraintsOk: FLAG,
      testsRan: FLAG,
      testsPassed: FLAG.nullish(),
      errors: z.array(text(2_000)),
    }),
    apply: z.strictObject({
      attempts: COUNT,
      lastAttemptAt: AT.nullish(),
      lastErrorCode: words(128).nullish(),
      lastErrorMessage: text(2_000).nullish(),
      workspaceId: ID.nullish(),
      appliedFiles: z.array(PATH),
      treeHash: words(128).nullish(),
    }),
    commitId: words(128).nullish(),
    quarantine: z.strictObject({ reason: words(500), path: PATH, at: AT }).nullish(),
    relations: z.strictObject({
      replacesPatchId: ULID.nullish(),
      rollbackOfPatchId: ULID.nullish(),
      chainId: ID.nullish(),
    }),
    rollback: z
      .strictObject({
        reason: words(500),
        requester: ACCOUNT,
        approver: ACCOUNT.nullish(),
        compensation: COMPENSATION.nullish(),
      })
      .nullish(),
    createdAt: AT,
    closedAt: AT.nullish(),
    rolledBackAt: AT.nullish(),
    stateHistory: toHistory(PATCH_LIFE),
    metadata: METADATA,
  })
  .superRefine(must(...toHistoryRules(PATCH_LIFE)))
  .superRefine(
    must(
      {
        path: ['validation'],
        says: 'format, scope and constraints all right once the patch was validated',
        holds: ({ state, validation: { formatOk, scopeOk, constraintsOk } }) =>
          NOT_YET_VALID.has(state) || (formatOk && scopeOk && constraintsOk),
      },
      {
        path: ['validation', 'testsPassed'],
        says: 'a verdict if, and only if, the tests ran',
        holds: ({ validation: { testsRan, testsPassed } }) => isSet(testsPassed) === testsRan,
      },
      {
        path: ['commitId'],
        says: 'a commit if, and only if, the patch was ever committed',
        holds: ({ commitId, stateHistory }) =>
          isSet(commitId) === (firstEntry(stateHistory, COMMITTED) !== undefined),
      },
      {
        path: ['quarantine'],
        says: 'a note of the quarantine if, and only if, there ever was one',
        holds: ({ quarantine, stateHistory }) =>
          isSet(quarantine) === (firstEntry(stateHistory, QUARANTINED) !== undefined),
      },
      {
        path: ['rollback', 'approver'],
        says: 'another person than the requester',
        holds: ({ rollback }) =>
          !isSet(rollback?.approver) || rollback?.approver !== rollback?.requester,
      },
      {
        path: ['rollback'],
        says: 'a reason for each rollback, and an approver and a compensation where it undid a commit',
        holds: ({ rollback, state, commitId }) =>
          state !== 'rolled_back' ||
          (isSet(rollback) &&
            (!isSet(commitId) || (isSet(rollback.approver) && isSet(rollback.compensation)))),
      },
      {
        path: ['closedAt'],
        says: 'the instant it first was closed, and nothing if it never was',
        holds: ({ closedAt, stateHistory }) =>
          (closedAt ?? undefined) === firstEntry(stateHistory, CLOSED),
      },
      {
        path: ['rolledBackAt'],
        says: 'an instant if, and only if, a commit was undone',
        holds: ({ rolledBackAt, state, commitId }) =>
          isSet(rolledBackAt) === (state === 'rolled_back' && isSet(commitId)),
      },
      {
        path: ['relations'],
        says: 'other patches than this one',
        holds: ({ patchId, relations: { replacesPatchId, rollbackOfPatchId } }) =>
          replacesPatchId !== patchId && rollbackOfPatchId !== patchId,
      },
    ),
  );

/** A document of {@link patchLedgerEntrySchema}. */
export type PatchLedgerEntry = z.infer<typeof patchLedgerEntrySchema>;

const CLOSED = listClosed(PATCH_LIFE);
const COMMITTED: ReadonlySet<string> = new Set(['committed']);
const QUARANTINED: ReadonlySet<string> = new Set(['quarantined']);
const NOT_YET_VALID: ReadonlySet<string> = new Set(['created', 'quarantined', 'dropped']);
