/** Integer milliseconds: every duration and effort inside the core. Hours appear only at an edge. */
export type Ms = number;

/** Milliseconds in one minute. */
export const MINUTE_MS = 60_000;
/** Milliseconds in one hour. */
export const HOUR_MS = 3_600_000;
/** Milliseconds in 24 hours; not a calendar day, which may have 23 or 25. */
export const DAY_MS = 86_400_000;

/** Whole milliseconds of a number of hours, rounded half up. Units: hours → ms. */
export const hoursToMs = (hours: number): Ms => Math.round(hours * HOUR_MS);

/** Hours of a number of milliseconds, unrounded: round once, where it is shown. Units: ms → hours. */
export const msToHours = (ms: Ms): number => ms / HOUR_MS;

const SHORT_FORM = /^(\d{1,5})([smh])$/;
const UNIT_MS: ReadonlyMap<string, Ms> = new Map([
  ['s', 1_000],
  ['m', MINUTE_MS],
  ['h', HOUR_MS],
]);

/** How long `90s`, `5m` or `1h` is; nothing for any other text. Units: ms. */
export function readDuration(text: string): Ms | undefined {
  const [, count, unit = ''] = SHORT_FORM.exec(text) ?? [];
  const unitMs = UNIT_MS.get(unit);
  return unitMs === undefined ? undefined : Number(count) * unitMs;
}
