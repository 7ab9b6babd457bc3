import { randomUUID } from 'node:crypto';
import type { Cell, QueuedRows } from '#shared/coda/index.ts';
import type { Binding, DocSource } from '#shared/doc/index.ts';
import { assert, type Clock, isDomainError } from '#shared/kernel/index.ts';
import { awaitMutations, type Wait } from '#worker/coda/index.ts';
import type { HealthFinding } from './health-finding.ts';

/** The kind of a row that only tries whether rows can be written; no reader of the table heeds it. */
const KIND = 'probe';
const TITLE = 'Founder HQ doctor: a try, to be deleted';

/** A doc, and how to wait for it. */
export interface ProbedDoc extends DocSource {
  readonly clock: Clock;
  readonly wait: Wait;
  /** How long a write may stay invisible. Units: ms. */
  readonly lagMs: number;
}

/**
 * Writes one row into the Ledger table and takes it out again; what an earlier try left behind goes too.
 * Errors: those of the API that do not say that the token may not write.
 */
export async function probeWriting(doc: ProbedDoc): Promise<readonly HealthFinding[]> {
  try {
    await sweep(doc);
    return await tryRow(doc, `${KIND}/${randomUUID()}`);
  } catch (error) {
    if (!isDomainError(error) || error.code !== 'FORBIDDEN') throw error;
    const message = 'The token may read the doc but not write to it.';
    const fix = 'Make one that may read and write this doc at https://coda.io/account.';
    return [{ code: 'TOKEN_READS_ONLY', severity: 'error', message, fix }];
  }
}

async function tryRow(doc: ProbedDoc, key: string): Promise<readonly HealthFinding[]> {
  const { tableId, column } = ledgerOf(doc.binding);
  const texts = { title: TITLE, kind: KIND, key };
  const cells = Object.entries(texts).map(([name, value]) => ({ column: column(name), value }));
  const sent = await send(doc, { tableId, cells });
  if (!(await isDone(doc, sent.requestId))) {
    const message =
      'A row that was sent to the Ledger table was not confirmed within three minutes.';
    const fix =
      'Ask again later, which also takes that row out: a large or busy doc is slow, and passes wait for it too.';
    return [{ code: 'WRITE_SLOW', severity: 'warning', message, fix }];
  }
  // By its id, since reads may not show it for minutes.
  await remove(doc, sent.addedRowIds ?? []);
  return [];
}

async function send(
  doc: ProbedDoc,
  { tableId, cells }: { readonly tableId: string; readonly cells: readonly Cell[] },
): Promise<QueuedRows> {
  const request = { rows: [cells], isParsingDisabled: true };
  try {
    return await doc.api.upsertRows(doc.docId, tableId, request);
  } catch (error) {
    // The row may have landed though the answer was lost.
    if (isDomainError(error) && error.code === 'NETWORK') await sweep(doc);
    throw error;
  }
}

/** Takes out every row of a try that shows, whoever left it. */
async function sweep(doc: ProbedDoc): Promise<void> {
  const { api, docId, binding } = doc;
  const { tableId, column } = ledgerOf(binding);
  const query = { columnId: column('kind'), value: KIND };
  const rowIds: string[] = [];
  for await (const page of api.listRows(docId, tableId, { query, valueFormat: 'simple' }))
    rowIds.push(...page.rows.map(({ id }) => id));
  await remove(doc, rowIds);
}

async function remove(doc: ProbedDoc, rowIds: readonly string[]): Promise<void> {
  if (rowIds.length === 0) return;
  const { tableId } = ledgerOf(doc.binding);
  const { requestId } = await doc.api.deleteRows(doc.docId, tableId, rowIds);
  await isDone(doc, requestId);
}

async function isDone({ api, clock, wait, lagMs }: ProbedDoc, requestId: string): Promise<boolean> {
  const timing = lagMs === 0 ? { firstPollMs: 0 } : {};
  const { unconfirmed } = await awaitMutations(api, [requestId], { clock, wait, ...timing });
  return unconfirmed.length === 0;
}

function ledgerOf(binding: Binding): { tableId: string; column: (name: string) => string } {
  const table = binding.tables.get('Ledger');
  assert(table !== undefined, 'table `Ledger` is not bound');
  const column = (name: string): string => {
    const id = table.columns.get(name)?.columnId;
    assert(id !== undefined, `column \`${name}\` is not bound`);
    return id;
  };
  return { tableId: table.tableId, column };
}
