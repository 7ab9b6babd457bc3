import * as z from 'zod';
import { AT, CURRENCY, MICROS, ULID, usually, words } from '../fields/field-kinds.ts';
import { METADATA } from '../fields/head.ts';
import { areInOrder, must } from '../fields/rule.ts';

/** What may be spent in one scope and period. A limit of 0 allows nothing; no budget is no limit. */
export const budgetSchema = z
  .strictObject({
    schema: z.literal('budget.v1'),
    budgetId: ULID,
    scope: z.strictObject({
      level: z.enum(['global', 'project', 'phase', 'workstream', 'run', 'task', 'tool', 'worker']),
      id: words(512),
    }),
    currency: CURRENCY,
    limitMicros: MICROS,
    thresholdsPercent: usually(z.array(z.number().gt(0).max(1_000)), [50, 80, 95, 100]),
    mode: z.enum(['warn', 'halt', 'continue']),
    period: z.enum(['none', 'day', 'week', 'month']),
    timeZone: words(64),
    startsAt: AT,
    endsAt: AT.nullish(),
    metadata: METADATA,
  })
  .superRefine(
    must(
      {
        path: ['thresholdsPercent'],
        says: 'thresholds that rise',
        holds: ({ thresholdsPercent }) =>
          [...new Set(thresholdsPercent)].sort((one, other) => one - other).join() ===
          thresholdsPercent.join(),
      },
      {
        path: ['endsAt'],
        says: 'an instant after `startsAt`',
        holds: ({ startsAt, endsAt }) => startsAt !== endsAt && areInOrder([startsAt, endsAt]),
      },
    ),
  );

/** A document of {@link budgetSchema}. */
export type BudgetRecord = z.infer<typeof budgetSchema>;
