import { type Day, dayAt, isDay, offsetMs, parseMoment } from '#shared/kernel/index.ts';

const MINUTE = 60_000;

/** A moment as ISO text with the zone's offset, `2025-12-01T09:00:00.000+01:00`; `Z` in UTC. */
export function toZonedText(epochMs: number, zone: string): string {
  const offset = offsetMs(epochMs, zone);
  const local = new Date(epochMs + offset).toISOString();
  if (zone === 'UTC') return local;
  const minutes = Math.abs(offset) / MINUTE;
  const clock = `${pad(Math.floor(minutes / 60))}:${pad(minutes % 60)}`;
  return `${local.slice(0, -1)}${offset < 0 ? '-' : '+'}${clock}`;
}

/** The calendar day that ISO 8601 text means in a zone; `undefined` for anything else. */
export function parseDay(text: string, zone: string): Day | undefined {
  if (isDay(text)) return text;
  const epochMs = parseMoment(text, zone);
  return epochMs === undefined ? undefined : dayAt(epochMs, zone);
}

const pad = (count: number): string => String(count).padStart(2, '0');
