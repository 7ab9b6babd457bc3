import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as cost from '#shared/cost/index.ts';
import { accept, refuse, toInstant } from '#shared/kernel/index.ts';

const at = (n: number) => toInstant(n * 60_000);
const entry = (given: Partial<cost.CostEntry> = {}): cost.CostEntry => ({
  entryId: 'E1',
  entryType: 'charge',
  idempotencyKey: 'k1',
  projectId: 'acme',
  stepAttemptId: 'S1',
  resourceType: 'api_call',
  resourceName: 'acme/large',
  usageType: 'input',
  quantity: '1000',
  unit: 'token',
  amountMicros: 300n,
  currency: 'USD',
  source: 'measured',
  occurredAt: at(1),
  recordedAt: at(2),
  ...given,
});
const unpriced = (given: Partial<cost.CostEntry> = {}): cost.CostEntry => {
  const { amountMicros: _amount, currency: _currency, ...rest } = entry(given);
  return rest;
};
const { decide, evolve, initial } = cost.costDecider;
const record = (one: cost.CostEntry) =>
  decide({ type: 'create', at: at(2), by: 'system', entry: one }, initial);
const reverse = {
  type: 'reverse',
  at: at(5),
  by: 'dana',
  entryId: 'E2',
  idempotencyKey: 'k2',
} as const;
const lineOf = (one: cost.CostEntry) =>
  evolve(initial, { type: 'cost_recorded', at: at(2), entry: one });
const reversalOf = (one: cost.CostEntry): cost.CostEntry => {
  const result = decide(reverse, lineOf(one));
  const [event] = result.ok ? result.value : [];
  if (event === undefined) throw new Error('not reversed');
  return event.entry;
};

describe('costDecider', () => {
  it('records a line', () => {
    expect(record(entry())).toEqual(accept([{ type: 'cost_recorded', at: at(2), entry: entry() }]));
    expect(lineOf(entry())).toEqual({
      state: 'recorded',
      version: 1,
      lastAt: at(2),
      entry: entry(),
    });
  });

  it('takes a line back exactly, at the moment it was of, once only', () => {
    const expected = entry({
      entryId: 'E2',
      entryType: 'reversal',
      idempotencyKey: 'k2',
      quantity: '-1000',
      amountMicros: -300n,
      reverses: 'E1',
      recordedAt: at(5),
    });
    const result = decide(reverse, lineOf(entry()));
    expect(result).toEqual(accept([{ type: 'cost_reversed', at: at(5), entry: expected }]));
    const reversed = evolve(lineOf(entry()), { type: 'cost_reversed', at: at(5), entry: expected });
    expect(reversed).toEqual({ state: 'reversed', version: 2, lastAt: at(5), entry: entry() });
    expect(decide(reverse, reversed)).toEqual(refuse({ code: 'FINAL_STATE', from: 'reversed' }));
    expect(cost.COST_ENTRY_TRANSITIONS).toEqual({
      recorded: { reverse: 'reversed' },
      reversed: {},
    });
  });

  it('takes back an unpriced line, nothing and a negative adjustment', () => {
    expect('amountMicros' in reversalOf(unpriced())).toBe(false);
    expect(reversalOf(entry({ quantity: '0.00' })).quantity).toBe('0.00');
    const adjustment = entry({ entryType: 'adjustment', quantity: '-1.5', amountMicros: -7n });
    expect(reversalOf(adjustment)).toMatchObject({ quantity: '1.5', amountMicros: 7n });
  });

  it('refuses to take back what was never recorded, and to record a line twice', () => {
    expect(decide(reverse, initial)).toEqual(refuse({ code: 'ENTITY_UNKNOWN' }));
    expect(decide(reverse, { state: 'recorded', version: 1 })).toEqual(
      refuse({ code: 'ENTITY_UNKNOWN' }),
    );
    const again = { type: 'create', at: at(2), by: 'system', entry: entry() } as const;
    expect(decide(again, lineOf(entry()))).toEqual(
      refuse({ code: 'ILLEGAL_TRANSITION', from: 'recorded', trigger: 'create' }),
    );
  });

  it.each<[keyof cost.CostEntry, cost.CostEntry]>([
    ['entryType', entry({ entryType: 'reversal' })],
    ['reverses', entry({ reverses: 'E0' })],
    ['quantity', entry({ quantity: 'many' })],
    ['quantity', entry({ quantity: '-1' })],
    ['currency', entry({ currency: 'usd' })],
    ['currency', { ...unpriced(), currency: 'USD' }],
    ['currency', { ...unpriced(), amountMicros: 1n }],
    ['amountMicros', entry({ amountMicros: -1n })],
    ['amountMicros', unpriced({ entryType: 'adjustment' })],
  ])('refuses a wrong %s', (field, one) => {
    expect(record(one)).toEqual(refuse({ code: 'ENTRY_INVALID', field }));
  });

  it.each<[string, cost.CostEntry]>([
    ['free', entry({ amountMicros: 0n })],
    ['unpriced', unpriced()],
    ['of no quantity', entry({ quantity: '0' })],
    ['a credit', entry({ entryType: 'adjustment', amountMicros: -1n, quantity: '-1' })],
  ])('records a line that is %s', (_name, one) => {
    expect(record(one).ok).toBe(true);
  });
});

