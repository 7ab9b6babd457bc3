import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type Budget,
  type BudgetBook,
  type BudgetMove,
  type CostEntry,
  type MoneyMoved,
  openAccount,
  placeReservation,
  type Reservation,
  readBudgetMoves,
  rebuildBudgets,
  releaseReservation,
  rollAccount,
  settleReservation,
  spend,
} from '#shared/cost/index.ts';
import { type Instant, toInstant } from '#shared/kernel/index.ts';
import { toDocumentEvent } from '#shared/ledger/index.ts';
import { idOf } from '../ledger/record/work-scene.ts';

const HOUR_MS = 3_600_000;
const FIRST = Date.UTC(2026, 2, 30);
const at = (hour: number): Instant => toInstant(FIRST + hour * HOUR_MS);
const budgetOf = (name: string, change: Partial<Budget> = {}): Budget => ({
  budgetId: idOf(name),
  scope: { level: 'project', id: 'acme-site' },
  currency: 'EUR',
  limitMicros: 1_000n,
  thresholdsPercent: [50, 80, 95, 100],
  mode: 'warn',
  period: 'none',
  timeZone: 'UTC',
  startsAt: at(0),
  ...change,
});
const WHOLE = budgetOf('whole');
const DAILY = budgetOf('daily', { period: 'day', mode: 'halt' });
const BUDGETS = [WHOLE, DAILY];
const line = (name: string, hour: number, change: Partial<CostEntry> = {}): CostEntry => ({
  entryId: idOf(name),
  entryType: 'charge',
  idempotencyKey: name,
  projectId: 'acme-site',
  resourceType: 'tool_usage',
  resourceName: 'editor',
  usageType: 'output',
  quantity: '1',
  unit: 'token',
  amountMicros: 100n,
  currency: 'EUR',
  source: 'measured',
  occurredAt: at(hour),
  recordedAt: at(hour),
  ...change,
});

/** Money that moves in memory, and all that is written down of it. */
function createLiveMoney() {
  let book: BudgetBook = new Map(BUDGETS.map((one) => [one.budgetId, openAccount(one, at(0))]));
  const moves: BudgetMove[] = [];
  const entries: CostEntry[] = [];
  const open: Reservation[] = [];
  const take = ({ book: after, documents }: MoneyMoved): void => {
    book = after;
    for (const step of documents) {
      const { stream, event } = toDocumentEvent(step);
      if (stream.startsWith('budget/')) moves.push(...readBudgetMoves(stream.slice(7), [event]));
    }
  };
  const budgetIds = BUDGETS.map(({ budgetId }) => budgetId);
  return {
    place(hour: number, amountMicros: bigint): void {
      const ids = { reservationId: idOf(`m${hour}`), runId: idOf('R'), taskId: idOf('T') };
      const birth = { ...ids, budgetIds, amountMicros, currency: 'EUR', expiresAt: at(hour + 99) };
      const placed = placeReservation(book, birth, { at: at(hour), by: 'system' });
      if (!placed.ok) return;
      take(placed.value);
      open.push(placed.value.reservation);
    },
    settle(hour: number, amountMicros: bigint): void {
      const before = open.shift();
      if (before === undefined) return;
      const { reservationId } = before;
      // The work was done some hours before, often in the period before.
      const mine = [
        line(`c${hour}`, Math.max(0, hour - 8), { amountMicros }),
        line(`d${hour}`, hour),
      ];
      const asked = { at: at(hour), by: 'system', entries: mine };
      const settled = settleReservation(book, before, asked);
      if (!settled.ok) throw new Error(settled.refusal.code);
      take(settled.value);
      entries.push(...mine.map((entry) => ({ ...entry, reservationId })));
    },
    release(hour: number): void {
      const before = open.shift();
      if (before === undefined) return;
      const asked = { type: 'release', at: at(hour), by: 'system' } as const;
      const released = releaseReservation(book, before, asked);
      if (released.ok) take(released.value);
    },
    spend(hour: number, costMicros: bigint): void {
      book = spend(book, { at: at(hour), budgetIds, currency: 'EUR', costMicros }).book;
      entries.push(line(`e${hour}`, hour, { amountMicros: costMicros }));
    },
    records: { budgets: BUDGETS, moves, entries },
    bookAt: (hour: number) =>
      new Map([...book].map(([id, account]) => [id, rollAccount(account, at(hour))])),
  };
}

