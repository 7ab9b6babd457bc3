import { describe, expect, it } from 'vitest';
import * as lifecycle from '#shared/lifecycle/index.ts';
import { PLANTED_BUGS } from './lifecycle-bugs.ts';
import { walkLifecycles } from './lifecycle-walk.ts';

/** Enough to try every legal pair of every machine, and nearly every refused one. */
const STEPS = 40_000;
const SEED = 20_261_124;

describe('the nine machines beside their model', () => {
  const report = walkLifecycles(SEED, STEPS);

  it('say the same of every command', () => {
    expect(report.disagreement).toBeUndefined();
    expect(report.steps).toBe(STEPS);
  });

  it('are walked through every cell of their tables', () => {
    const tables = {
      run: lifecycle.RUN_TRANSITIONS,
      task: lifecycle.TASK_TRANSITIONS,
      workstream: lifecycle.WORKSTREAM_TRANSITIONS,
      phase: lifecycle.PHASE_TRANSITIONS,
      step: lifecycle.STEP_TRANSITIONS,
      worker: lifecycle.WORKER_TRANSITIONS,
      patch: lifecycle.PATCH_TRANSITIONS,
      gateCheck: lifecycle.GATE_CHECK_TRANSITIONS,
      breaker: lifecycle.BREAKER_TRANSITIONS,
    };
    const cells = Object.entries(tables).flatMap(([machine, table]) =>
      Object.entries(table).flatMap(([state, row]) =>
        Object.keys(row).map((trigger) => `${machine} ${state} ${trigger}`),
      ),
    );
    expect(cells).toHaveLength(131);
    expect(cells.filter((cell) => !report.pairs.has(cell))).toEqual([]);
  });
});

describe('the walk', () => {
  it.each(PLANTED_BUGS.map(({ name, deciders }) => [name, deciders] as const))(
    'finds that %s',
    (_name, deciders) => {
      expect(walkLifecycles(SEED, STEPS, deciders).disagreement).toBeDefined();
    },
  );

  it('is the same for the same seed and another for another', () => {
    const { accepted } = walkLifecycles(1, 500);
    expect(walkLifecycles(1, 500).accepted).toBe(accepted);
    expect(walkLifecycles(2, 500).accepted).not.toBe(accepted);
  });
});

describe('the counts of the specification', () => {
  it.each([
    [
      'run',
      lifecycle.RUN_STATES,
      lifecycle.RUN_TRIGGERS,
      lifecycle.RUN_TRANSITIONS,
      [9, 10, 21, 21, 69],
    ],
    [
      'task',
      lifecycle.TASK_STATES,
      lifecycle.TASK_TRIGGERS,
      lifecycle.TASK_TRANSITIONS,
      [9, 11, 19, 18, 80],
    ],
    [
      'workstream',
      lifecycle.WORKSTREAM_STATES,
      lifecycle.WORKSTREAM_TRIGGERS,
      lifecycle.WORKSTREAM_TRANSITIONS,
      [9, 10, 17, 17, 73],
    ],
    [
      'phase',
      lifecycle.PHASE_STATES,
      lifecycle.PHASE_TRIGGERS,
      lifecycle.PHASE_TRANSITIONS,
      [6, 6, 8, 8, 28],
    ],
    [
      'step',
      lifecycle.STEP_STATES,
      lifecycle.STEP_TRIGGERS,
      lifecycle.STEP_TRANSITIONS,
      [5, 4, 6, 6, 14],
    ],
    [
      'worker',
      lifecycle.WORKER_STATES,
      lifecycle.WORKER_TRIGGERS,
      lifecycle.WORKER_TRANSITIONS,
      [8, 11, 22, 22, 66],
    ],
    [
      'patch',
      lifecycle.PATCH_STATES,
      lifecycle.PATCH_TRIGGERS,
      lifecycle.PATCH_TRANSITIONS,
      [10, 11, 24, 24, 86],
    ],
    [
      'gate check',
      lifecycle.GATE_CHECK_STATES,
      lifecycle.GATE_CHECK_TRIGGERS,
      lifecycle.GATE_CHECK_TRANSITIONS,
      [8, 8, 10, 10, 54],
    ],
    [
      'breaker',
      lifecycle.BREAKER_STATES,
      lifecycle.BREAKER_TRIGGERS,
      lifecycle.BREAKER_TRANSITIONS,
      [3, 4, 4, 4, 8],
    ],
  ] as const)(
    'hold for the %s, and sum to those of all nine',
    (_name, states, triggers, table, counts) => {
      const rows: readonly (readonly [string, object])[] = Object.entries(table);
      const pairs = rows.flatMap(([from, row]) => Object.values(row).map((to) => `${from} ${to}`));
      const refused = states.length * triggers.length - pairs.length;
      expect([states.length, triggers.length, pairs.length, new Set(pairs).size, refused]).toEqual(
        counts,
      );
    },
  );
});
