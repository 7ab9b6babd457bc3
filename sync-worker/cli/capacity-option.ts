import { InvalidArgumentError } from 'commander';
import { type Day, hoursToMs, isDay, type Ms } from '#shared/kernel/index.ts';

/** Hours of work in a weekday where nobody says otherwise. */
export const DEFAULT_DAY_MS: Ms = hoursToMs(8);

/** Hours of work in one day. Range: 0 to 24. */
export function parseDayHours(text: string): Ms {
  const hours = Number(text);
  if (text.trim() !== '' && hours >= 0 && hours <= 24) return hoursToMs(hours);
  throw new InvalidArgumentError('Expected hours of a day from 0 to 24, like 6.5.');
}

/** `person=hours`, said once for each person who works other hours than the rest. */
export function parseCapacity(
  text: string,
  before: ReadonlyMap<string, Ms> = new Map(),
): ReadonlyMap<string, Ms> {
  const at = text.lastIndexOf('=');
  const person = text.slice(0, Math.max(0, at)).trim();
  if (person === '') throw new InvalidArgumentError('Expected person=hours, like dana=6.');
  return new Map([...before, [person, parseDayHours(text.slice(at + 1))]]);
}

/** Days between commas. */
export function parseDays(text: string): readonly Day[] {
  const days = text.split(',').map((day) => day.trim());
  if (days.every(isDay)) return days;
  throw new InvalidArgumentError('Expected days such as 2026-12-24,2026-12-25.');
}

/** A person's week: so much on each weekday, and nothing on Saturday and Sunday. */
export const toWeek = (dayMs: Ms): readonly Ms[] => [dayMs, dayMs, dayMs, dayMs, dayMs, 0, 0];
