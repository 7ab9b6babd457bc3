import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { toMoneyText } from '#worker/cli/money-text.ts';
import { registerReport } from '#worker/cli/report.ts';
import { runCommand } from './run-command.ts';
import { useServedDoc } from './served-doc.ts';

const { add, edit } = useServedDoc();
beforeAll(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.UTC(2026, 3, 20, 9) });
  add('people', { name: 'Dana' });
  add('people', { name: 'Lee' });
  add('projects', { name: 'Acme', billable: true });
  add('tasks', { name: 'Interview', project: 'Acme' });
  const run = { task: 'Interview', executed_by: 'Dana' };
  add('execution_runs', { ...run, actual_hours: 2, ended_at: '2026-03-10T10:00:00Z' });
  add('execution_runs', { ...run, actual_hours: 1, ended_at: '2026-04-10T10:00:00Z' });
});
afterAll(() => void vi.useRealTimers());

const report = (...words: readonly string[]) => runCommand(registerReport, ['report', ...words]);
const lineOf = (text: string, start: string): string =>
  text.split('\n').find((line) => line.startsWith(start)) ?? '';

describe('founder-hq report', () => {
  it('takes no month beside the one to close', async () => {
    const both = await report('--close', '2026-03', '--month', '2026-02');
    expect(both).toMatchObject({ code: 2, err: expect.stringContaining('cannot be used with') });
  });

  it('takes a zone by the name other commands give it, and by its earlier one', async () => {
    for (const name of ['--zone', '--time-zone']) {
      const { code, out } = await report('--month', '2026-02', name, 'Asia/Tokyo');
      expect({ code, out }).toEqual({ code: 0, out: expect.stringContaining('in Asia/Tokyo') });
    }
    const { out } = await report('--help');
    expect(out).toContain('--zone <zone>');
    expect(out).toContain('(default: project)');
    expect(out).not.toContain('--time-zone');
  });

  it('shows what is not known as such, never as 0', async () => {
    add('people', { name: 'Kim', cost_rate: 10 });
    const run = { task: 'Interview', executed_by: 'Kim', actual_hours: 1 };
    add('execution_runs', { ...run, ended_at: '2026-02-10T10:00:00Z' });
    const { out } = await report('--month', '2026-02');
    expect(lineOf(out, 'total').split(/ +/)).toEqual([
      'total',
      '1.00',
      'USD',
      '10.00',
      '–',
      '–',
      '–',
    ]);
  });

  it('says what closing fixes, and closes what is not all priced only when told to', async () => {
    const terms = [
      'Closing 2026-03 fixes its 1 runs and costs as they stand, for good',
      'for every month of this doc: the zone UTC, and USD where an amount says no currency.',
      '1 have no cost rate or price and 1 are billable without a billable rate',
    ];
    const tried = await report('--close', '2026-03', '--dry-run');
    const refused = await report('--close', '2026-03');
    for (const term of terms) {
      expect(tried.out).toContain(term);
      expect(refused.err).toContain(term);
    }
    expect([tried.code, tried.out]).toEqual([0, expect.stringContaining('Nothing was closed.')]);
    expect(refused).toMatchObject({ code: 1, out: '', err: expect.stringContaining('add --yes') });
    expect((await report('--month', '2026-03')).out).toContain('as of now');
    expect(await report('--close', '2026-04', '--dry-run')).toMatchObject({
      code: 1,
      err: expect.stringContaining('2026-04 is not over'),
    });
    const closed = await report('--close', '2026-03', '--yes');
    expect(closed).toMatchObject({ code: 0, out: expect.stringMatching(/^Closed\./) });
  });

  it('says that it recorded corrections, splits them, and rates no hour of another month by them', async () => {
    edit('people', 'Dana', { cost_rate: '50', billable_rate: '120' });
    const { out } = await report('--month', '2026-04', '--by', 'person');
    const told = 'corrections of 2026-03, 1 in all; they stand in the report of 2026-04.';
    expect(out).toContain(`Recorded in the ledger just now: ${told}`);
    expect(out).not.toContain('another currency');
    expect(lineOf(out, 'Dana')).toMatch(/ 120\.00$/);
    const changes = out.slice(out.indexOf('these by person'));
    expect(lineOf(changes, 'Dana').split(/ +/)).toEqual([
      'Dana',
      '0.00',
      'USD',
      '100.00',
      '240.00',
      '140.00',
      '–',
    ]);
    expect(lineOf(out, 'with these corrections')).toMatch(/ 150\.00 +360\.00 +210\.00 +–$/);
    expect((await report('--month', '2026-04')).out).not.toContain('Recorded');
  });

  it('shows beside a closed month what stands now', async () => {
    const { out } = await report('--month', '2026-03');
    expect(lineOf(out, 'total')).toMatch(/ –$/);
    expect(out).toContain('Corrected since, once, in the report of 2026-04; what stands now:');
    expect(lineOf(out, 'with all corrections')).toMatch(/ 100\.00 +240\.00 +140\.00 +120\.00$/);
    const json = JSON.parse((await report('--month', '2026-03', '--json')).out) as object;
    expect(json).toMatchObject({
      adjustments: [],
      correctionsFound: 0,
      standing: {
        correctedIn: ['2026-04'],
        corrections: [{ hours: 0 }],
        total: { totals: [{ costMicros: '100000000' }] },
      },
    });
  });

  it('names a rate that cannot be read beside those that are missing', async () => {
    edit('people', 'Lee', { cost_rate: '45,50' });
    expect((await report('--month', '2026-04')).out).toMatch(/^warning: .*45,50/m);
  });
});

describe('toMoneyText', () => {
  it.each([
    [4_755_000_000n, '4755.00'],
    [1_833_750_000n, '1833.75'],
    [102_586_751n, '102.59'],
    [-5_000n, '-0.005'],
    [0n, '0.00'],
    [15_000n, '0.02'],
    [-25_000n, '-0.02'],
  ])('writes %s as %s', (micros, text) => {
    expect(toMoneyText(micros)).toBe(text);
  });
});
