/** Finished tasks from which a group is called measured, and a human estimate may be corrected. */
export const MEASURED_FROM = 20;

/** With so many finished tasks, a class and the wider one around it weigh the same. */
export const SHRINKAGE = 20;

/** Finished tasks from which their median is a finding. */
export const MIN_FOR_MEDIAN = 5;

/** Finished tasks of one size from which that size speaks for itself; below, the built-in table is the better guess. */
export const MIN_OWN_TASKS = 30;

/** What a class of n finished tasks weighs against the wider one around it: n ÷ (n + 20). Range: 0 to below 1. */
export const toOwnWeight = (n: number): number => n / (n + SHRINKAGE);
