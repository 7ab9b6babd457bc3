import type { Forecast, ForecastClass } from './model.ts';

const CLASS_TEXTS: Readonly<Record<ForecastClass, string>> = {
  workflow: 'finished tasks of this workflow',
  size: 'finished tasks of this size',
  built_in:
    'finished tasks of its kind; until then the estimate stands, and the range is a common one',
};

/** A forecast in words, with where it comes from: `typically between 2 and 6.5 h, from 34 finished tasks of this workflow`. */
export function describeForecast({ p10, p90, from, n, needed }: Forecast): string {
  const range = `typically between ${toHoursText(p10)} and ${toHoursText(p90)} h`;
  const count = from === 'built_in' ? `${n} of ${n + needed}` : `${n}`;
  return `${range}, from ${count} ${CLASS_TEXTS[from]}`;
}

/** Hours with three digits that count, and no zeros after them: 6.5. */
export const toHoursText = (hours: number): string => String(Number(hours.toPrecision(3)));
