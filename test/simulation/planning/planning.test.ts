import { describe, expect, it } from 'vitest';
import { CONSTRAINT_CODES, schedule } from '#shared/planning/index.ts';
import { BROKEN_SCHEDULERS, findOut } from './broken-schedulers.ts';
import { drawScript } from './draw-script.ts';
import type { Scheduler } from './play-script.ts';
import { provePlanning } from './prove-planning.ts';
import { shrinkScript, tellScript } from './shrink-script.ts';

describe('provePlanning', () => {
  const proof = provePlanning({ plans: 24, mostTasks: 80, large: 0, seed: 4 });

  it('breaks no law of scheduling in plans of every kind', () => {
    expect(proof.findings).toEqual([]);
  });

  it('has met every constraint there is', () => {
    expect(CONSTRAINT_CODES.filter((code) => !proof.held.has(code))).toEqual([]);
  });

  it('stays near the lower bound where only dependencies and workers limit', () => {
    const free = proof.stretches.find(({ kind }) => kind === 'free');
    expect(free?.median).toBeGreaterThanOrEqual(1);
    expect(free?.median).toBeLessThanOrEqual(1.1);
  });

  it('is never better than a bound that no schedule can beat', () => {
    const medians = proof.stretches.map(({ median }) => median);
    expect(Math.min(...medians)).toBeGreaterThanOrEqual(1);
  });

  it('is the same proof for the same numbers', () => {
    const few = { plans: 4, mostTasks: 20, large: 0, seed: 3 };
    expect(provePlanning(few)).toEqual(provePlanning(few));
  });
});

describe('the referee', () => {
  it.each(BROKEN_SCHEDULERS)('finds out one that is $name, by its law', (broken) => {
    expect(findOut(broken, 40)).toContain(broken.law);
  });
});

describe('shrinkScript', () => {
  it('leaves of a plan the few tasks that show the fault', () => {
    const lastHeld: Scheduler = (prepared, situation) =>
      schedule(prepared, situation).filter(({ taskId }) => taskId !== 't00007');
    const script = drawScript({ seed: 1, kind: 'free', size: 12 });
    const least = shrinkScript(script, 'no entry', () => ({ scheduler: lastHeld }));
    expect(least.plan.tasks.map(({ taskId }) => taskId)).toEqual(['t00007']);
    expect(tellScript(least)).toContain('"taskId":"t00007"');
  });
});
