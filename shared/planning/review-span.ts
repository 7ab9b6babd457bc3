import { addDays, type Day, type Ms, startOfDay, toEpochMs } from '#shared/kernel/index.ts';
import type { Session } from '#shared/variance/index.ts';

/** Whole days in a row, and the moments they begin and end at: a week may have 167 or 169 hours. */
export interface DaySpan {
  readonly from: Day;
  /** Inclusive. */
  readonly to: Day;
  readonly startMs: number;
  /** Exclusive. */
  readonly endMs: number;
}

/** The span from one day to another, both whole, as clocks in a zone show them. */
export const toDaySpan = (from: Day, to: Day, timeZone: string): DaySpan => ({
  from,
  to,
  startMs: startOfDay(from, timeZone),
  endMs: startOfDay(addDays(to, 1), timeZone),
});

/** Whether a day lies in a span. */
export const isInSpan = (day: Day | undefined, { from, to }: DaySpan): boolean =>
  day !== undefined && from <= day && day <= to;

/**
 * The part of a run's net effort that lies in a span: of a run over its border the share of its time on the clock, so
 * that the parts of spans side by side add up to the whole. A run without both times lies whole on its day.
 * Units: ms. Only counted runs have any.
 */
export function netWithin(session: Session, span: DaySpan): Ms {
  const { standing, netMs, startedAt, endedAt, workedDate } = session;
  if (standing !== 'counted') return 0;
  if (startedAt === undefined || endedAt === undefined || endedAt <= startedAt) {
    return isInSpan(workedDate, span) ? netMs : 0;
  }
  const startMs = toEpochMs(startedAt);
  const wallMs = toEpochMs(endedAt) - startMs;
  const effortUntil = (moment: number): Ms =>
    Math.round(netMs * (Math.min(Math.max(moment - startMs, 0), wallMs) / wallMs));
  return effortUntil(span.endMs) - effortUntil(span.startMs);
}
