import * as z from 'zod';
import { toEpochMs } from '#shared/kernel/index.ts';
import {
  AT,
  FLAG,
  HASH,
  ID,
  MS,
  QUANTITY,
  RELATIVE_PATH,
  text,
  ULID,
  ULIDS,
  words,
} from '../fields/field-kinds.ts';
import { METADATA } from '../fields/head.ts';
import { isSet, must } from '../fields/rule.ts';

/** Characters of an output's end that are kept. */
const TAIL = text(65_536);

/** What came of one call of a tool. Written once, never changed. */
export const toolResultSchema = z
  .strictObject({
    schema: z.literal('tool_result.v1'),
    toolResultId: ULID,
    stepAttemptId: ULID,
    toolId: ID,
    commandLine: text(4_000).nullish(),
    exitCode: z.int().nullish(),
    signal: words(32).nullish(),
    timedOut: FLAG,
    startedAt: AT,
    endedAt: AT,
    durationMs: MS,
    success: FLAG,
    stdoutTail: TAIL,
    stderrTail: TAIL,
    outputTruncated: FLAG,
    outputHash: HASH,
    logsPath: RELATIVE_PATH.nullish(),
    patchIds: ULIDS,
    usage: z.array(z.strictObject({ usageType: words(64), quantity: QUANTITY, unit: words(64) })),
    metadata: METADATA,
  })
  .superRefine(
    must(
      {
        path: ['durationMs'],
        says: 'the time from `startedAt` to `endedAt`',
        holds: ({ durationMs, startedAt, endedAt }) =>
          durationMs === toEpochMs(endedAt) - toEpochMs(startedAt),
      },
      {
        path: ['timedOut'],
        says: 'neither success nor an exit code where time ran out',
        holds: ({ timedOut, success, exitCode }) => !timedOut || (!success && !isSet(exitCode)),
      },
      {
        path: ['success'],
        says: 'success only with exit code 0, or with none',
        holds: ({ success, exitCode }) => !success || (exitCode ?? 0) === 0,
      },
    ),
  );

/** A document of {@link toolResultSchema}. */
export type ToolResult = z.infer<typeof toolResultSchema>;
