import * as z from 'zod/mini';
import { type LabourRate, parseMicros } from '#shared/cost/index.ts';
import type { MoneyCell, PersonRow } from '#shared/doc/index.ts';
import {
  DAY_MS,
  DomainError,
  type Instant,
  isInstant,
  toEpochMs,
  toInstant,
} from '#shared/kernel/index.ts';
import { canonicalJson } from '#shared/ledger/index.ts';
import { type LeaseMark, type Store, toJson } from '#worker/store/index.ts';

/** What one person's hour cost and was billed at from a moment on, until the next of these. */
export interface SeenRate {
  readonly validFrom: Instant;
  /** When it was first seen; absent in older ledgers. */
  readonly seenAt?: Instant;
  readonly costRate?: MoneyCell;
  readonly billableRate?: MoneyCell;
}

/** The rates of people as they were seen, by row id, each person's oldest first. */
export type SeenRates = ReadonlyMap<string, readonly SeenRate[]>;

const COLLECTION = 'rate';
/** The columns of the table people that rates are read from. */
export const RATE_COLUMNS: readonly string[] = ['cost_rate', 'billable_rate'];
/** A cell of the doc says what holds now; of the time before anybody looked it is all that is known. */
const BEFORE_ALL = toInstant(0);
/** A rate that stood for less was a slip, and never held. */
const SLIP_MS = DAY_MS;
const AT = z.custom<Instant>((value) => typeof value === 'string' && isInstant(value));
const MONEY = z.exactOptional(z.object({ amount: z.string(), currency: z.string() }));
const SEEN = z.array(
  z.object({
    validFrom: AT,
    seenAt: z.exactOptional(AT),
    costRate: MONEY,
    billableRate: MONEY,
  }),
);

/** The rates a ledger has seen. Errors: `STORE_CORRUPT`. */
export async function readRates(store: Pick<Store, 'list'>): Promise<SeenRates> {
  const bodies = await store.list(COLLECTION);
  return new Map(
    [...bodies].map(([person, body]) => {
      const seen = z.safeParse(SEEN, body);
      if (seen.success) return [person, seen.data];
      const text = `The ledger holds \`${COLLECTION}/${person}\` in a form nobody can read.`;
      throw new DomainError('STORE_CORRUPT', text);
    }),
  );
}

/**
 * The rates with what the doc says now. A cell has no date, so the first rate of a person holds for all time before, and each change from the
 * moment it was seen: an edited rate never reprices work that is done. What is changed again within a day of being seen was a slip, and what
 * follows it holds in its place from the beginning. A rate that goes blank is unknown from then on.
 */
export function noteRates(seen: SeenRates, people: readonly PersonRow[], at: Instant): SeenRates {
  const noted = new Map(seen);
  for (const { rowId, costRate, billableRate, unreadable = [] } of people) {
    // A cell that cannot be read says nothing new.
    if (RATE_COLUMNS.some((name) => unreadable.includes(name))) continue;
    const past = seen.get(rowId) ?? [];
    const rate = {
      ...(costRate === undefined ? {} : { costRate }),
      ...(billableRate === undefined ? {} : { billableRate }),
    };
    if (!isSame(past.at(-1) ?? NO_RATE, rate)) noted.set(rowId, follow(past, rate, at));
  }
  return noted;
}

type Rate = Omit<SeenRate, 'validFrom' | 'seenAt'>;
const NO_RATE: Rate = {};

/** The rates of one person with another after them. */
function follow(past: readonly SeenRate[], rate: Rate, at: Instant): readonly SeenRate[] {
  const last = past.at(-1);
  const isSlip = last?.seenAt !== undefined && toEpochMs(at) - toEpochMs(last.seenAt) < SLIP_MS;
  const held = isSlip ? past.slice(0, -1) : past;
  // What stood before a slip simply goes on where it stands again.
  if (isSame(held.at(-1) ?? NO_RATE, rate)) return held;
  const validFrom = held.length === 0 ? BEFORE_ALL : isSlip ? last.validFrom : at;
  return [...held, { validFrom, seenAt: at, ...rate }];
}

const isSame = (one: Rate, other: Rate): boolean => textOf(one) === textOf(other);
const textOf = ({ costRate, billableRate }: Rate): string =>
  canonicalJson(toJson({ costRate, billableRate }));

/** Keeps what is new about rates, each change as an event with it. Returns the rates after it. */
export async function observeRates(
  store: Store,
  {
    people,
    nowMs,
    under,
  }: { readonly people: readonly PersonRow[]; readonly nowMs: number; readonly under: LeaseMark },
): Promise<SeenRates> {
  const seen = await readRates(store);
  const at = toInstant(nowMs);
  const noted = noteRates(seen, people, at);
  const changed = [...noted].filter(([person, rates]) => rates !== seen.get(person));
  if (changed.length === 0) return noted;
  await store.transaction(
    async (transaction) => {
      for (const [person, rates] of changed) {
        const payload = toJson({ person, ...rates.at(-1) });
        const event = { type: 'rate_observed', at, actor: 'doc', payload };
        await transaction.append(`rate/${person}`, [event], { expectedVersion: 'any' });
        await transaction.put(COLLECTION, person, toJson(rates));
      }
    },
    { under },
  );
  return noted;
}

/**
 * Rates to price work with; an amount without a currency is in the one given. Each of the two rates holds for all time before it was first
 * known, whichever was typed first.
 */
export function toLabourRates(seen: SeenRates, currency: string): readonly LabourRate[] {
  return [...seen].flatMap(([person, rates]) =>
    toHeldBefore(rates).map((rate, index): LabourRate => {
      const validTo = rates[index + 1]?.validFrom;
      const { validFrom } = rate;
      const until = validTo === undefined ? {} : { validTo };
      return { person, validFrom, ...until, ...toAmounts(rate, currency) };
    }),
  );
}

function toHeldBefore(rates: readonly SeenRate[]): readonly SeenRate[] {
  const cost = rates.findIndex(({ costRate }) => costRate !== undefined);
  const billable = rates.findIndex(({ billableRate }) => billableRate !== undefined);
  const { costRate } = rates[cost] ?? {};
  const { billableRate } = rates[billable] ?? {};
  return rates.map((rate, index) => ({
    ...(index < cost && costRate !== undefined ? { costRate } : {}),
    ...(index < billable && billableRate !== undefined ? { billableRate } : {}),
    ...rate,
  }));
}

/** Where cost and bill differ in their currency, the bill is unknown: one line of work has one currency. */
function toAmounts(
  { costRate, billableRate }: SeenRate,
  currency: string,
): Pick<LabourRate, 'currency' | 'costMicrosPerHour' | 'billableMicrosPerHour'> {
  const own = (costRate ?? billableRate)?.currency ?? '';
  const isOne = costRate === undefined || billableRate?.currency === costRate.currency;
  const cost = toMicros(costRate);
  const billable = isOne ? toMicros(billableRate) : undefined;
  return {
    currency: own === '' ? currency : own,
    ...(cost === undefined ? {} : { costMicrosPerHour: cost }),
    ...(billable === undefined ? {} : { billableMicrosPerHour: billable }),
  };
}

/** A negative rate is none. */
function toMicros(cell: MoneyCell | undefined): bigint | undefined {
  const micros = cell === undefined ? undefined : parseMicros(cell.amount);
  return micros?.ok === true && micros.value >= 0n ? micros.value : undefined;
}
