import {
  accept,
  type Day,
  HOUR_MS,
  isDay,
  MINUTE_MS,
  type Ms,
  type Result,
  refuse,
} from '#shared/kernel/index.ts';

const SECOND_MS = 1_000;

/** How a column writes its days, where the year does not come first. */
export type DateOrder = 'day-first' | 'month-first';

/** What the days of a column have shown so far. */
export interface DateEvidence {
  /** Texts that can only be read in this way, the first of each. */
  readonly 'day-first'?: string;
  readonly 'month-first'?: string;
  /** The first text that means another day in either way. */
  readonly open?: string;
}

const YEAR_FIRST = /^(\d{4})([-/.])(\d{1,2})\2(\d{1,2})$/;
const YEAR_LAST = /^(\d{1,2})([-/.])(\d{1,2})\2(\d{4})$/;

/** What one more text of the column shows. A date with dots is day first wherever it is written. */
export function weighDate(evidence: DateEvidence, text: string): DateEvidence {
  const match = YEAR_LAST.exec(text);
  if (match === null || match[2] === '.') return evidence;
  const [left, right] = [Number(match[1]), Number(match[3])];
  if (left === right || (left > 12 && right > 12)) return evidence;
  if (left > 12) return { 'day-first': text, ...evidence };
  return right > 12 ? { 'month-first': text, ...evidence } : { open: text, ...evidence };
}

/**
 * The order the whole column is written in, by those of its days that leave no choice.
 * Refusals: plain words, where some contradict others or none decides and it would matter.
 */
export function settleOrder(evidence: DateEvidence): Result<DateOrder, string> {
  const { open, 'day-first': dayFirst, 'month-first': monthFirst } = evidence;
  if (dayFirst !== undefined && monthFirst !== undefined) {
    return refuse(`\`${dayFirst}\` has the day first and \`${monthFirst}\` the month`);
  }
  if (dayFirst === undefined && monthFirst === undefined && open !== undefined) {
    return refuse(`\`${open}\` can be read in two ways, and no other day of the column decides`);
  }
  return accept(monthFirst === undefined ? 'day-first' : 'month-first');
}

/** The day a text means; `undefined` where it means none. */
export function parseDate(text: string, order: DateOrder): Day | undefined {
  const early = YEAR_FIRST.exec(text);
  if (early !== null) return toDay(early[1], early[3], early[4]);
  const late = YEAR_LAST.exec(text);
  if (late === null) return undefined;
  const [, first, mark, second, year] = late;
  const isDayFirst = mark === '.' || order === 'day-first';
  return isDayFirst ? toDay(year, second, first) : toDay(year, first, second);
}

function toDay(year = '', month = '', day = ''): Day | undefined {
  const text = `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
  return isDay(text) && text >= '1970-01-01' && text <= '2099-12-31' ? text : undefined;
}

const CLOCK = /^(\d{1,2}):([0-5]\d)(?::([0-5]\d))?(?:\.\d+)?\s*(?:([ap])\.?m\.?)?$/i;

/** A time of day as `HH:MM:SS`, from 24 or 12 hours; `undefined` where the text is none. */
export function parseClock(text: string): string | undefined {
  const match = CLOCK.exec(text);
  if (match === null) return undefined;
  const [, hour = '', minute = '', second = '00', half = ''] = match;
  const shown = toHour(Number(hour), half.toLowerCase());
  return shown === undefined ? undefined : `${String(shown).padStart(2, '0')}:${minute}:${second}`;
}

function toHour(written: number, half: string): number | undefined {
  if (half === '') return written > 23 ? undefined : written;
  if (written < 1 || written > 12) return undefined;
  return (written % 12) + (half === 'p' ? 12 : 0);
}

const COLONS = /^(-?)(\d{1,6}):([0-5]\d)(?::([0-5]\d))?$/;
const DECIMAL = /^(-?)(\d{1,9})(?:[.,](\d+))?$/;

/**
 * A duration: hours with minutes and seconds, over 24 hours too, or hours with a decimal point or comma. No single entry holds a
 * thousand hours, so a comma is never one of thousands. Units: ms; `undefined` where the text is none.
 */
export function parseDuration(text: string): Ms | undefined {
  const [, sign, hours, minutes = '0', seconds = '0'] = COLONS.exec(text) ?? [];
  if (hours !== undefined) {
    const ms = Number(hours) * HOUR_MS + Number(minutes) * MINUTE_MS + Number(seconds) * SECOND_MS;
    return sign === '-' ? -ms : ms;
  }
  if (!DECIMAL.test(text)) return undefined;
  return Math.round(Number(text.replace(',', '.')) * HOUR_MS);
}
