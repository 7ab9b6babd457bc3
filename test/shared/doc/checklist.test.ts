import { expect, it } from 'vitest';
import { listSteps } from '#shared/doc/checklist.ts';

it('names the steps of a checklist as their tasks are called', () => {
  const checklist =
    'Kick-off (1.5 h)\r\n- [ ] Interview owner – 2 h\n\n3. Write report: ~4 hrs\n* Send 2 copies\n[x] Plan 2026';
  expect(listSteps(checklist)).toEqual([
    'Kick-off',
    'Interview owner',
    'Write report',
    'Send 2 copies',
    'Plan 2026',
  ]);
});