const moneyIn = (book: BudgetBook) =>
  [...book.values()].map(({ spentMicros, heldMicros }) => [spentMicros, heldMicros]);

describe('rebuildBudgets', () => {
  it('gives the very book that stood before, whatever was held, spent and freed', () => {
    const anyStep = fc.record({
      kind: fc.constantFrom('place', 'settle', 'release', 'spend'),
      hours: fc.integer({ min: 1, max: 13 }),
      micros: fc.bigInt({ min: 0n, max: 900n }),
    });
    const law = fc.property(fc.array(anyStep, { maxLength: 25 }), (steps) => {
      const money = createLiveMoney();
      let hour = 0;
      for (const { kind, hours, micros } of steps) {
        hour += hours;
        if (kind === 'release') money.release(hour);
        else money[kind](hour, micros);
      }
      expect(rebuildBudgets(money.records, at(hour)).book).toEqual(money.bookAt(hour));
    });
    fc.assert(law);
  });

  it('knows what a moment knew: what is recorded later is not in it', () => {
    const money = createLiveMoney();
    money.place(1, 300n);
    money.settle(5, 200n);
    expect(moneyIn(rebuildBudgets(money.records, at(3)).book)).toEqual([
      [0n, 300n],
      [0n, 300n],
    ]);
    expect(moneyIn(rebuildBudgets(money.records, at(5)).book)).toEqual([
      [300n, 0n],
      [300n, 0n],
    ]);
  });

  it('takes a cost that was taken back out of the period it was in', () => {
    const entry = line('twice', 1);
    const reversal = {
      ...entry,
      entryId: idOf('back'),
      entryType: 'reversal' as const,
      amountMicros: -100n,
      reverses: entry.entryId,
    };
    const records = { budgets: BUDGETS, moves: [], entries: [entry, reversal] };
    const { book, lines } = rebuildBudgets(records, at(2));
    expect(moneyIn(book)).toEqual([
      [0n, 0n],
      [0n, 0n],
    ]);
    expect(lines.size).toBe(0);
  });

  it('counts what is in no sum: unpriced, or of another currency, and of this period', () => {
    const { amountMicros: _, currency: __, ...unpriced } = line('unpriced', 30);
    const dollars = line('dollars', 1, { currency: 'USD' });
    const entries = [
      unpriced,
      dollars,
      line('elsewhere', 30, { projectId: 'other' }),
      line('counted', 30),
    ];
    const { lines } = rebuildBudgets({ budgets: BUDGETS, moves: [], entries }, at(31));
    expect([...lines]).toEqual([
      [WHOLE.budgetId, { counted: 1, uncounted: 2 }],
      [DAILY.budgetId, { counted: 1, uncounted: 1 }],
    ]);
  });

  it('finds the budgets over every part of the work', () => {
    const levels = ['phase', 'workstream', 'run', 'task', 'worker', 'tool', 'global'] as const;
    const budgets = levels.map((level) => budgetOf(level, { scope: { level, id: level } }));
    const place = {
      phaseId: 'phase',
      workstreamId: 'workstream',
      runId: 'run',
      taskId: 'task',
      workerId: 'worker',
      resourceName: 'tool',
    };
    const { book } = rebuildBudgets({ budgets, moves: [], entries: [line('x', 1, place)] }, at(2));
    expect(moneyIn(book)).toEqual(levels.map(() => [100n, 0n]));
  });
});

describe('readBudgetMoves', () => {
  it('passes over whatever carries no reservation', () => {
    const stream = [
      { at: at(0), payload: { thresholdPercent: 50 } },
      { at: at(0), payload: { table: 'reservations', id: 'r', document: { state: 'lost' } } },
      { at: at(0), payload: { table: 'costs', id: 'c', document: { state: 'held' } } },
    ];
    expect(readBudgetMoves('b', stream)).toEqual([]);
  });
});
