import type { Ms } from '#shared/kernel/index.ts';
import { BUILT_IN_RATIOS, sizeOf } from './built-in-ratios.ts';

/** How actual ÷ estimate is spread for one sort of task: which share of the ratios lies up to which ln ratio, both rising. */
export type BuiltInLaw = readonly { readonly share: number; readonly value: number }[];

/** How far a tail goes beyond its last known share, in steps from the one before. About what a normal law has there. */
const TAIL_STEPS = 1.5;

/**
 * The built-in law for an estimate, straight between its knots on the ln scale. The ends, where the share is 0 and 1,
 * are not measured. Units: ms.
 */
export function toBuiltInLaw(estimateMs: Ms): BuiltInLaw {
  const ratios = BUILT_IN_RATIOS.bySize[sizeOf(estimateMs)] ?? BUILT_IN_RATIOS.all;
  const { p10, p25, p50, p75, p90 } = ratios;
  return [
    { share: 0, value: Math.log(p10) - TAIL_STEPS * Math.log(p25 / p10) },
    { share: 0.1, value: Math.log(p10) },
    { share: 0.25, value: Math.log(p25) },
    { share: 0.5, value: Math.log(p50) },
    { share: 0.75, value: Math.log(p75) },
    { share: 0.9, value: Math.log(p90) },
    { share: 1, value: Math.log(p90) + TAIL_STEPS * Math.log(p90 / p75) },
  ];
}
