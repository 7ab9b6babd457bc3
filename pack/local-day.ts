import { dayAt } from '#shared/kernel/index.ts';
import { failure } from './failures.ts';

/** A moment and the parameter it came by. */
export interface DateParameter {
  readonly parameter: string;
  readonly moment: Date;
}

/**
 * The calendar day of a date in the doc's time zone, `YYYY-MM-DD`. Coda hands over a day as the moment it begins there,
 * while a Pack runs in UTC, where the same moment may be another day. Errors: a date that is none.
 */
export function toLocalDay({ parameter, moment }: DateParameter, timeZone: string): string {
  if (Number.isNaN(moment.getTime())) throw failure('DATE_UNREADABLE', { parameter });
  return dayAt(moment.getTime(), timeZone);
}
