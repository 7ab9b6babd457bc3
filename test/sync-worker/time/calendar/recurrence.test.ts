import { describe, expect, it } from 'vitest';
import { expandRule, parseRule } from '#worker/time/calendar/recurrence.ts';

const days = (rule: string, first: string, last = '2027-12-31'): readonly string[] | string => {
  const parsed = parseRule(rule);
  return parsed.ok ? [...expandRule(parsed.value, { first, last })] : parsed.refusal;
};

describe('expandRule', () => {
  // Days taken from the examples of RFC 5545, section 3.8.5.3.
  it.each([
    ['FREQ=DAILY;COUNT=3', '1997-09-02', ['1997-09-02', '1997-09-03', '1997-09-04']],
    ['FREQ=DAILY;INTERVAL=10;COUNT=3', '1997-09-02', ['1997-09-02', '1997-09-12', '1997-09-22']],
    [
      'FREQ=WEEKLY;INTERVAL=2;COUNT=8;WKST=SU;BYDAY=TU,TH',
      '1997-09-02',
      ['09-02', '09-04', '09-16', '09-18', '09-30', '10-02', '10-14', '10-16'].map(
        (day) => `1997-${day}`,
      ),
    ],
    [
      'FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU;WKST=MO',
      '1997-08-05',
      ['1997-08-05', '1997-08-10', '1997-08-19', '1997-08-24'],
    ],
    [
      'FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU;WKST=SU',
      '1997-08-05',
      ['1997-08-05', '1997-08-17', '1997-08-19', '1997-08-31'],
    ],
    ['FREQ=MONTHLY;COUNT=3;BYDAY=1FR', '1997-09-05', ['1997-09-05', '1997-10-03', '1997-11-07']],
    [
      'FREQ=MONTHLY;INTERVAL=2;COUNT=4;BYDAY=1SU,-1SU',
      '1997-09-07',
      ['1997-09-07', '1997-09-28', '1997-11-02', '1997-11-30'],
    ],
    [
      'FREQ=MONTHLY;COUNT=3;BYMONTHDAY=-3',
      '1997-09-28',
      ['1997-09-28', '1997-10-29', '1997-11-28'],
    ],
    ['FREQ=MONTHLY;COUNT=2;BYDAY=FR;BYMONTHDAY=13', '1998-02-13', ['1998-02-13', '1998-03-13']],
    ['FREQ=MONTHLY;COUNT=3', '1997-01-31', ['1997-01-31', '1997-03-31', '1997-05-31']],
    ['FREQ=YEARLY;COUNT=3;BYMONTH=6,7', '1997-06-10', ['1997-06-10', '1997-07-10', '1998-06-10']],
    ['FREQ=YEARLY;COUNT=2', '1996-02-29', ['1996-02-29', '2000-02-29']],
    ['FREQ=YEARLY;COUNT=2;BYMONTH=11;BYDAY=-1TH', '1997-11-01', ['1997-11-27', '1998-11-26']],
    ['FREQ=DAILY;COUNT=2;BYMONTH=1;BYDAY=MO', '1998-01-01', ['1998-01-05', '1998-01-12']],
    ['FREQ=WEEKLY;COUNT=2', '1997-12-30', ['1997-12-30', '1998-01-06']],
  ])('%s from %s', (rule, first, wanted) => {
    expect(days(rule, first)).toEqual(wanted);
  });

  it('ends at the last day, and where no day is ever met', () => {
    expect(days('FREQ=DAILY', '2026-03-30', '2026-03-31')).toEqual(['2026-03-30', '2026-03-31']);
    expect(days('FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30', '2026-01-01', '9000-01-01')).toEqual([]);
  });

  it('refuses by name what it does not understand', () => {
    expect(days('FREQ=MONTHLY;BYDAY=MO;BYSETPOS=1', '2026-01-01')).toBe(
      'its rule has `BYSETPOS`, which is not understood',
    );
    expect(days('FREQ=HOURLY', '2026-01-01')).toBe(
      'it comes again `HOURLY`, which is not understood',
    );
    expect(days('COUNT=1', '2026-01-01')).toBe('it comes again ``, which is not understood');
    expect(days('FREQ=WEEKLY;BYDAY=1MO', '2026-01-01')).toBe(
      'its rule has a `BYDAY` that is not understood',
    );
    expect(days('FREQ=DAILY;BYDAY=XX', '2026-01-01')).toBe('its rule has a `BYDAY` that is no day');
    expect(days('FREQ=YEARLY;BYMONTHDAY=3', '2026-01-01')).toBe(
      'its `YEARLY` rule names no month, which is not understood',
    );
    for (const part of ['INTERVAL=0', 'COUNT=x', 'BYMONTHDAY=0', 'WKST=XX', 'INTERVAL=-1']) {
      expect(days(`FREQ=DAILY;${part}`, '2026-01-01')).toMatch(/cannot be read/);
    }
  });
});
