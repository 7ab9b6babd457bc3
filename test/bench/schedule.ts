/** How long a plan of 10,000 tasks takes to read, to schedule at one tick and to simulate to its end; one JSON line. */
import { createRandom, preparePlan, schedule } from '#shared/planning/index.ts';
import { simulate } from '#shared/planning/schedule-simulation.ts';
import { toSimulationStart } from '#shared/planning/schedule-start.ts';
import { after, planOf, situationOf, task } from '../shared/planning/plan-samples.ts';

const TASKS = 10_000;

const random = createRandom(1);
const plan = planOf(
  Array.from({ length: TASKS }, (_none, index) => {
    const upstream = [0, 1].map(() => `t${Math.floor(random() * index)}`);
    return task(`t${index}`, { dependsOn: index < 10 ? [] : after(...new Set(upstream)) });
  }),
);

function measure<Value>(work: () => Value): { readonly value: Value; readonly ms: number } {
  const startMs = performance.now();
  const value = work();
  return { value, ms: Math.round(performance.now() - startMs) };
}

const prepared = measure(() => preparePlan(plan));
const tick = measure(() => schedule(prepared.value, situationOf()));
const start = toSimulationStart(prepared.value, situationOf());
const future = measure(() => simulate(start, (index) => prepared.value.effortsMs[index] ?? 0));
const figures = { tasks: TASKS, prepareMs: prepared.ms, tickMs: tick.ms, simulateMs: future.ms };
process.stdout.write(`${JSON.stringify(figures)}\n`);
