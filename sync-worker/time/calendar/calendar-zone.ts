import { isTimeZone } from '#shared/kernel/index.ts';

/** How Windows calls the zones most calendars are in. Source: Unicode CLDR, windowsZones, territory 001. */
const WINDOWS_ZONES: ReadonlyMap<string, string> = new Map([
  ['AUS Eastern Standard Time', 'Australia/Sydney'],
  ['Arabian Standard Time', 'Asia/Dubai'],
  ['Atlantic Standard Time', 'America/Halifax'],
  ['Canada Central Standard Time', 'America/Regina'],
  ['Central Europe Standard Time', 'Europe/Budapest'],
  ['Central European Standard Time', 'Europe/Warsaw'],
  ['Central Standard Time', 'America/Chicago'],
  ['China Standard Time', 'Asia/Shanghai'],
  ['E. Europe Standard Time', 'Europe/Chisinau'],
  ['E. South America Standard Time', 'America/Sao_Paulo'],
  ['Eastern Standard Time', 'America/New_York'],
  ['FLE Standard Time', 'Europe/Kiev'],
  ['GMT Standard Time', 'Europe/London'],
  ['GTB Standard Time', 'Europe/Bucharest'],
  ['Greenwich Standard Time', 'Atlantic/Reykjavik'],
  ['India Standard Time', 'Asia/Calcutta'],
  ['Israel Standard Time', 'Asia/Jerusalem'],
  ['Mountain Standard Time', 'America/Denver'],
  ['New Zealand Standard Time', 'Pacific/Auckland'],
  ['Pacific Standard Time', 'America/Los_Angeles'],
  ['Romance Standard Time', 'Europe/Paris'],
  ['Russian Standard Time', 'Europe/Moscow'],
  ['SA Pacific Standard Time', 'America/Bogota'],
  ['SE Asia Standard Time', 'Asia/Bangkok'],
  ['Singapore Standard Time', 'Asia/Singapore'],
  ['South Africa Standard Time', 'Africa/Johannesburg'],
  ['Tokyo Standard Time', 'Asia/Tokyo'],
  ['Turkey Standard Time', 'Europe/Istanbul'],
  ['US Mountain Standard Time', 'America/Phoenix'],
  ['UTC', 'UTC'],
  ['W. Europe Standard Time', 'Europe/Berlin'],
]);

/**
 * The zone a calendar's own name for it stands for: the name itself, the end of a path such as `/example.org/Europe/Berlin`, what Windows
 * calls it, or what was said by hand; `undefined` where nobody knows.
 */
export function findZone(
  name: string,
  byHand: ReadonlyMap<string, string> = new Map(),
): string | undefined {
  const ends = name.split('/').map((_, at, parts) => parts.slice(at).join('/'));
  const known = [byHand.get(name), ...ends, WINDOWS_ZONES.get(name)];
  return known.find((zone) => zone !== undefined && zone !== '' && isTimeZone(zone));
}
