import * as coda from '../sdk.ts';
import { count, decimal, percent } from './number-property.ts';

/** Where spending stands against a limit, as `BudgetState` answers it. */
export const BudgetStandingSchema = coda.makeObjectSchema({
  properties: {
    state: {
      type: coda.ValueType.String,
      description:
        'ok, warning (from half of the limit), exhausted (exactly the limit) or exceeded.',
    },
    used: percent('Spent and reserved as a share of the limit; blank for a limit of 0.'),
    available: decimal('What is left; below 0 more was spent than allowed.'),
    pace: percent(
      'The used share over the share of the time that is over: 100 % is on time. Blank without start and end, and before the start.',
    ),
    reached: count('The highest of 50, 80, 95 and 100 % that is reached; blank below.'),
  },
  displayProperty: 'state',
});
