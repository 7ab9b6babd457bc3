import { describe, expect, it } from 'vitest';
import { planOf, task } from '../../shared/planning/plan-samples.ts';
import { findFaults, provePlanning } from './prove-planning.ts';

describe('provePlanning', () => {
  it('breaks no constraint, starves nobody and stays near the lower bound', () => {
    const proof = provePlanning(12, 1);
    expect(proof.faults).toEqual([]);
    expect(proof.medianStretch).toBeGreaterThanOrEqual(1);
    expect(proof.medianStretch).toBeLessThanOrEqual(1.1);
  });

  it('would see a task that never started and two of one group at once', () => {
    const [a, b, c] = ['a', 'b', 'c'].map((id) => task(id, { conflictGroup: 'schema' }));
    const spans = [a, b].flatMap((each) => (each ? [{ task: each, startMs: 0, endMs: 1 }] : []));
    const tasks = [a, b, c].flatMap((each) => each ?? []);
    expect(findFaults(planOf(tasks), spans)).toEqual([
      'c never started',
      'a beside b',
      'b beside a',
    ]);
  });
});
