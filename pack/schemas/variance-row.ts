import * as coda from '../sdk.ts';
import { count, decimal, percent } from './number-property.ts';

/** One group of tasks as the table `Variance` shows it; `conflict` and `unresolved` gather what belongs to none. */
export const VarianceRowSchema = coda.makeObjectSchema({
  properties: {
    groupId: {
      type: coda.ValueType.String,
      description: "The group's row id, or its month, or conflict or unresolved.",
    },
    bucket: {
      type: coda.ValueType.String,
      description:
        'resolved for a group; conflict or unresolved for runs that lead to several or none.',
    },
    group: { type: coda.ValueType.String, description: "The group's name." },
    by: { type: coda.ValueType.String, description: 'What was grouped by, such as workflow.' },
    nTasks: count('Finished leaf tasks with an estimate and time: the sample.'),
    nRuns: count('Runs of those tasks.'),
    estimateHours: decimal('Σ estimate of the sample, in hours.'),
    actualHours: decimal('Σ actual of the sample, in hours.'),
    typical: percent('Median of actual ÷ estimate, less 1: what happens to one task.'),
    total: percent('Σ actual ÷ Σ estimate, less 1: what happens to the budget.'),
    p10: decimal('One task in ten ends below this ratio of actual ÷ estimate; 1 = as estimated.'),
    p90: decimal('One task in ten ends above this ratio of actual ÷ estimate; 1 = as estimated.'),
    state: {
      type: coda.ValueType.String,
      description:
        'insufficient (fewer than 32 finished tasks), stable, drifting over, drifting under, or conflict (two measures contradict each other).',
    },
    since: {
      type: coda.ValueType.String,
      codaType: coda.ValueHintType.Date,
      description: 'Where it drifts: the day the first of the tasks that differ was completed.',
    },
    needed: count('Finished tasks still missing until drift is judged.'),
    allHours: decimal('Hours of every counted run, in the sample or not.'),
    unestimatedHours: decimal('Hours outside the sample: no estimate, or not finished.'),
    asOf: {
      type: coda.ValueType.String,
      codaType: coda.ValueHintType.DateTime,
      description: 'When these figures were computed.',
    },
  },
  idProperty: 'groupId',
  displayProperty: 'group',
  featuredProperties: ['nTasks', 'typical', 'total', 'p10', 'p90', 'state'],
});
