import * as coda from '../sdk.ts';
import { count, decimal } from './number-property.ts';

/** A project's earned value at one day, as `EarnedValue` answers it. */
export const EarnedValueSchema = coda.makeObjectSchema({
  properties: {
    planned: decimal('PV: hours of all tasks due by the day, as estimated.'),
    earned: decimal('EV: estimated hours of the tasks that are finished.'),
    spent: decimal('AC: hours worked, on tasks without an estimate too.'),
    budget: decimal('BAC: estimated hours of all tasks.'),
    costVariance: decimal('CV = EV − AC, in hours; below 0 it costs more than planned.'),
    scheduleVariance: decimal('SV = EV − PV, in hours; below 0 it is late.'),
    costIndex: decimal('CPI = EV ÷ AC; below 1 it costs more than planned.'),
    scheduleIndex: decimal('SPI = EV ÷ PV; below 1 it is late.'),
    atCostIndex: decimal('EAC = BAC ÷ CPI: hours at the end if the rest goes as the work so far.'),
    asPlanned: decimal('EAC = AC + BAC − EV: hours at the end if the rest goes as planned.'),
    atBothIndices: decimal('EAC = AC + (BAC − EV) ÷ (CPI · SPI): hours at the end if both stay.'),
    toComplete: decimal('ETC: hours still to come.'),
    varianceAtCompletion: decimal('VAC = BAC − EAC, in hours; below 0 it ends over.'),
    toCompleteIndex: decimal('TCPI = (BAC − EV) ÷ (BAC − AC): how well the rest has to go.'),
    n: count('Tasks with an estimate.'),
    unestimated: count('Tasks without one: only in AC.'),
    missing: {
      type: coda.ValueType.String,
      description: 'Figures that have no value, each with the reason.',
    },
  },
  displayProperty: 'costIndex',
});
