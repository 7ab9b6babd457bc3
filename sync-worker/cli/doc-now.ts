import {
  type DocFinding,
  type FounderHqDoc,
  type ReadableTable,
  readBinding,
  readFounderHq,
  readLedgerRows,
} from '#shared/doc/index.ts';
import { DomainError } from '#shared/kernel/index.ts';
import { optimisticView, type ViewRun } from '#shared/ledger/index.ts';
import { sha256 } from '#worker/store/index.ts';
import type { Connection } from './connection.ts';

/** A doc at one moment, with the runs its buttons have made. */
export interface DocNow {
  readonly doc: FounderHqDoc;
  /** Runs of the ledger as its table in the doc tells them, with what was asked and not yet decided. */
  readonly runs: readonly ViewRun[];
  readonly nowMs: number;
  readonly findings: readonly DocFinding[];
}

/**
 * Reads the tables asked for and the Ledger table, and changes nothing anywhere.
 * Errors: those of the API; `DOC_NOT_READY` with every problem and its fix where a table cannot be used.
 */
export async function readDocNow(
  { api, docId, clock }: Connection,
  tables: readonly ReadableTable[],
): Promise<DocNow> {
  const nowMs = clock();
  const binding = await readBinding(api, docId, { tables: [...tables, 'Ledger'] });
  const problems = binding.findings.filter(
    ({ severity, table }) => severity === 'error' && table !== 'Ledger',
  );
  if (problems.length > 0) {
    const lines = problems.map(({ message, fix }) => `  ${message} ${fix}`).join('\n');
    throw new DomainError('DOC_NOT_READY', `The doc cannot be read yet:\n${lines}`);
  }
  const source = { api, docId, binding };
  const { doc, findings } = await readFounderHq(source, tables);
  const { runs } = optimisticView(await readLedgerRows(source), { docId, nowMs, sha256 });
  return { doc, runs, nowMs, findings };
}
