import { describe, expect, it } from 'vitest';
import { namesBlocker } from '#shared/planning/index.ts';
import { groupsOf, reviewOf, session } from './review-samples.ts';

describe('namesBlocker', () => {
  it.each([
    'blocked',
    'BLOCKED by legal',
    'Draft done; delayed by the client',
    'Not done, blocked by legal',
    'not blocked but delayed',
    'not only blocked, also late',
    'did not finish because blocked',
    'No reply yet. Blocked.',
    'was blocked (not by us)',
  ])('hears it in %j', (note) => {
    expect(namesBlocker(note)).toBe(true);
  });

  it.each([
    '',
    'not blocked',
    'No longer blocked',
    'unblocked',
    'un-blocked after the call',
    'never delayed',
    'not currently blocked or delayed',
    'neither blocked nor delayed',
    "isn't blocked any more",
    'wasn’t really delayed',
    'without being delayed',
    'time-blocked Monday',
    'blocker list, delays, blocking',
  ])('does not hear it in %j', (note) => {
    expect(namesBlocker(note)).toBe(false);
  });
});

describe('the blockers of a review', () => {
  const run = (index: number, facts: Parameters<typeof session>[1] = {}) =>
    session(`r${index}`, { taskId: `k${index}`, ...facts });
  const notesOf = (...runIds: readonly string[]) =>
    new Map(runIds.map((runId) => [runId, 'blocked by legal']));

  it('are named from three tasks of a template on, with their runs', () => {
    const sessions = [run(1), run(2), run(3), run(4)];
    const names = new Map([['t1', 'Audit']]);
    const notes = notesOf('r1', 'r2', 'r3');
    expect(reviewOf({ sessions, notes, names }).blockers).toEqual([
      {
        of: 'process_template',
        groupId: 't1',
        name: 'Audit',
        taskIds: ['k1', 'k2', 'k3'],
        runIds: ['r1', 'r2', 'r3'],
        rowIds: ['k1', 'k2', 'k3', 'r1', 'r2', 'r3'],
      },
    ]);
    expect(reviewOf({ sessions, notes: notesOf('r1', 'r2') }).blockers).toEqual([]);
  });

  it('count a task once, however many of its runs say so', () => {
    const sessions = [run(1), run(2), session('r3', { taskId: 'k2' }), session('r4')];
    expect(reviewOf({ sessions, notes: notesOf('r1', 'r2', 'r3', 'r4') }).blockers).toEqual([]);
  });

  it('are read from the notes of seven days, of open runs too and of invalid ones not', () => {
    const notes = notesOf('r1', 'r2', 'r3');
    const of = (facts: Parameters<typeof session>[1]) =>
      reviewOf({ sessions: [run(1), run(2), run(3, facts)], notes }).blockers.length;
    expect(of({ workedDate: '2026-01-03' })).toBe(1);
    expect(of({ workedDate: '2026-01-02' })).toBe(0);
    expect(of({ standing: 'open', netMs: 0 })).toBe(1);
    expect(of({ standing: 'invalid', netMs: 0 })).toBe(0);
  });

  it('go by the workflow where no template is known, and never mix the two', () => {
    const { process_template: _, ...bare } = groupsOf();
    const sessions = [1, 2, 3].map((index) => run(index, { groups: bare }));
    const notes = notesOf('r1', 'r2', 'r3');
    expect(reviewOf({ sessions, notes }).blockers).toMatchObject([{ of: 'workflow', name: 'w1' }]);
    expect(reviewOf({ sessions: [...sessions.slice(1), run(1)], notes }).blockers).toEqual([]);
  });
});
