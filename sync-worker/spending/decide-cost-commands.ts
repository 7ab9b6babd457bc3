import {
  type CostEntry,
  readWrittenCost,
  toCostStep,
  toTakenBackEntry,
  toWrittenEntry,
  type WrittenCostRefusal,
} from '#shared/cost/index.ts';
import { type FounderHqDoc, findCostTarget, type GatedRun, namePeople } from '#shared/doc/index.ts';
import { assert, toCrockfordId, toInstant } from '#shared/kernel/index.ts';
import {
  COST_COMMAND_DATA,
  createCommand,
  type RecordCostCommand,
  toDocumentEvent,
} from '#shared/ledger/index.ts';
import { decideRows, type RowInbox, type RowVerdict } from '#worker/inbox/index.ts';
import { type StoreTransaction, sha256 } from '#worker/store/index.ts';
import { readEntries } from './read-entries.ts';

/** What recorded costs are decided by. */
export interface CostInbox extends RowInbox {
  readonly doc: FounderHqDoc;
  /** The runs of the ledger. */
  readonly runs: readonly GatedRun[];
  /** The owner's zone, whose days count; asked for only where a cost is to be decided. */
  readonly timeZone: () => Promise<string>;
}

/**
 * Decides the costs people wrote down. Each becomes one cost entry, in one transaction with its answer; a negative amount takes back the
 * very same cost by an entry of its own. One for a target nobody knows waits, since its row may not be in sight yet.
 */
export const decideCostCommands = (inbox: CostInbox): ReturnType<typeof decideRows> =>
  decideRows(inbox, COST_COMMAND_DATA, (command) => judge(command, inbox));

/** The id of the entry a cost becomes: derived from its key, as a run's is. */
const toEntryId = (key: string): string => toCrockfordId(sha256(key));

async function judge(command: RecordCostCommand, inbox: CostInbox): Promise<RowVerdict> {
  const { data, atMs } = command;
  const timeZone = await inbox.timeZone();
  const facts = { timeZone, writtenAt: toInstant(atMs), isKnownCurrency };
  const read = readWrittenCost(data, facts);
  if (!read.ok) return toRefusal(read.refusal);
  if (read.value.isTakenBack) return judgeTakingBack(command, inbox);
  const target = findCostTarget(inbox.doc, data.target, inbox.runs);
  if (target.kind === 'unknown') {
    const reason = `no project, task or run is called \`${data.target}\`: write its name, external_id or id`;
    return { kind: 'wait', code: 'TARGET_UNKNOWN', reason };
  }
  if (target.kind === 'unclear') {
    return { kind: 'refused', code: 'TARGET_UNCLEAR', reason: target.reason };
  }
  const { person } = data;
  const whose =
    person === undefined ? undefined : namePeople(inbox.doc.people).get(person.toLowerCase());
  if (person !== undefined && whose === undefined) {
    const reason = `nobody in the table people is called \`${person}\`, or more than one: write an address or id`;
    return { kind: 'wait', code: 'PERSON_UNKNOWN', reason };
  }
  const entry = toWrittenEntry(data, read.value, {
    ...toRecording(command, inbox),
    projectId: target.projectId,
    ...(whose === undefined ? {} : { workerId: whose.rowId }),
    timeZone,
  });
  return { kind: 'do', write: (transaction) => writeEntry(transaction, entry, command.by) };
}

/** The cost is found by the key it was recorded under: that of the same command with the amount as it was. */
async function judgeTakingBack(command: RecordCostCommand, inbox: CostInbox): Promise<RowVerdict> {
  const { data } = command;
  const amount = data.amount.replace(/^-/, '');
  const recorded = createCommand({ ...command, data: { ...data, amount } }, sha256);
  const entries = await readEntries(inbox.store);
  const entryId = toEntryId(recorded.key);
  const entry = entries.find((one) => one.entryId === entryId);
  if (entry === undefined) {
    const reason =
      'no cost of exactly this target, amount, currency, day, note and entry is recorded';
    return { kind: 'wait', code: 'COST_UNKNOWN', reason };
  }
  if (entries.some(({ reverses }) => reverses === entryId)) return { kind: 'already_so' };
  const reversal = toTakenBackEntry(entry, toRecording(command, inbox));
  return { kind: 'do', write: (transaction) => writeEntry(transaction, reversal, command.by) };
}

const toRecording = ({ key, by }: RecordCostCommand, { nowMs }: CostInbox) => ({
  entryId: toEntryId(key),
  idempotencyKey: key,
  at: toInstant(nowMs),
  by,
});

async function writeEntry(
  transaction: StoreTransaction,
  entry: CostEntry,
  by: string,
): Promise<number> {
  const step = toCostStep(entry, by);
  const { stream, event } = toDocumentEvent(step);
  const result = await transaction.append(stream, [event], { expectedVersion: 'any' });
  assert(result.kind === 'appended', `the cost \`${entry.entryId}\` was \`${result.kind}\``);
  await transaction.putRecords('costs', [{ id: step.id, document: step.document }]);
  return result.position;
}

/** Where a hand writes, a slip is more likely than a new currency. */
const isKnownCurrency = (code: string): boolean =>
  Intl.supportedValuesOf('currency').includes(code);

const NEXT: Readonly<Record<WrittenCostRefusal['code'], string>> = {
  AMOUNT_INVALID:
    'is no amount: write digits with a point, such as 49.90; a minus takes back the same cost',
  CURRENCY_UNKNOWN: 'is no currency: write its three capital letters, such as EUR',
  DAY_INVALID: 'is no day from 1970 to 2099: write it as 2026-03-02',
  DAY_AHEAD: 'has not come yet: record the cost from that day on',
};

const toRefusal = ({ code, received }: WrittenCostRefusal): RowVerdict => ({
  kind: 'refused',
  code,
  reason: `\`${received}\` ${NEXT[code]}`,
});
