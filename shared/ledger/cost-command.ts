import * as v from 'valibot';
import type { CommandIn } from './command-form.ts';

const words = (most: number) => v.pipe(v.string(), v.trim(), v.nonEmpty(), v.maxLength(most));

/** What the button that records a cost asks for. Whether its texts mean money and a day is judged by what costs are, not by their form. */
export const COST_COMMAND_DATA = {
  RecordCost: v.strictObject({
    /** A project, task or run, by name or id. */
    target: words(500),
    /** Decimal text; below 0 it takes back the very same cost that was recorded before. */
    amount: words(60),
    /** ISO 4217. */
    currency: words(60),
    /** What kind of cost it is, in the founder's own words. */
    category: words(64),
    /** The day it counts on, `YYYY-MM-DD`. */
    day: words(60),
    /** What was paid for; may be empty. */
    note: v.pipe(v.string(), v.trim(), v.maxLength(200)),
    /** 1, or another number where the same cost is meant to count again. */
    entry: v.pipe(v.number(), v.safeInteger(), v.minValue(1)),
    /** Whose cost it is. */
    person: v.optional(words(500)),
  }),
} as const;

/** A cost somebody wrote down; the same target, person, day, amount, note and entry are the same cost. */
export type RecordCostCommand = CommandIn<typeof COST_COMMAND_DATA>;
