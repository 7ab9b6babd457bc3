/** A moment in UTC, `YYYY-MM-DDTHH:mm:ss.sssZ`: text order is time order. */
export type Instant = string & { readonly instant: unique symbol };

const PATTERN = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/;

/** Whether a text is an {@link Instant} that exists on the calendar. */
export function isInstant(text: string): text is Instant {
  return PATTERN.test(text) && toInstantText(Date.parse(text)) === text;
}

/**
 * The instant at a number of milliseconds since 1970.
 * Units: epochMs in integer milliseconds. Errors: a number beyond the calendar is a bug and throws.
 */
export function toInstant(epochMs: number): Instant {
  const text = toInstantText(epochMs) ?? '';
  if (!isInstant(text)) throw new Error(`Bug: no instant at \`${epochMs}\` ms`);
  return text;
}

/** Milliseconds since 1970 of an instant. */
export const toEpochMs = (instant: Instant): number => Date.parse(instant);

function toInstantText(epochMs: number): string | undefined {
  return Math.abs(epochMs) <= 8.64e15 ? new Date(epochMs).toISOString() : undefined;
}
