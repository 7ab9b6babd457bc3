import { createDocApi, type DocApi } from '#shared/coda/index.ts';
import {
  type Binding,
  columnIdOf,
  type DocFinding,
  type FounderHqDoc,
  parseLedgerRow,
  type ReadableTable,
  readBinding,
  readFounderHq,
  readLedgerRows,
} from '#shared/doc/index.ts';
import { type LedgerView, optimisticView, type VisibleRow } from '#shared/ledger/index.ts';
import { toDocId } from './doc-address.ts';
import { failure } from './failures.ts';
import { createPackTransport } from './pack-transport.ts';
import type * as coda from './sdk.ts';
import { sha256 } from './sha256.ts';

/** The docs a block was given, as a person wrote them. */
export interface DocParameters {
  readonly doc: string;
  /** The doc of the Ledger table, if it is another. */
  readonly ledgerDoc: string | undefined;
}

/** The Ledger table of a Founder HQ doc, found and bound. */
export interface Ledger {
  /** The doc it lies in. */
  readonly docId: string;
  readonly tableId: string;
  readonly binding: Binding;
}

/** The doc and the ledger's view of it, read at one moment. */
export interface FounderHqReading {
  readonly doc: FounderHqDoc;
  readonly view: LedgerView;
  readonly nowMs: number;
}

/** The Coda API with the account a block runs as. */
export const openApi = ({ fetcher }: coda.ExecutionContext): DocApi =>
  createDocApi(createPackTransport(fetcher));

/** The name a connected account shows in Coda. */
export async function nameConnection(context: coda.ExecutionContext): Promise<string> {
  return (await openApi(context).whoami()).name;
}

/**
 * The tables asked for and the ledger's view over them. A doc without a Ledger table is read all the same: then every
 * run was typed by hand. Errors: a table or a column these tables cannot do without is missing.
 */
export async function readDoc(
  context: coda.ExecutionContext,
  parameters: DocParameters,
  tables: readonly ReadableTable[],
): Promise<FounderHqReading> {
  const nowMs = Date.now();
  const api = openApi(context);
  const docId = toDocId(parameters.doc);
  const binding = await readBinding(api, docId, { tables: [...tables, 'Ledger'] });
  const problems = listProblems(binding, (table) => table !== 'Ledger');
  if (problems.length > 0) throw failure('TABLES_UNUSABLE', { problems });
  const [{ doc }, rows] = await Promise.all([
    readFounderHq({ api, docId, binding }, tables),
    readAllLedgerRows(api, parameters, binding),
  ]);
  return { doc, view: optimisticView(rows, { docId, nowMs, sha256 }), nowMs };
}

/** The Ledger table, to write to. Errors: there is none, or one of its columns is missing. */
export async function openLedger(api: DocApi, parameters: DocParameters): Promise<Ledger> {
  const elsewhere = parameters.ledgerDoc?.trim() ?? '';
  const docId = toDocId(elsewhere === '' ? parameters.doc : elsewhere);
  return toLedger(docId, await readBinding(api, docId, { tables: ['Ledger'] }));
}

/** The ledger's rows of one stream; all that a press is judged by, however long the table. */
export async function readStream(
  api: DocApi,
  { docId, tableId, binding }: Ledger,
  stream: string,
): Promise<readonly VisibleRow[]> {
  const columnId = columnIdOf(binding, 'Ledger', 'stream');
  const query = columnId === undefined ? {} : { query: { columnId, value: stream } };
  const rows: VisibleRow[] = [];
  for await (const page of api.listRows(docId, tableId, { ...query, valueFormat: 'simple' })) {
    rows.push(...page.rows.map((row) => parseLedgerRow(binding, row)));
  }
  return rows;
}

/** Every row of the Ledger table, wherever it is kept; none where there is no such table. */
export async function readAllLedgerRows(
  api: DocApi,
  parameters: DocParameters,
  binding: Binding,
): Promise<readonly VisibleRow[]> {
  const isElsewhere = (parameters.ledgerDoc?.trim() ?? '') !== '';
  return readLedgerRows(
    isElsewhere
      ? { api, ...(await openLedger(api, parameters)) }
      : { api, docId: toDocId(parameters.doc), binding },
  );
}

function toLedger(docId: string, binding: Binding): Ledger {
  const problems = listProblems(binding, (table) => table === 'Ledger');
  const tableId = binding.tables.get('Ledger')?.tableId;
  if (tableId === undefined || problems.length > 0) throw failure('LEDGER_MISSING', { problems });
  return { docId, tableId, binding };
}

function listProblems(
  { findings }: Binding,
  concerns: (table: DocFinding['table']) => boolean,
): readonly string[] {
  return findings
    .filter(({ severity, table }) => severity === 'error' && concerns(table))
    .map(({ message, fix }) => `${message} ${fix}`);
}
