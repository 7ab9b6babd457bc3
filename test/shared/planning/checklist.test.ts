import { describe, expect, it } from 'vitest';
import { HOUR_MS, MINUTE_MS } from '#shared/kernel/index.ts';
import { parseChecklist } from '#shared/planning/index.ts';

const hours = (count: number) => count * HOUR_MS;

describe('parseChecklist', () => {
  it.each([
    ['Kick-off call', 'Kick-off call', undefined],
    ['Kick-off call (1.5 h)', 'Kick-off call', hours(1.5)],
    ['Kick-off call (1,5 hours)', 'Kick-off call', hours(1.5)],
    ['Kick-off call [2h]', 'Kick-off call', hours(2)],
    ['Kick-off call | 90 min', 'Kick-off call', 90 * MINUTE_MS],
    ['Kick-off call – 2 hrs', 'Kick-off call', hours(2)],
    ['Kick-off call, estimated_hrs: 0.5', 'Kick-off call', hours(0.5)],
    ['Kick-off call (estimated_hours 3)', 'Kick-off call', hours(3)],
    ['Kick-off call (0 h)', 'Kick-off call', undefined],
    ['- [ ] Kick-off call (1 h)', 'Kick-off call', hours(1)],
    ['2. Kick-off call', 'Kick-off call', undefined],
    ['☐ Kick-off call', 'Kick-off call', undefined],
    ['  ☑Kick-off call (1 hr)  ', 'Kick-off call', hours(1)],
    ['-  []Kick-off call ( 45 minutes )', 'Kick-off call', 45 * MINUTE_MS],
    ['12.  [x]  Kick-off call (1 minute)', 'Kick-off call', MINUTE_MS],
    ['Kick-off call |2h', 'Kick-off call', hours(2)],
    ['Call [client] (1.25 hour)', 'Call [client]', hours(1.25)],
    ['Kick-off call: estimated_hrs = 0.5 min', 'Kick-off call', 0.5 * MINUTE_MS],
    ['Kick-off call estimated_hours=2 hrs', 'Kick-off call', hours(2)],
  ])('reads %j', (line, name, estimateMs) => {
    const step = estimateMs === undefined ? { name } : { name, estimateMs };
    expect(parseChecklist(line)).toEqual([{ ...step, occurrence: 1 }]);
  });

  it.each([
    'Reply within 24 h',
    'Call client (twice)',
    'Call client (1–2 h)',
    'Write chapter 3',
    'Choose a plan | 2',
    '2 calls',
    'Call (1 h) back',
    'Call - [ ] later',
    'Note # 2',
    'Call (1 h or more)',
    'Send follow-up',
  ])('takes nothing for an estimate in %j', (line) => {
    expect(parseChecklist(line)).toEqual([{ name: line, occurrence: 1 }]);
  });

  it('keeps the order, leaves out what is no step, and tells repeated steps apart', () => {
    const text = '# Start\r\n### More\nReview (1 h)\n\n  \nDraft\n-  review\n';
    expect(parseChecklist(text)).toEqual([
      { name: 'Review', estimateMs: hours(1), occurrence: 1 },
      { name: 'Draft', occurrence: 1 },
      { name: 'review', occurrence: 2 },
    ]);
  });
});
