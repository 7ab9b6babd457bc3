import { accept, type Instant, type Result, refuse } from '#shared/kernel/index.ts';
import {
  type Budget,
  type BudgetState,
  DEFAULT_THRESHOLDS_PERCENT,
  newThresholds,
  openAccount,
  standingOf,
} from './budget.ts';
import { formatMicros, parseMicros } from './money.ts';

/** A budget in plain numbers of one currency, which nobody has to name. */
export interface BudgetCells {
  readonly limit: number;
  readonly spent: number;
  /** Held for work under way. */
  readonly reserved: number;
  /** Without both there is no pace. */
  readonly startsAt?: Instant | undefined;
  /** Exclusive. */
  readonly endsAt?: Instant | undefined;
}

/** A budget's standing in plain numbers; what has no value is absent. */
export interface BudgetNumbers {
  readonly state: BudgetState;
  /** A share of the limit, not below 1 where the limit is passed. */
  readonly used?: number;
  readonly available: number;
  /** 1 is on time. */
  readonly pace?: number;
  /** Percent. */
  readonly reached?: number;
}

/** A number that is no amount of money. */
export interface AmountUnreadable {
  readonly code: 'AMOUNT_UNREADABLE';
  readonly name: 'limit' | 'spent' | 'reserved';
  readonly received: number;
}

/** No currency is named, and none is compared. */
const ANY_CURRENCY = 'XXX';
const AMOUNTS = ['limit', 'spent', 'reserved'] as const;

/**
 * Where spending stands at a moment, counted in exact micros: 0.1 + 0.2 of 0.3 is exhausted and not exceeded.
 * Refusals: `AMOUNT_UNREADABLE` for NaN, infinities, amounts no document holds, and a limit or reserve below 0.
 */
export function budgetOf(cells: BudgetCells, at: Instant): Result<BudgetNumbers, AmountUnreadable> {
  const micros = { limit: 0n, spent: 0n, reserved: 0n };
  for (const name of AMOUNTS) {
    const received = cells[name];
    const parsed = parseMicros(String(received));
    if (!parsed.ok || (received < 0 && name !== 'spent')) {
      return refuse({ code: 'AMOUNT_UNREADABLE', name, received });
    }
    micros[name] = parsed.value;
  }
  const { startsAt = at, endsAt } = cells;
  const budget: Budget = {
    budgetId: '',
    scope: { level: 'global', id: '' },
    currency: ANY_CURRENCY,
    limitMicros: micros.limit,
    thresholdsPercent: DEFAULT_THRESHOLDS_PERCENT,
    mode: 'warn',
    period: 'none',
    timeZone: 'UTC',
    startsAt,
    ...(endsAt === undefined ? {} : { endsAt }),
  };
  const [spentMicros, heldMicros] = [micros.spent, micros.reserved];
  const account = { ...openAccount(budget, at), spentMicros, heldMicros };
  const { state, usedPercent, availableMicros, pacePercent } = standingOf(account, at);
  const reached = newThresholds(account).at(-1);
  return accept({
    state,
    ...(usedPercent === null ? {} : { used: usedPercent / 100 }),
    available: Number(formatMicros(availableMicros)),
    ...(pacePercent === null ? {} : { pace: pacePercent / 100 }),
    ...(reached === undefined ? {} : { reached }),
  });
}
