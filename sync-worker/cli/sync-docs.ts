import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type DomainError, isDomainError } from '#shared/kernel/index.ts';
import { EXIT, type ExitCode } from './exit-code.ts';
import { explainError, tellError } from './explain-error.ts';
import { logAbout } from './process-log.ts';
import { STATE_FOLDER } from './state-folder.ts';

/** What came of the pass of one doc. */
export interface DocPass<Report> {
  readonly doc: string;
  readonly exitCode: ExitCode;
  /** Absent where it failed. */
  readonly report?: Report;
  /** Why it failed, in words. */
  readonly failure?: string;
}

/** How docs are served in turn. */
interface PassOptions {
  /** The exit code that a failure is worth. */
  readonly exitOf: (error: DomainError) => ExitCode;
  /** Ends the pass between two docs. */
  readonly signal?: AbortSignal;
}

/** How serious an end is: the worst of all docs is that of the pass. */
const ORDER: readonly ExitCode[] = [EXIT.done, EXIT.resumable, EXIT.refused, EXIT.failed];

/**
 * Serves docs in turn, one after the other has ended, and each whatever became of the one before. Shape: `serve` opens all that it uses by
 * the doc's id and closes it again.
 */
export async function passEach<Report>(
  docs: readonly string[],
  serve: (doc: string) => Promise<{ readonly exitCode: ExitCode; readonly report: Report }>,
  { exitOf, signal }: PassOptions,
): Promise<readonly DocPass<Report>[]> {
  const passes: DocPass<Report>[] = [];
  for (const doc of docs) {
    if (signal?.aborted === true) break;
    logAbout(doc);
    try {
      passes.push({ doc, ...(await serve(doc)) });
    } catch (error) {
      // A bug stops here too: the other docs are served in any case, and it is told in full.
      const thrown = error instanceof Error ? error : new Error(String(error));
      tellError(thrown);
      const exitCode = isDomainError(error) ? exitOf(error) : EXIT.failed;
      passes.push({ doc, exitCode, failure: explainError(thrown, false) });
    } finally {
      logAbout(undefined);
    }
  }
  return passes;
}

/** The end of a pass over several docs. */
export const worstOf = (passes: readonly DocPass<unknown>[]): ExitCode =>
  passes.reduce<ExitCode>(
    (worst, { exitCode }) => (ORDER.indexOf(exitCode) > ORDER.indexOf(worst) ? exitCode : worst),
    EXIT.done,
  );

/** Where tools put the events of one of several docs; false where there is no such folder, since one they share would tell nobody whose they are. */
export function inboxOf(doc: string): string | false {
  const folder = join(STATE_FOLDER, 'inbox', doc);
  return existsSync(folder) ? folder : false;
}
