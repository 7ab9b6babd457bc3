import * as coda from '../sdk.ts';
import { count, decimal } from './number-property.ts';

/** How long a task may take, as `Forecast` answers it. */
export const ForecastRangeSchema = coda.makeObjectSchema({
  properties: {
    point: decimal('The one number, in hours: the estimate itself until 20 tasks may correct it.'),
    p10: decimal('One task in ten ends within these hours.'),
    p50: decimal('Every second task ends within these hours.'),
    p80: decimal('Four tasks in five end within these hours.'),
    p90: decimal('Nine tasks in ten end within these hours.'),
    from: {
      type: coda.ValueType.String,
      description:
        'What speaks: workflow (the tasks given), size (those of them of a like size) or built_in (a table of many projects, as long as they are too few).',
    },
    n: count('Tasks it speaks from.'),
    needed: count('Tasks still missing until the estimate may be corrected.'),
  },
  displayProperty: 'point',
});
