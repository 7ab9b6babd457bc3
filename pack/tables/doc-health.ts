import {
  type Binding,
  type DocFinding,
  readBinding,
  readFounderHq,
  VARIANCE_TABLES,
  workflowVariance,
} from '#shared/doc/index.ts';
import { MINUTE_MS, toInstant } from '#shared/kernel/index.ts';
import {
  type LedgerView,
  optimisticView,
  PATIENCE_MS,
  type VisibleRow,
} from '#shared/ledger/index.ts';
import { toDocId } from '../doc-address.ts';
import { type DocParameters, openApi, readAllLedgerRows } from '../doc-reader.ts';
import { explainFailure } from '../failures.ts';
import { DOC_PARAMETER, LEDGER_DOC_PARAMETER } from '../parameters.ts';
import { HealthRowSchema } from '../schemas/health-row.ts';
import * as coda from '../sdk.ts';
import { sha256 } from '../sha256.ts';

/** What is wrong, of the doc or of what is done for it. */
type Finding = Pick<DocFinding, 'severity' | 'message' | 'fix'> & {
  readonly code: string;
  readonly table?: string;
  readonly column?: string;
};

const TABLES = [...VARIANCE_TABLES, 'people'] as const;
const HARM: Readonly<Record<Finding['severity'], number>> = { error: 0, warning: 1, info: 2 };

/** Adds `DocHealth`: what a founder may want to mend before trusting a number. */
export function addDocHealth(pack: coda.PackDefinitionBuilder): void {
  pack.addSyncTable({
    name: 'DocHealth',
    description:
      'What a founder may want to mend in a Founder HQ doc, the worst first, one row each: tables and columns that are missing, renamed or of another type, cells nobody can read, runs whose relations contradict each other, doubled and forgotten runs, late estimates, figures somebody typed over, and whether a worker keeps up. Empty: nothing was found. A report, synced hourly.',
    identityName: 'HealthFinding',
    schema: HealthRowSchema,
    connectionRequirement: coda.ConnectionRequirement.Required,
    formula: {
      name: 'DocHealth',
      description: 'Looks at a Founder HQ doc and lists what to mend, each with its fix.',
      parameters: [DOC_PARAMETER, LEDGER_DOC_PARAMETER],
      onError: explainFailure,
      execute: async ([doc, ledgerDoc], context) => {
        const nowMs = Date.now();
        const findings = await examine(context, { doc, ledgerDoc }, nowMs);
        const sorted = [...findings].sort(
          (one, other) => HARM[one.severity] - HARM[other.severity],
        );
        return { result: [...toRows(sorted, toInstant(nowMs))] };
      },
    },
  });
}

/** Of a doc that lacks what everything rests on only that is told: the rest would be guesses. */
async function examine(
  context: coda.ExecutionContext,
  parameters: DocParameters,
  nowMs: number,
): Promise<readonly Finding[]> {
  const api = openApi(context);
  const docId = toDocId(parameters.doc);
  const binding = await readBinding(api, docId, { tables: [...TABLES, 'Ledger'] });
  const shape = findInShape(binding, parameters);
  if (shape.some(({ severity }) => severity === 'error')) return shape;
  const source = { api, docId, binding };
  const [{ doc, findings }, rows] = await Promise.all([
    readFounderHq(source, TABLES),
    readAllLedgerRows(api, parameters, binding),
  ]);
  const view = optimisticView(rows, { docId, nowMs, sha256 });
  const variance = workflowVariance(doc, { runs: view.runs, timeZone: context.timezone });
  return [
    ...shape,
    ...findings,
    ...variance.findings,
    ...findConflicts(rows),
    ...findInLedger(view, docId, nowMs),
  ];
}

/** Where the Ledger table is kept apart, nobody misses it here. */
function findInShape({ findings }: Binding, { ledgerDoc = '' }: DocParameters): readonly Finding[] {
  return findings.flatMap((finding): readonly Finding[] => {
    if (finding.table !== 'Ledger') return [finding];
    if (ledgerDoc.trim() !== '') return [];
    // Without it the doc has no buttons, and every number of the runs that people type.
    return finding.code === 'TABLE_MISSING' ? [{ ...finding, severity: 'warning' }] : [finding];
  });
}

const findConflicts = (rows: readonly VisibleRow[]): readonly Finding[] =>
  rows
    .filter(({ kind, state }) => kind === 'conflict' && state === 'open')
    .map(({ title, outcome, stream, type }) => ({
      code: 'CELL_CONFLICT',
      severity: 'warning',
      table: stream.split('/')[0] ?? '',
      column: type,
      message: `${title} (${outcome}): somebody typed over it, and both are kept.`,
      fix: 'Clear the cell to have it filled again, or mend what its figure is made of.',
    }));

function findInLedger(
  { mode, oldestPendingMs }: LedgerView,
  docId: string,
  nowMs: number,
): readonly Finding[] {
  const where = { table: 'Ledger', severity: 'warning' } as const;
  if (mode === 'copied') {
    const message = `The Ledger table was copied here from another doc than \`${docId}\`, so nothing in it counts.`;
    const fix = 'Delete its rows, or run `founder-hq init --adopt` to go on from here.';
    return [{ ...where, code: 'LEDGER_COPIED', severity: 'error', message, fix }];
  }
  const waitingMs = oldestPendingMs === undefined ? 0 : nowMs - oldestPendingMs;
  if (mode === 'pack_only' || waitingMs < PATIENCE_MS) return [];
  const minutes = Math.floor(waitingMs / MINUTE_MS);
  const message = `A button pressed ${minutes} minutes ago is not decided yet: the worker is behind, or stopped.`;
  const fix = 'Run `founder-hq status` where the worker runs, then `founder-hq sync`.';
  return [{ ...where, code: 'WORKER_LATE', message, fix }];
}

/** The same code may be found several times at one place; its number tells them apart, and stays while the others do. */
function toRows(
  findings: readonly Finding[],
  asOf: string,
): readonly coda.SchemaType<typeof HealthRowSchema>[] {
  const seen = new Map<string, number>();
  return findings.map(({ severity, code, table = '', column = '', message, fix }) => {
    const place = [code, table, column].filter((word) => word !== '').join('/');
    const count = (seen.get(place) ?? 0) + 1;
    seen.set(place, count);
    const findingId = count === 1 ? place : `${place}/${count}`;
    return { findingId, severity, code, table, column, message, fix, asOf };
  });
}
