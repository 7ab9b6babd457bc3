import { spawnSync } from 'node:child_process';
import { parse } from 'csv-parse/sync';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type CostLeaf,
  findChanges,
  parseMicros,
  rollUp,
  timeDimensions,
} from '#shared/cost/index.ts';
import { toInstant } from '#shared/kernel/index.ts';
import { exportCosts } from '#worker/cli/export-costs.ts';
import type { CostBook } from '#worker/costs/index.ts';

const HAS_NO_HLEDGER = spawnSync('hledger', ['--version']).error !== undefined;
const WHY = HAS_NO_HLEDGER ? ' (left out here: no hledger is installed)' : '';
const SETTINGS = { timeZone: 'UTC', currency: 'USD' };
const NAMES = new Map([
  ['p1', '=HYPERLINK("http://x.example","Site: one")'],
  ['p2', '  @Own; books (2)  a'],
  ['dana', '-Dana, "D"'],
]);

const leaf = (id: string, given: Partial<CostLeaf> = {}): CostLeaf => ({
  leafId: `run/${id}`,
  name: 'Dana',
  effortMs: 5_400_000,
  currency: 'EUR',
  costMicros: 75_000_001n,
  ...given,
  dimensions: {
    project: 'p1',
    person: 'dana',
    category: 'labour',
    ...timeDimensions('2026-03-10'),
    ...given.dimensions,
  },
});
const bookOf = (leaves: readonly CostLeaf[], closed: CostBook['closed'] = NONE): CostBook => ({
  leaves,
  closed,
  names: NAMES,
});
const NONE: CostBook['closed'] = { months: new Map(), adjustments: [] };

/** March was closed with one set of leaves, and corrected in April until it is another. */
function corrected(frozen: readonly CostLeaf[], now: readonly CostLeaf[]): CostBook {
  const closedAt = toInstant(Date.UTC(2026, 3, 1));
  const head = { position: 1, hash: '0' };
  const march = { month: '2026-03', ...SETTINGS, closedAt, head, leaves: frozen, names: {} };
  const adjustments = findChanges(frozen, now).map((change, index) => ({
    ...change,
    adjustmentId: `2026-03/${change.leafId}/${index}`,
    closedMonth: '2026-03',
    month: '2026-04',
    recordedAt: toInstant(Date.UTC(2026, 3, 2)),
    reason: 'the client disputed it: half (a)',
  }));
  return bookOf(now, { months: new Map([['2026-03', march]]), adjustments });
}

const csvOf = (book: CostBook): readonly Readonly<Record<string, string>>[] =>
  parse(exportCosts({ book, settings: SETTINGS }, { format: 'csv' }), { columns: true });
const journalOf = (book: CostBook) =>
  exportCosts({ book, settings: SETTINGS }, { format: 'journal' });
const micros = (text = '') => {
  const parsed = parseMicros(text === '' ? '0' : text);
  if (!parsed.ok) throw new Error(text);
  return parsed.value;
};

describe('export costs --format csv', () => {
  it('disarms texts a spreadsheet would run, and leaves negative numbers alone', () => {
    const refund = leaf('2', { costMicros: -5n, dimensions: { project: 'p2' } });
    const rows = csvOf(bookOf([leaf('1'), refund]));
    expect(rows).toMatchObject([
      {
        project: '\'=HYPERLINK("http://x.example","Site: one")',
        person: '\'-Dana, "D"',
        hours: '1.5',
        cost: '75.000001',
        missing: '',
      },
      { project: "'  @Own; books (2)  a", cost: '-0.000005' },
    ]);
  });

  it('leaves what is unpriced blank and names what is missing', () => {
    const { costMicros: _, currency: __, ...unpriced } = leaf('1', { isUnbilled: true });
    expect(csvOf(bookOf([unpriced]))).toMatchObject([
      { currency: '', cost: '', billable: '', missing: 'cost rate or price, billable rate' },
    ]);
  });
});

