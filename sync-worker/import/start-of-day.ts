import {
  assert,
  type Day,
  type Instant,
  isDay,
  MINUTE_MS,
  toInstant,
} from '#shared/kernel/index.ts';

/**
 * The moment at which a calendar day begins in a time zone. Where the clocks skip midnight, it is the hour they
 * skip to. Units: zone is an IANA name. Errors: a text that is no day, or an unknown zone, is a bug and throws.
 */
export function startOfDay(day: Day, zone: string): Instant {
  assert(isDay(day), `expected a day, received \`${day}\``);
  const midnightUtcMs = Date.parse(`${day}T00:00:00Z`);
  // The offset that holds at midnight is found from the one that holds at a moment less than a day away.
  const nearMs = midnightUtcMs - offsetMs(midnightUtcMs, zone);
  return toInstant(midnightUtcMs - offsetMs(nearMs, zone));
}

/** The zone a doc's days are meant in: the one it names, or UTC where it names none that is known. */
export function knownZone(zone: string | undefined): string {
  try {
    return new Intl.DateTimeFormat('en-US', { timeZone: zone ?? 'UTC' }).resolvedOptions().timeZone;
  } catch {
    return 'UTC';
  }
}

const formats = new Map<string, Intl.DateTimeFormat>();

/** How far a zone's clocks are ahead of UTC at a moment. Units: ms. */
function offsetMs(epochMs: number, zone: string): number {
  if (zone === 'UTC') return 0;
  const name = formatOf(zone)
    .formatToParts(epochMs)
    .find((part) => part.type === 'timeZoneName');
  const [, sign, hours, minutes] = /GMT([+-])(\d\d):(\d\d)/.exec(name?.value ?? '') ?? [];
  const ahead = (Number(hours ?? 0) * 60 + Number(minutes ?? 0)) * MINUTE_MS;
  return sign === '-' ? -ahead : ahead;
}

/** One format a zone, since making one takes far longer than using it. */
function formatOf(zone: string): Intl.DateTimeFormat {
  const known = formats.get(zone);
  if (known !== undefined) return known;
  const format = new Intl.DateTimeFormat('en-US', { timeZone: zone, timeZoneName: 'longOffset' });
  formats.set(zone, format);
  return format;
}
