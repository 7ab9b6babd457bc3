import type { Day } from '#shared/kernel/index.ts';
import { toNeedWords, toStateWords } from '#shared/variance/index.ts';
import type { Review } from './review-model.ts';
import { reviewText } from './review-text.ts';

/** What a review puts into `daily_thread`. A reflection is a person's own and is never written. */
export interface DailyThreadRow {
  /** Day and kind, so that a review made again finds its row. */
  readonly key: string;
  readonly date: Day;
  readonly metrics: string;
}

/** One row of `template_performance`: a template after all its finished tasks up to a day. Variances: 0.15 = +15 %; low and high are ratios. */
export interface TemplatePerformanceRow {
  readonly key: string;
  readonly templateId: string;
  /** Up to which day tasks count, in words. */
  readonly window: string;
  readonly n: number;
  readonly typical: number | null;
  readonly total: number | null;
  readonly low: number;
  readonly high: number;
  readonly state: string;
  readonly sinceDate: Day | null;
}

/** The row of a review in `daily_thread`: its text, and nothing of what a person wrote. */
export const toDailyThreadRow = (review: Review): DailyThreadRow => ({
  key: `${review.to}/${review.kind}`,
  date: review.to,
  metrics: reviewText(review),
});

/** The rows of a weekly review in `template_performance`, one a template; a day is too short to add any. */
export function toTemplatePerformanceRows(review: Review): readonly TemplatePerformanceRow[] {
  const { kind, to, patterns } = review;
  if (kind === 'daily') return [];
  return patterns
    .filter(({ of }) => of === 'process_template')
    .map(({ groupId, nTasks: n, typical, total, low, high, state, needed, sinceDate }) => ({
      key: `${groupId}/${to}`,
      templateId: groupId,
      window: `all up to ${to}`,
      n,
      typical,
      total,
      low,
      high,
      state: state === 'insufficient' ? `n too small, ${toNeedWords(needed)}` : toStateWords(state),
      sinceDate,
    }));
}
