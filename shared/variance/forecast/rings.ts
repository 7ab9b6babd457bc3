import { sumOf } from '#shared/kernel/index.ts';
import type { Case, Cases } from './case-store.ts';
import { toLn } from './ln-grid.ts';
import type { LikenessState } from './model.ts';

/** How many rings lie around a task, from its likes to what has nothing in common with it. */
export const RING_COUNT = 13;
/** Beyond three doublings of the estimate, or three steps of age, two tasks are as unlike as they can be. */
const MAX_STEPS = 3;

/**
 * The ring of each case around a task, by the sum of what sets it apart: each name that differs, each doubling of the
 * estimate and each step of age is as far as it is relevant.
 */
export function toRings(cases: Cases, likeness: LikenessState, asked: Case): Uint8Array {
  const costs = new Float64Array(cases.count);
  for (const [trait, column] of cases.names.entries()) {
    const cost = likeness.relevances[trait] ?? 0;
    addMismatches(costs, column, { name: asked.names[trait] ?? 0, cost });
  }
  const [sizeCost, ageCost, greatest] = toStepCosts(cases, likeness);
  const rings = new Uint8Array(cases.count);
  for (let place = 0; place < cases.count; place += 1) {
    const steps = (cases.lnEstimates[place] ?? 0) - asked.lnEstimate;
    const doublings = Math.abs(toLn(steps)) / Math.LN2;
    const ages = (cases.count - 1 - place) / likeness.ageStep;
    const cost =
      (costs[place] ?? 0) +
      sizeCost * Math.min(MAX_STEPS, doublings) +
      ageCost * Math.min(MAX_STEPS, ages);
    rings[place] = Math.round(((RING_COUNT - 1) * cost) / greatest);
  }
  return rings;
}

function addMismatches(
  costs: Float64Array,
  column: Int32Array,
  { name, cost }: { readonly name: number; readonly cost: number },
): void {
  for (let place = 0; place < column.length; place += 1) {
    if (column[place] !== name) costs[place] = (costs[place] ?? 0) + cost;
  }
}

/** What one doubling and one step of age cost, and the greatest sum there can be. */
function toStepCosts(
  { names }: Cases,
  { relevances }: LikenessState,
): readonly [size: number, age: number, greatest: number] {
  const [size = 0, age = 0] = relevances.slice(names.length);
  const traits = sumOf(relevances.slice(0, names.length));
  return [size, age, traits + MAX_STEPS * (size + age)];
}
