const DAYS_PER: Readonly<Record<string, number>> = {
  day: 1,
  hr: 1 / 24,
  hour: 1 / 24,
  min: 1 / 1_440,
  minute: 1 / 1_440,
  sec: 1 / 86_400,
  second: 1 / 86_400,
};
const PART = /(\d+(?:\.\d+)?)\s*(day|hr|hour|min|minute|sec|second)s?\b/g;

/** The days of a duration as a person types it, `2 hrs 30 mins`; `undefined` for other text. Units: days. */
export function parseDuration(text: string): number | undefined {
  if (text.trim() === '' || text.replace(PART, '').trim() !== '') return undefined;
  return [...text.matchAll(PART)].reduce(
    (days, [, count, unit]) => days + Number(count) * (DAYS_PER[unit ?? ''] ?? 0),
    0,
  );
}

/** A duration as a doc shows it, in days, hours, minutes and seconds. Units: days → text. */
export function toDurationText(days: number): string {
  const seconds = Math.round(days * 86_400);
  const parts = [
    [Math.floor(seconds / 86_400), 'day'],
    [Math.floor((seconds % 86_400) / 3_600), 'hr'],
    [Math.floor((seconds % 3_600) / 60), 'min'],
    [seconds % 60, 'sec'],
  ] as const;
  const shown = parts.filter(([count]) => count !== 0);
  if (shown.length === 0) return '0 sec';
  return shown.map(([count, unit]) => `${count} ${unit}${count === 1 ? '' : 's'}`).join(' ');
}
