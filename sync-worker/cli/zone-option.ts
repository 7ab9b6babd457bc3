import { InvalidArgumentError } from 'commander';
import { isTimeZone } from '#shared/kernel/index.ts';

/** A time zone as it is given on the command line. */
export function parseZone(text: string): string {
  if (isTimeZone(text)) return text;
  throw new InvalidArgumentError('Expected a zone such as Europe/Berlin or UTC.');
}
