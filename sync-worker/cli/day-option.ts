import { InvalidArgumentError } from 'commander';
import { type Day, isDay } from '#shared/kernel/index.ts';

/** A day as it is given on the command line. */
export function parseDay(text: string): Day {
  if (isDay(text)) return text;
  throw new InvalidArgumentError('Expected a day such as 2026-11-01.');
}
