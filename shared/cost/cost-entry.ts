import {
  accept,
  type Day,
  type Decider,
  type Instant,
  type Result,
  refuse,
  type TransitionTable,
} from '#shared/kernel/index.ts';
import {
  type Asked,
  admit,
  type Entity,
  type Happened,
  type Unlawful,
} from '#shared/lifecycle/index.ts';
import { parseDecimal } from './decimal.ts';
import { isCurrency } from './money.ts';

/** What money may be spent on. */
export const RESOURCE_TYPES = [
  'api_call',
  'compute_time',
  'storage',
  'network',
  'tool_usage',
  'labour',
  'custom',
] as const;
/** How an amount is known, the surest first: told by the seller, from a measured quantity, or guessed. */
export const COST_SOURCES = ['reported', 'measured', 'estimated'] as const;
/** One of {@link COST_SOURCES}. */
export type CostSource = (typeof COST_SOURCES)[number];

/** What a cost belongs to, as far as it is known. */
export interface CostScope {
  readonly projectId: string;
  readonly phaseId?: string;
  readonly workstreamId?: string;
  readonly runId?: string;
  readonly taskId?: string;
  readonly stepAttemptId?: string;
  readonly workerId?: string;
}

/** One immutable cost line. It is never changed: a mistake is reversed by another line. */
export interface CostEntry extends CostScope {
  readonly entryId: string;
  readonly entryType: 'charge' | 'reversal' | 'adjustment';
  readonly idempotencyKey: string;
  readonly resourceType: (typeof RESOURCE_TYPES)[number];
  readonly resourceName: string;
  /** `total` where one amount covers every use of that resource in the attempt. */
  readonly usageType: string;
  /** Decimal text. */
  readonly quantity: string;
  readonly unit: string;
  /** Absent is unpriced, which is not 0. */
  readonly amountMicros?: bigint;
  /** Given with the amount. */
  readonly currency?: string;
  readonly priceId?: string;
  readonly priceBookVersion?: string;
  readonly reservationId?: string;
  /** The entry a reversal takes back. */
  readonly reverses?: string;
  readonly source: CostSource;
  /** The day somebody said it counts on; in whatever zone it is read, that day stays. */
  readonly day?: Day;
  readonly occurredAt: Instant;
  readonly recordedAt: Instant;
}

/** Where a cost entry can stand; `none`, before it is recorded, is not one of them. */
export const COST_ENTRY_STATES = ['recorded', 'reversed'] as const;
/** What can move a cost entry. Its birth, `create`, is not one of them. */
export const COST_ENTRY_TRIGGERS = ['reverse'] as const;
/** One of {@link COST_ENTRY_STATES}. */
export type CostEntryState = (typeof COST_ENTRY_STATES)[number];
/** One of {@link COST_ENTRY_TRIGGERS}. */
export type CostEntryTrigger = (typeof COST_ENTRY_TRIGGERS)[number];

/** What may follow what: an entry is taken back once and for all. */
export const COST_ENTRY_TRANSITIONS: TransitionTable<CostEntryState, CostEntryTrigger> = {
  recorded: { reverse: 'reversed' },
  reversed: {},
};

/** What may be asked of a cost entry. A reversal is a new line with its own id; it is born here only, so it is always exact. */
export type CostCommand = Asked &
  (
    | { readonly type: 'create'; readonly entry: CostEntry }
    | {
        readonly type: 'reverse';
        readonly entryId: string;
        readonly idempotencyKey: string;
      }
  );

/** What has happened to a cost entry; `entry` is the new line. */
export type CostEvent = Happened & {
  readonly type: 'cost_recorded' | 'cost_reversed';
  readonly entry: CostEntry;
};

/** Why a cost entry says no. */
export type CostRefusal =
  | Unlawful<CostEntryState, CostEntryTrigger>
  | { readonly code: 'ENTRY_INVALID'; readonly field: keyof CostEntry };

/** A cost entry as its events have left it. */
export interface CostLine extends Entity<CostEntryState> {
  readonly entry?: CostEntry;
}

/** One cost line, and the one line that may take it back. */
export const costDecider: Decider<CostCommand, CostLine, CostEvent, CostRefusal> = {
  initial: { state: 'none', version: 0 },
  decide,
  evolve,
};

function decide(command: CostCommand, line: CostLine): Result<readonly CostEvent[], CostRefusal> {
  const stamp = admit(COST_ENTRY_TRANSITIONS, command, line);
  if (!stamp.ok) return stamp;
  if (command.type === 'create') {
    const { entry } = command;
    const field = invalidField(entry);
    if (field !== undefined) return refuse({ code: 'ENTRY_INVALID', field });
    return accept([{ ...stamp.value, type: 'cost_recorded', entry }]);
  }
  const { entry: reversed } = line;
  if (reversed === undefined) return refuse({ code: 'ENTITY_UNKNOWN' });
  const entry = toReversal(reversed, command, stamp.value.at);
  return accept([{ ...stamp.value, type: 'cost_reversed', entry }]);
}

function evolve(line: CostLine, event: CostEvent): CostLine {
  const next = { version: line.version + 1, lastAt: event.at };
  return event.type === 'cost_recorded'
    ? { ...next, state: 'recorded', entry: event.entry }
    : { ...line, ...next, state: 'reversed' };
}

/** The exact negative of an entry, at the moment the entry is of: it leaves the same period and the same sums. */
function toReversal(
  reversed: CostEntry,
  { entryId, idempotencyKey }: Extract<CostCommand, { type: 'reverse' }>,
  recordedAt: Instant,
): CostEntry {
  const { amountMicros, quantity } = reversed;
  return {
    ...reversed,
    entryId,
    idempotencyKey,
    entryType: 'reversal',
    quantity: negate(quantity),
    ...(amountMicros === undefined ? {} : { amountMicros: -amountMicros }),
    reverses: reversed.entryId,
    recordedAt,
  };
}

function negate(quantity: string): string {
  if (!/[1-9]/.test(quantity)) return quantity;
  return quantity.startsWith('-') ? quantity.slice(1) : `-${quantity}`;
}

/** The first field that cannot be as it is given. */
function invalidField(entry: CostEntry): keyof CostEntry | undefined {
  const { entryType, amountMicros, currency, quantity, reverses } = entry;
  if (entryType === 'reversal') return 'entryType';
  if (reverses !== undefined) return 'reverses';
  const size = parseDecimal(quantity);
  if (!size.ok || (entryType === 'charge' && size.value.digits < 0n)) return 'quantity';
  if ((amountMicros === undefined) !== (currency === undefined)) return 'currency';
  if (currency !== undefined && !isCurrency(currency)) return 'currency';
  return isAmountWrong(entryType, amountMicros) ? 'amountMicros' : undefined;
}

/** A charge may be free or unpriced and is never negative; an adjustment is an amount. */
const isAmountWrong = (entryType: CostEntry['entryType'], amountMicros?: bigint): boolean =>
  entryType === 'charge'
    ? amountMicros !== undefined && amountMicros < 0n
    : amountMicros === undefined;