describe('countedEntries', () => {
  const ids = (...entries: cost.CostEntry[]) =>
    cost.countedEntries(entries).map(({ entryId }) => entryId);
  const reported = (given: Partial<cost.CostEntry> = {}) =>
    entry({ entryId: 'R', source: 'reported', amountMicros: 310n, ...given });

  it('lets a reported amount beat a measured one and that an estimate, in any order', () => {
    const estimated = entry({ entryId: 'G', source: 'estimated' });
    expect(ids(estimated, entry(), reported())).toEqual(['R']);
    expect(ids(reported(), entry(), estimated)).toEqual(['R']);
    expect(ids(estimated, entry())).toEqual(['E1']);
    expect(ids(entry(), entry({ entryId: 'E3' }))).toEqual(['E1', 'E3']);
    expect(ids(unpriced(), reported())).toEqual(['R']);
  });

  it.each<[string, Partial<cost.CostEntry>]>([
    ['another attempt', { stepAttemptId: 'S2' }],
    ['another resource', { resourceName: 'acme/small' }],
    ['another use', { usageType: 'output' }],
  ])('beats nothing of %s', (_name, given) => {
    expect(ids(entry(), reported(given))).toEqual(['E1', 'R']);
  });

  it('lets an amount of the whole beat each use, and no use beat the whole', () => {
    const whole = reported({ usageType: 'total' });
    expect(ids(entry(), entry({ entryId: 'E3', usageType: 'output' }), whole)).toEqual(['R']);
    const total = entry({ entryId: 'W', usageType: 'total' });
    expect(ids(total, reported())).toEqual(['W', 'R']);
  });

  it('beats nothing where there is no attempt or no amount', () => {
    const { stepAttemptId: _attempt, ...loose } = entry();
    const { stepAttemptId: _other, ...told } = reported();
    expect(ids(loose, told)).toEqual(['E1', 'R']);
    const { amountMicros: _amount, currency: _currency, ...silent } = reported();
    expect(ids(entry(), silent)).toEqual(['E1', 'R']);
  });

  it('lets what was taken back beat nothing, and a reversal go with its line', () => {
    const back = { ...reversalOf(reported()), entryId: 'RR' };
    expect(ids(entry(), reported(), back)).toEqual(['E1', 'R', 'RR']);
    expect(ids(entry(), reversalOf(entry()), reported())).toEqual(['R']);
    const adjustment = entry({ entryId: 'A', entryType: 'adjustment', source: 'estimated' });
    expect(ids(adjustment, reported())).toEqual(['A', 'R']);
    expect(ids(entry(), { ...adjustment, source: 'reported' })).toEqual(['E1', 'A']);
  });
});

