import {
  accept,
  assert,
  type Day,
  dayAt,
  type Instant,
  isDay,
  type Result,
  refuse,
  startOfDay,
  toEpochMs,
  toInstant,
} from '#shared/kernel/index.ts';
import type { Asked } from '#shared/lifecycle/index.ts';
import { type CostEntry, costDecider, RESOURCE_TYPES } from './cost-entry.ts';
import { parseMoney } from './money.ts';

/** A cost as a person wrote it down, every part of it text. */
export interface WrittenCost {
  /** Decimal text; below 0 it takes a cost back. */
  readonly amount: string;
  readonly currency: string;
  readonly category: string;
  readonly day: string;
  /** What was paid for; the category says it where this is empty. */
  readonly note: string;
}

/** What a written cost is judged by. */
export interface WrittenCostFacts {
  /** The owner's zone, whose days count. */
  readonly timeZone: string;
  /** When it was written down. */
  readonly writtenAt: Instant;
  /** Whether there is a currency of this code. */
  readonly isKnownCurrency: (code: string) => boolean;
}

/** Why a written cost is none. */
export interface WrittenCostRefusal {
  readonly code: 'AMOUNT_INVALID' | 'CURRENCY_UNKNOWN' | 'DAY_INVALID' | 'DAY_AHEAD';
  readonly received: string;
}

/** What was written, understood. */
export interface ReadCost {
  /** Above 0, whether the cost is recorded or taken back. */
  readonly amountMicros: bigint;
  readonly currency: string;
  readonly day: Day;
  readonly isTakenBack: boolean;
}

/** What a cost somebody wrote down is recorded with. */
export interface RecordingFacts {
  readonly entryId: string;
  readonly idempotencyKey: string;
  readonly projectId: string;
  /** Whose cost it is. */
  readonly workerId?: string;
  readonly timeZone: string;
}

/** The years in which a day is no slip of the pen. */
const isPlausible = (day: string): boolean => isDay(day) && day >= '1970' && day < '2100';

/** Without an exponent, which no hand means. */
const isPlain = (amount: string): boolean => /^-?[\d.]+$/.test(amount);

/** What a person wrote, as money on a day. Refusals: `AMOUNT_INVALID` also for 0, `CURRENCY_UNKNOWN`, `DAY_INVALID`, `DAY_AHEAD`. */
export function readWrittenCost(
  { amount, currency, day }: WrittenCost,
  { timeZone, writtenAt, isKnownCurrency }: WrittenCostFacts,
): Result<ReadCost, WrittenCostRefusal> {
  const money = parseMoney(amount, currency);
  if ((!money.ok && money.refusal.code === 'CURRENCY_UNKNOWN') || !isKnownCurrency(currency)) {
    return refuse({ code: 'CURRENCY_UNKNOWN', received: currency });
  }
  if (!money.ok || money.value.micros === 0n || !isPlain(amount)) {
    return refuse({ code: 'AMOUNT_INVALID', received: amount });
  }
  if (!isPlausible(day)) return refuse({ code: 'DAY_INVALID', received: day });
  if (day > dayAt(toEpochMs(writtenAt), timeZone)) {
    return refuse({ code: 'DAY_AHEAD', received: day });
  }
  const { micros } = money.value;
  const isTakenBack = micros < 0n;
  return accept({ amountMicros: isTakenBack ? -micros : micros, currency, day, isTakenBack });
}

/** The cost line of a cost that was written down: one piece of it, at the beginning of its day. */
export function toWrittenEntry(
  { category, note }: WrittenCost,
  { amountMicros, currency, day }: ReadCost,
  { timeZone, ...facts }: RecordingFacts & Asked,
): CostEntry {
  const { at: recordedAt, by, entryId, idempotencyKey, projectId, workerId } = facts;
  const word = category.toLowerCase().replaceAll(/[\s_]+/g, '_');
  const entry: CostEntry = {
    entryId,
    entryType: 'charge',
    idempotencyKey,
    projectId,
    ...(workerId === undefined ? {} : { workerId }),
    resourceType: RESOURCE_TYPES.find((type) => type === word) ?? 'custom',
    resourceName: note === '' ? category : note,
    usageType: category,
    quantity: '1',
    unit: 'cost',
    amountMicros,
    currency,
    source: 'reported',
    day,
    occurredAt: toInstant(startOfDay(day, timeZone)),
    recordedAt,
  };
  const decided = costDecider.decide(
    { type: 'create', at: recordedAt, by, entry },
    costDecider.initial,
  );
  assert(decided.ok, 'a cost was refused that had been read as one');
  return entry;
}

/** The line that takes a recorded cost back: its exact opposite. */
export function toTakenBackEntry(
  entry: CostEntry,
  { at, by, entryId, idempotencyKey }: Pick<RecordingFacts, 'entryId' | 'idempotencyKey'> & Asked,
): CostEntry {
  const line = { state: 'recorded', version: 1, lastAt: entry.recordedAt, entry } as const;
  const decided = costDecider.decide({ type: 'reverse', at, by, entryId, idempotencyKey }, line);
  assert(decided.ok && decided.value[0] !== undefined, 'a recorded cost refused to be taken back');
  return decided.value[0].entry;
}
