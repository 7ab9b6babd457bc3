import { describe, expect, it } from 'vitest';
import { mapColumns } from '#worker/import/column-mapping.ts';
import { HOURS_MAX } from '#worker/import/field-reader.ts';
import { isLateEstimate, parseFinishedTask } from '#worker/import/finished-task.ts';
import { HISTORY_FIELDS } from '#worker/import/history-fields.ts';

const GOOD = {
  task_id: ' 17 ',
  workflow: 'Audit',
  project: 'Acme',
  person: 'Dana',
  estimated_hours: '4',
  actual_hours: '5.25',
  estimated_on: '2026-03-01',
  started_on: '2026-03-02',
  completed_on: '2026-03-05',
};

function parse(row: Readonly<Record<string, string>>) {
  const mapping = mapColumns(HISTORY_FIELDS, Object.keys(row));
  if (!mapping.ok) throw new Error('the header of this test is wrong');
  return parseFinishedTask({ line: 9, fields: Object.values(row) }, mapping.value);
}

const reasonOf = (change: Readonly<Record<string, string>>) => {
  const result = parse({ ...GOOD, ...change });
  return result.ok ? 'accepted' : result.refusal;
};
const valueOf = (change: Readonly<Record<string, string>>) => {
  const result = parse({ ...GOOD, ...change });
  if (!result.ok) throw new Error(result.refusal);
  return result.value;
};

describe('parseFinishedTask', () => {
  it('reads a good row', () => {
    expect(valueOf({})).toEqual({
      line: 9,
      taskId: '17',
      name: 'Audit #17',
      workflow: 'Audit',
      project: 'Acme',
      person: 'Dana',
      estimateHours: 4,
      actualHours: 5.25,
      estimatedOn: '2026-03-01',
      startedOn: '2026-03-02',
      completedOn: '2026-03-05',
    });
  });

  it('tells a blank estimate from an estimate of zero, and takes zero hours as they are', () => {
    expect(valueOf({ estimated_hours: '' }).estimateHours).toBeUndefined();
    expect(valueOf({ estimated_hours: '0' }).estimateHours).toBe(0);
    expect(valueOf({ actual_hours: '0' }).actualHours).toBe(0);
  });

  it('leaves blank days, projects and people undefined', () => {
    const blank = { project: '', person: ' ', estimated_on: '', started_on: '', completed_on: '' };
    expect(valueOf(blank)).toMatchObject({ project: undefined, completedOn: undefined });
  });

  it.each([
    ['1,5', 1.5],
    ['.5', 0.5],
    [String(HOURS_MAX), HOURS_MAX],
  ])('reads %s hours', (text, hours) => {
    expect(valueOf({ actual_hours: text }).actualHours).toBe(hours);
  });

  it.each([
    [{ task_id: '' }, 'task_id is blank'],
    [{ workflow: '  ' }, 'workflow is blank'],
    [{ name: '' }, 'name is blank'],
    [{ actual_hours: '' }, 'actual_hours is blank'],
    [{ actual_hours: '-1' }, 'actual_hours is negative, received `-1`'],
    [{ actual_hours: '10000.01' }, 'actual_hours is above 10,000 h'],
    [{ actual_hours: 'two' }, 'actual_hours is not a number of hours like 1.5, received `two`'],
    [{ actual_hours: '1,500' }, 'actual_hours is not a number'],
    [{ actual_hours: '1e3' }, 'actual_hours is not a number'],
    [{ actual_hours: 'NaN' }, 'actual_hours is not a number'],
    [{ estimated_hours: '-0.5' }, 'estimated_hours is negative'],
    [{ started_on: '2026-02-30' }, 'started_on is not a day like 2026-03-31'],
    [{ completed_on: '03/05/2026' }, 'completed_on is not a day'],
    [{ estimated_on: '0206-03-01' }, 'estimated_on is not between'],
    [{ workflow: 'Caf\uFFFD' }, 'workflow is not UTF-8 text'],
    [{ workflow: 'x'.repeat(1_001) }, 'workflow is longer than 1000 characters'],
  ])('refuses %j', (change, reason) => {
    expect(reasonOf(change)).toContain(reason);
  });

  it('names every bad field of a row at once', () => {
    expect(reasonOf({ task_id: '', actual_hours: 'x' })).toMatch(/task_id is blank; actual_hours/);
  });

  it('repeats no more than the beginning of a bad value', () => {
    expect(reasonOf({ actual_hours: 'x'.repeat(500) }).length).toBeLessThan(120);
  });

  it('refuses a row with a field too many or too few', () => {
    const mapping = mapColumns(HISTORY_FIELDS, Object.keys(GOOD));
    const fields = Object.values(GOOD).slice(1);
    expect(mapping.ok && parseFinishedTask({ line: 2, fields }, mapping.value)).toEqual({
      ok: false,
      refusal: 'expected 9 fields as in the header, received 8',
    });
  });
});

describe('isLateEstimate', () => {
  it.each([
    ['before the start', { estimated_on: '2026-03-01' }, false],
    ['on the day of the start', { estimated_on: '2026-03-02' }, false],
    ['after the start', { estimated_on: '2026-03-03' }, true],
    [
      'after the end of work that has no start',
      { started_on: '', estimated_on: '2026-03-06' },
      true,
    ],
    ['never', { estimated_hours: '', estimated_on: '2026-03-06' }, false],
  ])('judges an estimate made %s', (_, change, isLate) => {
    expect(isLateEstimate(valueOf(change))).toBe(isLate);
  });
});
