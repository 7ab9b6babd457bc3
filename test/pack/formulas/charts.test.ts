import { describe, expect, it } from 'vitest';
import { openPackBench } from '../pack-bench.ts';

const PREFIX = 'data:image/svg+xml;supportsDarkMode=1;base64,';
const PICTURE_BYTES_MAX = 15_000;
const fill = <Value>(count: number, value: (at: number) => Value) =>
  Array.from({ length: count }, (_, at) => value(at));

describe('a chart', () => {
  const { formula } = openPackBench();
  const read = async (name: string, ...params: readonly unknown[]): Promise<string> => {
    const picture = String(await formula(name, ...params));
    expect(picture.length).toBeLessThanOrEqual(PICTURE_BYTES_MAX);
    expect(picture.startsWith(PREFIX)).toBe(true);
    const svg = Buffer.from(picture.slice(PREFIX.length), 'base64').toString('utf8');
    // Its own encoding is that of everybody else.
    expect(picture).toBe(PREFIX + Buffer.from(svg).toString('base64'));
    return svg;
  };

  it('of variance draws each group of the columns, and where it drifts', async () => {
    const figures = [
      [0.25, undefined],
      [0.15, undefined],
      [0.6, 0.5],
      [1.9, 2],
      [34, 0],
    ];
    const since = new Date('2026-03-02T12:00:00.000Z');
    const names = ['Audit 監査 🚀', undefined];
    const svg = await read(
      'VarianceChart',
      names,
      ...figures,
      ['drifting over', ''],
      [since, undefined],
    );
    expect(svg).toContain('Audit 監査 🚀');
    expect(svg).toContain('+25 % / +15 % · n 34');
    expect(svg).toContain('– / – · n 0');
    expect(svg).toContain('drifting over since 2026-03-02');
    expect(await read('VarianceChart', ['A'], [0], [0], [undefined], [2], [1])).toContain(
      'No finished tasks',
    );
  });

  it('stays small enough for a cell, with as much as it can hold', async () => {
    const name = 'An uncommonly long name of a workflow';
    const day = new Date('2026-03-02T12:00:00.000Z');
    const columns = [
      fill(60, () => name),
      ...[0.5, 0.5, 0.1, 9, 12_345].map((figure) => fill(60, () => figure)),
    ];
    await read(
      'VarianceChart',
      ...columns,
      fill(60, () => 'drifting under'),
      fill(60, () => day),
    );
    const costs = await read(
      'CostChart',
      fill(500, () => name),
      fill(500, (at) => 1_234_567.89 + at),
      'EUR',
    );
    const days = fill(2_000, (at) => new Date(Date.UTC(2020, 0, 1 + at, 12)));
    await read(
      'BurnChart',
      days,
      fill(2_000, (at) => 0.123_456 * at),
      1e9,
    );
    expect(costs).toContain('489 others');
  });

  it('of a burn takes days in the doc’s zone and leaves out blank rows', async () => {
    const days = [
      new Date('2026-03-02T04:30:00.000Z'),
      undefined,
      new Date('2026-03-05T12:00:00.000Z'),
    ];
    const svg = await read('BurnChart', days, [10, 99, undefined], 20, undefined, undefined, 'h');
    expect(svg).toContain('10.00 of 20.00 h used (50 %)');
    expect(svg).toContain('>2026-03-01<');
  });

  it('of costs leaves out blanks', async () => {
    const svg = await read('CostChart', ['A', 'B', undefined], [5, undefined, 7]);
    expect(svg).toContain('>total 12.00<');
  });

  it('of a gate takes the status as any table writes it', async () => {
    expect(await read('GateBadge', 'client approval', 'NOT_RUN')).toContain('>not run<');
    await expect(formula('GateBadge', 'client approval', 'fine')).rejects.toThrow(
      '"fine" is no known status of a gate. Allowed: failed, error,',
    );
  });

  it.each<[string, readonly unknown[]]>([
    ['VarianceChart', [['A'], [], [], [], [], []]],
    ['BurnChart', [[], [1]]],
    ['CostChart', [['A'], []]],
  ])('%s refuses columns that are not the same rows', async (name, params) => {
    await expect(formula(name, ...params)).rejects.toThrow('cannot be read together');
  });
});