describe('rollUp', () => {
  const cell = (given: Partial<cost.CostCell> = {}): cost.CostCell => ({
    name: 'acme/large',
    dimensions: { project: 'acme', month: '2026-03' },
    currency: 'EUR',
    costMicros: 10n,
    ...given,
  });

  it('sums each currency by itself, with what may be billed and what is left', () => {
    const cells = [
      cell({ billableMicros: 25n }),
      cell({ currency: 'USD', costMicros: 4n }),
      cell({ costMicros: -3n }),
    ];
    expect(cost.rollUp(cells, ['project'])).toEqual([
      {
        key: { project: 'acme' },
        cells: 3,
        totals: [
          { currency: 'EUR', costMicros: 7n, billableMicros: 25n, marginMicros: 18n },
          { currency: 'USD', costMicros: 4n, billableMicros: 0n, marginMicros: -4n },
        ],
        unpricedCount: 0,
        unpriced: [],
        unbilled: [],
        effortMs: 0,
      },
    ]);
  });

  it('counts and names what is unpriced and then knows no margin', () => {
    const { costMicros: _cost, currency: _currency, ...bare } = cell();
    const billed = { ...bare, name: 'lee', currency: 'EUR', billableMicros: 9n };
    const cells = [cell(), { ...bare, name: 'z' }, bare, { ...bare, name: 'z' }, billed];
    expect(cost.rollUp(cells, [])).toEqual([
      {
        key: {},
        cells: 5,
        totals: [{ currency: 'EUR', costMicros: 10n, billableMicros: 9n, marginMicros: null }],
        unpricedCount: 4,
        unpriced: [
          { name: 'acme/large', count: 1 },
          { name: 'lee', count: 1 },
          { name: 'z', count: 2 },
        ],
        unbilled: [],
        effortMs: 0,
      },
    ]);
  });

  it('puts rows in the order of their values, what has no value first', () => {
    const cells = [
      cell({ dimensions: { project: 'b', month: '1' } }),
      cell({ dimensions: { project: 'a', month: '2' } }),
      cell({ dimensions: { project: 'a', month: '1' } }),
      cell({ dimensions: { month: '1' } }),
    ];
    for (const given of [cells, cells.toReversed()]) {
      const keys = (dimensions: string[]) =>
        cost.rollUp(given, dimensions).map(({ key }) => Object.values(key).join('/'));
      expect(keys(['project', 'month'])).toEqual(['/1', 'a/1', 'a/2', 'b/1']);
      expect(keys(['month', 'project'])).toEqual(['1/', '1/a', '1/b', '2/a']);
      expect(keys(['month'])).toEqual(['1', '2']);
    }
    expect(cost.rollUp([], ['month'])).toEqual([]);
  });

  it('keeps every total, whichever dimensions are named and in whichever order', () => {
    const name = fc.constantFrom('a', 'b', 'c');
    const cells = fc.array(
      fc.record({
        name,
        dimensions: fc.record({ project: name, month: name, person: name }),
        currency: fc.constantFrom('EUR', 'USD'),
        costMicros: fc.bigInt({ min: -1000n, max: 1000n }),
      }),
      { maxLength: 30 },
    );
    const dimensions = fc.shuffledSubarray(['project', 'month', 'person', 'other']);
    const law = fc.property(cells, dimensions, (some, by) => {
      const rows = cost.rollUp(some, by);
      const [whole] = cost.rollUp(some, []);
      const sum = cost.sumMoney(
        rows.flatMap(({ totals }) =>
          totals.map(({ currency, costMicros }) => ({ currency, micros: costMicros })),
        ),
      );
      expect(sum).toEqual(
        (whole?.totals ?? []).map(({ currency, costMicros }) => ({ currency, micros: costMicros })),
      );
      expect(rows.reduce((left, row) => left + row.cells, 0)).toBe(some.length);
      const sorted = (list: readonly cost.CostRow[]) =>
        list
          .map(({ totals, cells: n }) => JSON.stringify([n, cost.microsToText(totals)]))
          .toSorted();
      expect(sorted(cost.rollUp(some, by.toReversed()))).toEqual(sorted(rows));
    });
    fc.assert(law, { numRuns: 300, seed: 1 });
  });
});

describe('toCostCells', () => {
  it('makes a cell of each line that counts', () => {
    const dimensionsOf = ({ projectId }: cost.CostEntry) => ({ project: projectId });
    const taken = unpriced({ entryId: 'U1', usageType: 'x' });
    const entries = [
      entry(),
      { ...reversalOf(entry()), entryId: 'E9' },
      unpriced({ entryId: 'U2', resourceName: 'acme/new' }),
      taken,
      reversalOf(taken),
    ];
    // An unpriced cell has no field for a price, not even an empty one.
    expect(cost.toCostCells(entries, dimensionsOf)).toStrictEqual([
      { name: 'acme/large', dimensions: { project: 'acme' }, currency: 'USD', costMicros: 300n },
      { name: 'acme/large', dimensions: { project: 'acme' }, currency: 'USD', costMicros: -300n },
      { name: 'acme/new', dimensions: { project: 'acme' } },
    ]);
  });
});

describe('microsToText and microsFromText', () => {
  it('write micros as text and read them back', () => {
    const value = {
      aMicros: 2n ** 60n,
      list: [{ bMicros: -1n }, null],
      n: 1.5,
      s: '7',
      flag: true,
    };
    const text = {
      aMicros: '1152921504606846976',
      list: [{ bMicros: '-1' }, null],
      n: 1.5,
      s: '7',
      flag: true,
    };
    expect(cost.microsToText({ ...value, gone: undefined })).toEqual(text);
    expect('gone' in Object(cost.microsToText({ gone: undefined }))).toBe(false);
    expect(cost.microsFromText(text)).toEqual(value);
    expect(cost.microsToText(null)).toBeNull();
  });

  it('leave out what is null and leave alone what is no micros', () => {
    const odd = {
      aMicros: 'x',
      bMicros: 5,
      cMicros: null,
      dMicros: '1'.repeat(20),
      micros: '1',
      eMicrosX: '1',
    };
    expect(cost.microsFromText(odd)).toEqual({
      aMicros: 'x',
      bMicros: 5,
      dMicros: '1'.repeat(20),
      micros: '1',
      eMicrosX: '1',
    });
    expect(cost.microsFromText('12')).toBe('12');
    expect(cost.microsFromText(null)).toBeNull();
    expect(cost.microsFromText({ aMicros: 'x12', bMicros: '12x' })).toEqual({
      aMicros: 'x12',
      bMicros: '12x',
    });
  });

  it('take what JSON cannot say for a bug', () => {
    expect(() => cost.microsToText(() => 1)).toThrow('expected a JSON value, received `function`');
  });
});
