const DAY = /^\d{4}-\d{2}-\d{2}$/;
const LOCAL = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?$/;
const WITH_OFFSET = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:?\d{2})$/;
const MINUTE = 60_000;

/** The offset of a zone from UTC at a moment. Units: ms, east positive. */
export function offsetMs(epochMs: number, zone: string): number {
  if (zone === 'UTC') return 0;
  const parts = formatterOf(zone).formatToParts(epochMs);
  const text = parts.find(({ type }) => type === 'timeZoneName')?.value ?? 'GMT';
  const match = /^GMT([+-])(\d{2}):(\d{2})/.exec(text);
  if (match === null) return 0;
  const minutes = Number(match[2]) * 60 + Number(match[3]);
  return (match[1] === '-' ? -minutes : minutes) * MINUTE;
}

/** A moment as ISO text with the zone's offset, `2025-12-01T09:00:00.000+01:00`; `Z` in UTC. */
export function toZonedText(epochMs: number, zone: string): string {
  const offset = offsetMs(epochMs, zone);
  const local = new Date(epochMs + offset).toISOString();
  if (zone === 'UTC') return local;
  const minutes = Math.abs(offset) / MINUTE;
  const clock = `${pad(Math.floor(minutes / 60))}:${pad(minutes % 60)}`;
  return `${local.slice(0, -1)}${offset < 0 ? '-' : '+'}${clock}`;
}

/** The moment at which a calendar day begins in a zone. Units: ms since 1970. */
export function startOfDay(day: string, zone: string): number {
  return toUtc(Date.parse(`${day}T00:00:00Z`), zone);
}

/** The calendar day that ISO 8601 text means in a zone; `undefined` for anything else. */
export function parseDay(text: string, zone: string): string | undefined {
  const epochMs = parseMoment(text, zone);
  if (epochMs === undefined) return undefined;
  return DAY.test(text) ? text : toZonedText(epochMs, zone).slice(0, 10);
}

/** The moment that ISO 8601 text means, in a zone where it names none. Units: ms since 1970. */
export function parseMoment(text: string, zone: string): number | undefined {
  if (WITH_OFFSET.test(text)) return toKnown(Date.parse(text));
  const local = DAY.test(text) ? `${text}T00:00` : text;
  if (!LOCAL.test(local)) return undefined;
  const asUtc = toKnown(Date.parse(`${local}Z`));
  if (asUtc === undefined || new Date(asUtc).toISOString().slice(0, 10) !== text.slice(0, 10)) {
    return undefined;
  }
  return toUtc(asUtc, zone);
}

/** The moment whose clock in the zone reads as `local` would in UTC; an hour that is skipped moves on. */
function toUtc(local: number, zone: string): number {
  const guess = local - offsetMs(local, zone);
  return local - offsetMs(guess, zone);
}

const toKnown = (epochMs: number): number | undefined =>
  Number.isNaN(epochMs) ? undefined : epochMs;

const pad = (count: number): string => String(count).padStart(2, '0');

const formatters = new Map<string, Intl.DateTimeFormat>();

function formatterOf(zone: string): Intl.DateTimeFormat {
  const known = formatters.get(zone);
  if (known !== undefined) return known;
  const made = new Intl.DateTimeFormat('en-US', { timeZone: zone, timeZoneName: 'longOffset' });
  formatters.set(zone, made);
  return made;
}
