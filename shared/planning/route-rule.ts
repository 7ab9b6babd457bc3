import { COMPLEXITIES, type RouteRule, type RouteTask } from './route-model.ts';

/** The first rule a task matches; `undefined` where none does. */
export const findRule = (rules: readonly RouteRule[], task: RouteTask): RouteRule | undefined =>
  rules.find((rule) => isMatch(rule, task));

/** Whether each field a rule names is one the task has and the rule takes. A rule that names none takes every task. */
function isMatch({ match }: RouteRule, task: RouteTask): boolean {
  const { taskKinds, riskTiers, complexityAtMost: most, domains } = match;
  return (
    isAmong(taskKinds, task.kind) &&
    isAmong(riskTiers, task.riskTier) &&
    isAmong(domains, task.domain) &&
    isAmong(most && COMPLEXITIES.slice(0, COMPLEXITIES.indexOf(most) + 1), task.complexity)
  );
}

const isAmong = <Value extends string>(
  named: readonly Value[] | undefined,
  value: Value | undefined,
): boolean => named === undefined || (value !== undefined && named.includes(value));
