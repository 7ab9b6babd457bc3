import { InvalidArgumentError } from 'commander';
import { readDuration } from '#shared/kernel/index.ts';

/** A duration as it is given on the command line, of a second at the least. Units: ms. */
export function parseDuration(text: string): number {
  const ms = readDuration(text) ?? 0;
  if (ms > 0) return ms;
  throw new InvalidArgumentError('Expected a duration such as 90s, 15m or 2h.');
}
