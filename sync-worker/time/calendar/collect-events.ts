import { DomainError } from '#shared/kernel/index.ts';
import { type ContentLine, readContentLines } from './content-line.ts';

/** The lines of every event, and the zone the file names for itself. */
export interface Collected {
  readonly events: readonly (readonly ContentLine[])[];
  readonly zone: string;
}

/** Takes a calendar apart. Errors: `CALENDAR_UNREADABLE` where it is none, or breaks off. */
export async function collectEvents(source: AsyncIterable<Uint8Array>): Promise<Collected> {
  const events: ContentLine[][] = [];
  const open: string[] = [];
  let zone = '';
  let isWhole = false;
  const keep = (line: ContentLine): void => {
    if (open.at(-1) === 'VEVENT') events.at(-1)?.push(line);
    else if (line.name === 'X-WR-TIMEZONE') zone = line.value;
  };
  for await (const line of readContentLines(source)) {
    if (line.name === 'BEGIN') {
      open.push(line.value.toUpperCase());
      if (open.at(-1) === 'VEVENT') events.push([]);
    } else if (line.name === 'END') isWhole = open.pop() === 'VCALENDAR' && open.length === 0;
    else keep(line);
  }
  if (isWhole) return { events, zone };
  const what = open.length === 0 ? 'it is no calendar' : 'it breaks off before its end';
  const message = `The calendar cannot be read: ${what}; export it as .ics.`;
  throw new DomainError('CALENDAR_UNREADABLE', message);
}
