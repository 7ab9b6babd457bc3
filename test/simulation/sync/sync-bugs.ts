import type { Variant } from '../planted-bugs.ts';

const SYNC = 'sync-worker/sync';
const LEASE = `${SYNC}/hold-lease.ts`;
const OUTBOX = `${SYNC}/fill-outbox.ts`;
const OBSERVE = `${SYNC}/observe-runs.ts`;
const PUBLISH = `${SYNC}/publish-runs.ts`;
const SEND = `${SYNC}/send-rows.ts`;
const BOOKS = `${SYNC}/ledger-books.ts`;
const COMMANDS = `${SYNC}/decide-commands.ts`;
const PLAN = 'shared/ledger/plan-push.ts';
const PAGING = 'shared/coda/paging.ts';
const TRANSACT = 'sync-worker/store/sqlite/transact.ts';

/** Bugs of the worker that the laws must find, each planted alone. */
export const SYNC_BUGS: readonly Variant[] = [
  one(
    'a write that is tried again asks nobody',
    'sync-worker/coda/paced-transport.ts',
    "if (request.method !== 'GET') await mayWrite();",
    '',
  ),
  one('rows are inserted without their key', SEND, 'keyColumns: [column]', 'keyColumns: []'),
  one(
    'news of a row goes out while its insert is not in sight',
    OUTBOX,
    '!isThere && sentAtMs !== undefined && !isOver(sentAtMs, patience)',
    '!isThere && sentAtMs !== undefined && sentAtMs < 0 && !isOver(sentAtMs, patience)',
  ),
  one(
    'a row that is there counts as shown, whatever it says',
    OUTBOX,
    'there.every((one) => showsCells(bound, one, cells))',
    'there.every((one) => showsCells(bound, one, {}))',
  ),
  one(
    'a frozen estimate is sent anew',
    OUTBOX,
    'return isAsked && frozen !== undefined',
    'return isAsked && frozen === null',
  ),
  one(
    'a row is never sent a second time',
    OUTBOX,
    'sentAtMs === undefined || isOver(sentAtMs, { lagMs, nowMs })',
    'sentAtMs === undefined',
  ),
  one(
    'a failed page ends the list',
    PAGING,
    '      if (!isTimeout(error) ||',
    '      if (seenIds.size > 0) return;\n      if (!isTimeout(error) ||',
  ),
  one(
    'the first page is the list',
    PAGING,
    'if (token === undefined) return;',
    'if (token !== "") return;',
  ),
  one(
    'rows of two pages count twice',
    PAGING,
    'filter(({ id }) => isFirst(seenIds, id))',
    'filter(({ id }) => isFirst(seenIds, id) || id !== "")',
  ),
  one(
    'what was observed is not remembered',
    OBSERVE,
    'await transaction.put(OBSERVATIONS, rowId, body);',
    '',
  ),
  one(
    'deleted runs are not noticed',
    OBSERVE,
    '!shown.has(rowId)',
    'shown.has(rowId) && !shown.has(rowId)',
  ),
  one(
    'changed runs are not noticed',
    OBSERVE,
    'canonicalJson(before) !== canonicalJson(body)',
    'before === null',
  ),
  one(
    'the ledger’s own rows are observed',
    `${SYNC}/decide.ts`,
    '!decided.books.runs.has(runId)',
    "runId !== '-' || !decided.books.runs.has(runId)",
  ),
  one(
    'observations are kept in another step than their events',
    OBSERVE,
    'await transaction.put(OBSERVATIONS, rowId, body);',
    'void transaction; await store.transaction(async (other) => other.put(OBSERVATIONS, rowId, body));',
  ),
  one(
    'a worker that was overtaken goes on',
    LEASE,
    '!granted || current.fence > held.fence + 1',
    '!granted',
  ),
  one(
    'a lease is taken for good',
    LEASE,
    'const LEASE_MS = 120_000',
    'const LEASE_MS = 120_000_000',
  ),
  one(
    'what waits is forgotten',
    BOOKS,
    'await put(transaction, INBOX, [one.command.key, one]);',
    'if (one.firstSeenMs < 0) await put(transaction, INBOX, [one.command.key, one]);',
  ),
  one(
    'a decided run is not kept',
    BOOKS,
    'if (touched.has(run.run.runId)) await keepRun',
    'if (touched.has(deskId)) await keepRun',
  ),
  one(
    'a desk is not kept',
    COMMANDS,
    'if (desk !== undefined) await keepDesk',
    'if (desk !== undefined && decisions.length > 1) await keepDesk',
  ),
  one(
    'a step that fails is kept by half',
    TRANSACT,
    "database.exec('ROLLBACK')",
    "database.exec('COMMIT')",
  ),
  one('a pause counts as work', PUBLISH, 'net_minutes: netMs', 'net_minutes: netMs + pausedMs'),
  one(
    'notes of people are written over',
    PUBLISH,
    "outcome_notes: shownNote === '' ? note : undefined",
    "outcome_notes: note ?? 'done'",
  ),
  one(
    'a finished run keeps no end',
    PUBLISH,
    'started_at: toWorkTimes(run)?.startedAt, ended_at: endedAt }',
    "started_at: toWorkTimes(run)?.startedAt, ended_at: '' }",
  ),
  one(
    'a settled row is settled again',
    PLAN,
    'if (!shows(row, cells)) wrong.set',
    'if (row.key !== "") wrong.set',
  ),
  one(
    'the anchor travels alone',
    PLAN,
    "due.some(({ kind }) => kind === 'upsert')",
    'due.length >= 0',
  ),
  one(
    'doubled state rows stay',
    PLAN,
    'return doubles.map(deleteRow);',
    'return doubles.slice(doubles.length).map(deleteRow);',
  ),
  one(
    'a cell that was typed over is written over',
    `${SYNC}/judge-cells.ts`,
    'known.some(({ value }) => value === shown)',
    'known.length > 0',
  ),
  one('a cell that was given back stays blank', `${SYNC}/judge-cells.ts`, " || shown === ''", ''),
  one(
    'a conflict is not told of',
    `${SYNC}/cell-books.ts`,
    'const told = [...open,',
    'const told = [...open.slice(open.length),',
  ),
  one(
    'a list of changes is believed whatever the doc counts',
    `${SYNC}/list-table.ts`,
    'return isCounted ?',
    'return isCounted || rows.size > 0 ?',
  ),
  one(
    'the first change of a list is dropped',
    `${SYNC}/list-table.ts`,
    'for (const row of pages.rows) rows.set(row.id, row);',
    'for (const row of pages.rows.slice(1)) rows.set(row.id, row);',
  ),
  one(
    'figures are not cleared when the last run goes',
    `${SYNC}/push.ts`,
    'await transaction.put(PUBLISHED, id, true);',
    'if (id === "") await transaction.put(PUBLISHED, id, true);',
  ),
];

function one(name: string, file: string, from: string, to: string): Variant {
  return { name, edits: [{ file, from, to }] };
}
