import { inspectSessions } from '#shared/variance/index.ts';
import type { DocFinding } from './doc-finding.ts';
import type { FounderHqDoc } from './model.ts';
import { RunFindings } from './run-findings.ts';
import type { LedgerRun } from './run-session.ts';
import { inspectBaselines } from './task-baseline.ts';
import { readVarianceWork, type VarianceOptions, type VarianceWork } from './variance-input.ts';

/** What the variance of every workflow is computed from, and what was odd on the way. */
export interface VarianceInput extends VarianceWork {
  readonly findings: readonly DocFinding[];
}

/** The tasks and runs of a doc as {@link readVarianceWork} has them, with what a founder should look at among them. */
export function toVarianceInput(
  doc: FounderHqDoc,
  ledgerRuns: readonly LedgerRun[] = [],
  options: VarianceOptions = {},
): VarianceInput {
  const found = new RunFindings();
  const work = readVarianceWork(doc, ledgerRuns, { ...options, found });
  found.addSessionFindings(inspectSessions(work.sessions));
  const findings = [...found.list(), ...inspectBaselines(doc.tasks, work.baselines)];
  return { ...work, findings };
}