describe('export costs --format journal', () => {
  it('writes balanced postings to the micro, what is unpriced as comments, a correction by itself', () => {
    const { costMicros: _, currency: __, ...unpriced } = leaf('2', { isUnbilled: true });
    const frozen = [leaf('1', { billableMicros: 180_000_000n }), unpriced];
    const now = [leaf('1', { costMicros: 1n, billableMicros: 180_000_000n }), unpriced];
    expect(journalOf(corrected(frozen, now)).split('\n').slice(4)).toEqual([
      '2026-03-10 (run/1) Dana',
      '    ; hours: 1.5',
      '    costs:labour:p1  75.000001 EUR',
      '    liabilities:labour  -75.000001 EUR',
      '    assets:billable:p1  180.000000 EUR',
      '    income:billable:p1  -180.000000 EUR',
      '',
      '; no amount: 2026-03-10 (run/2) Dana',
      '    ; hours: 1.5',
      '    ; unpriced: no cost rate or price is known',
      '    ; unbilled: no billable rate is known',
      '',
      '2026-04-02 (run/1) correction of 2026-03: the client disputed it: half (a), Dana',
      '    ; hours: -1.5',
      '    ; hours: 1.5',
      '    costs:labour:_HYPERLINKhttp·//x.example,Site· one  -75.000001 EUR',
      '    liabilities:labour  75.000001 EUR',
      '    assets:billable:_HYPERLINKhttp·//x.example,Site· one  -180.000000 EUR',
      '    income:billable:_HYPERLINKhttp·//x.example,Site· one  180.000000 EUR',
      '    costs:labour:_HYPERLINKhttp·//x.example,Site· one  0.000001 EUR',
      '    liabilities:labour  -0.000001 EUR',
      '    assets:billable:_HYPERLINKhttp·//x.example,Site· one  180.000000 EUR',
      '    income:billable:_HYPERLINKhttp·//x.example,Site· one  -180.000000 EUR',
      '',
      '',
    ]);
  });
});

const odd = fc.constantFrom('p1', 'p2', '', 'conflict', ';x', '(y)  z', 'a:b', '*', '"q"', '💶 ~');
const drawn = fc.record({
  id: fc.nat(40).map(String),
  project: odd,
  currency: fc.constantFrom('EUR', 'USD', 'CHF'),
  costMicros: fc.bigInt({ min: -(10n ** 12n), max: 10n ** 12n }),
  billableMicros: fc.option(fc.bigInt({ min: 0n, max: 10n ** 12n }), { nil: undefined }),
});
const month = fc.uniqueArray(drawn, { selector: ({ id }) => id, maxLength: 40 }).map((rows) =>
  rows.map(({ id, project, currency, costMicros, billableMicros }) =>
    leaf(id, {
      currency,
      costMicros,
      dimensions: { project },
      ...(billableMicros === undefined ? {} : { billableMicros }),
    }),
  ),
);

/** Cost and billable value by currency, as the rollup has them. */
const rolled = (leaves: readonly CostLeaf[]): Record<string, readonly [bigint, bigint]> =>
  Object.fromEntries(
    rollUp(leaves, [])
      .flatMap(({ totals }) => totals)
      .filter(({ costMicros, billableMicros }) => costMicros !== 0n || billableMicros !== 0n)
      .map(({ currency, costMicros, billableMicros }) => [currency, [costMicros, billableMicros]]),
  );

describe('the whole of an export', () => {
  it('adds up in the table to what stands now, corrections taken in', () => {
    const law = fc.property(month, month, (frozen, now) => {
      const sums: Record<string, [bigint, bigint]> = {};
      for (const { currency = '', cost, billable } of csvOf(corrected(frozen, now))) {
        const [left, right] = sums[currency] ?? [0n, 0n];
        sums[currency] = [left + micros(cost), right + micros(billable)];
      }
      const present = Object.entries(sums).filter(
        ([, [left, right]]) => left !== 0n || right !== 0n,
      );
      expect(Object.fromEntries(present)).toEqual(rolled(now));
    });
    fc.assert(law, { numRuns: 50, seed: 1 });
  });

  it.skipIf(HAS_NO_HLEDGER)(`adds up in hledger to what stands now, and balances${WHY}`, () => {
    const law = fc.property(month, month, (frozen, now) => {
      const read = hledger(journalOf(corrected(frozen, now)), [
        'bal',
        'costs',
        'assets',
        '--depth=1',
      ]);
      const sums: Record<string, [bigint, bigint]> = {};
      for (const { account, commodity = '', balance } of read) {
        if (commodity === '') continue;
        const sum = sums[commodity] ?? [0n, 0n];
        sum[account === 'costs' ? 0 : 1] += micros(balance);
        sums[commodity] = sum;
      }
      const present = Object.entries(sums).filter(
        ([, [left, right]]) => left !== 0n || right !== 0n,
      );
      expect(Object.fromEntries(present)).toEqual(rolled(now));
    });
    fc.assert(law, { numRuns: 8, seed: 1 });
  });
});

/** What hledger makes of a journal; one that does not balance or that it cannot read fails. */
function hledger(journal: string, words: readonly string[]) {
  const options = ['-f', '-', '-N', '--flat', '--layout=bare', '-O', 'csv'];
  const env = { ...process.env, LC_ALL: 'C.UTF-8' };
  const { status, stdout, stderr } = spawnSync('hledger', [...words, ...options], {
    input: journal,
    env,
    encoding: 'utf8',
  });
  expect([stderr, status]).toEqual(['', 0]);
  const rows: readonly Readonly<Record<string, string>>[] = parse(stdout, { columns: true });
  return rows;
}
