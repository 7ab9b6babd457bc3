import { describe, expect, it } from 'vitest';
import { hours, named, open, reviewOf, task } from './review-samples.ts';

const SPRINT = { ...named('s1'), startDate: '2026-01-05', endDate: '2026-01-11' };
const inSprint = { kind: 'sprint', sprintId: 's1' } as const;

describe('the sprint of a review', () => {
  it('plans nothing that was dropped, nor what lies below it, and keeps what was done', () => {
    const details = new Map([
      ['k1', { place: inSprint, estimateMs: hours(7) }],
      ['k2', { place: { kind: 'unscheduled' }, estimateMs: hours(5) }],
      ['k3', { place: inSprint, estimateMs: hours(3) }],
    ] as const);
    const { sprint } = reviewOf({
      sprint: SPRINT,
      tasks: [
        open('k1', { isDropped: true }),
        open('k2', { parentId: 'k1' }),
        task('k3', { parentId: 'k1' }),
      ],
      details,
    });
    expect(sprint).toMatchObject({ plannedBillableMs: hours(3), unscheduledTasks: 0 });
  });
});
