import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as cost from '#shared/cost/index.ts';

const leaf = (given: Partial<cost.CostLeaf> = {}): cost.CostLeaf => ({
  leafId: 'run/1',
  name: 'Dana',
  dimensions: { project: 'acme', month: '2026-03' },
  effortMs: 7_200_000,
  currency: 'EUR',
  costMicros: 100_000_000n,
  ...given,
});

describe('findChanges', () => {
  it('finds what came, went and changed, and no change of what a leaf is called', () => {
    const before = [leaf(), leaf({ leafId: 'run/2' }), leaf({ leafId: 'run/3' })];
    const after = [
      leaf({ leafId: 'run/4' }),
      leaf({ leafId: 'run/3', costMicros: 1n }),
      leaf({ name: 'Dana Smith' }),
    ];
    expect(cost.findChanges(before, after)).toEqual([
      { leafId: 'run/2', before: leaf({ leafId: 'run/2' }) },
      {
        leafId: 'run/3',
        before: leaf({ leafId: 'run/3' }),
        after: leaf({ leafId: 'run/3', costMicros: 1n }),
      },
      { leafId: 'run/4', after: leaf({ leafId: 'run/4' }) },
    ]);
  });

  it('is, added to what was closed, what stands now, by whichever dimensions and however often', () => {
    const name = fc.constantFrom('a', 'b', '');
    const amounts = fc.constantFrom<Partial<cost.CostLeaf>>(
      {},
      { currency: 'EUR', costMicros: 5n },
      { currency: 'EUR', costMicros: 7n, billableMicros: 20n },
      { currency: 'USD', costMicros: 3n },
      { isUnbilled: true },
    );
    const drawn = fc.record({
      id: fc.constantFrom('1', '2', '3', '4'),
      project: name,
      person: name,
      effortMs: fc.nat(9),
      amounts,
    });
    const month = fc.uniqueArray(drawn, { selector: ({ id }) => id }).map((drawns) =>
      drawns.map(
        ({ id, project, person, effortMs, amounts: money }): cost.CostLeaf => ({
          leafId: id,
          name: id,
          dimensions: { project, person },
          effortMs,
          ...money,
        }),
      ),
    );
    const by = fc.shuffledSubarray(['project', 'person']);
    const law = fc.property(fc.array(month, { minLength: 1, maxLength: 4 }), by, (months, dims) => {
      const [closed = [], ...later] = months;
      const changes: cost.LeafChange[] = [];
      for (const now of later) {
        changes.push(...cost.findChanges(cost.applyChanges(closed, changes), now));
      }
      const last = months.at(-1) ?? [];
      const known = cost.applyChanges(closed, changes);
      expect(cost.findChanges(known, last)).toEqual([]);
      const shown = [...closed, ...changes.flatMap(cost.toChangeCells)];
      expect(sumsOf(shown, dims)).toEqual(sumsOf(last, dims));
    });
    fc.assert(law, { numRuns: 300, seed: 1 });
  });
});

/** The sums of each row, without what is 0. */
const sumsOf = (cells: readonly cost.CostCell[], by: readonly string[]) =>
  cost.rollUp(cells, by).flatMap(({ key, totals, effortMs }) => [
    ...(effortMs === 0 ? [] : [{ key, effortMs }]),
    ...totals
      .filter(({ costMicros, billableMicros }) => costMicros !== 0n || billableMicros !== 0n)
      .map(({ currency, costMicros, billableMicros }) => ({
        key,
        currency,
        costMicros,
        billableMicros,
      })),
  ]);

describe('toChangeCells', () => {
  it('leaves nothing unpriced behind where a price became known', () => {
    const { currency: _, costMicros: __, ...unpriced } = leaf({ isUnbilled: true });
    const cells = cost.toChangeCells({ leafId: 'run/1', before: unpriced, after: leaf() });
    expect(cost.rollUp(cells, [])).toMatchObject([
      {
        unpricedCount: 0,
        unbilled: [],
        effortMs: 0,
        totals: [{ currency: 'EUR', costMicros: 100_000_000n }],
      },
    ]);
  });
});

describe('describeChange', () => {
  const change = (after?: cost.CostLeaf, before?: cost.CostLeaf): cost.LeafChange => ({
    leafId: 'run/1',
    ...(before === undefined ? {} : { before }),
    ...(after === undefined ? {} : { after }),
  });

  it('names every difference', () => {
    const { costMicros: _, ...unpriced } = leaf();
    const moved = leaf({ dimensions: { project: 'beta', month: '2026-03', person: 'lee' } });
    expect(
      [
        change(leaf()),
        change(undefined, leaf()),
        change(leaf({ effortMs: 9_000_000, costMicros: 125_000_000n }), leaf()),
        change(unpriced, leaf({ billableMicros: 1n })),
        change(moved, leaf()),
        change(leaf({ isUnbilled: true }), leaf()),
        change(leaf(), leaf({ isUnbilled: true })),
      ].map(cost.describeChange),
    ).toEqual([
      'entered after the month was closed',
      'no longer in the month',
      'hours 2 → 2.5, cost 100 → 125',
      'cost 100 → none, billable value 0.000001 → none',
      'another person, project',
      'billable at a rate nobody knows',
      'no billable rate is missing any more',
    ]);
  });

  it('calls a currency another one only where there was one', () => {
    const of = (currency: string, costMicros: bigint) =>
      leaf({ dimensions: { currency }, currency, costMicros });
    const unpriced: cost.CostLeaf = {
      leafId: 'run/1',
      name: 'Dana',
      dimensions: { currency: '' },
      effortMs: 7_200_000,
    };
    const priced = of('EUR', 5_000_000n);
    const told = (before: cost.CostLeaf, after: cost.CostLeaf) =>
      cost.describeChange({ leafId: 'run/1', before, after });
    expect(told(unpriced, priced)).toBe('cost none → 5');
    expect(told(priced, unpriced)).toBe('cost 5 → none');
    expect(told(priced, of('USD', 6_000_000n))).toBe('cost 5 → 6, another currency');
  });
});
