import { basename } from 'node:path';
import { type Command, InvalidArgumentError } from 'commander';
import { isTimeZone } from '#shared/kernel/index.ts';
import { readFileBytes } from '#worker/import/index.ts';
import { readCalendar } from '#worker/time/index.ts';
import { parseDay } from './day-option.ts';
import { givenPath } from './given-path.ts';
import { addTimeOptions, keepRefused, runTimeImport, type TimeFlags } from './run-time-import.ts';
import { parseZone } from './zone-option.ts';

interface CalendarFlags extends TimeFlags {
  readonly tzid?: ReadonlyMap<string, string>;
  readonly zone?: string;
  readonly from?: string;
  readonly to?: string;
}

const EXAMPLE = `
Example:
  npm run -s founder-hq -- import calendar dana.ics --person dana@acme.example --from 2026-03-01 --dry-run

An event becomes a run where its title is the name of a task, or holds an id such as T-12. What lasts all day, was cancelled or declined,
or is still to come is passed over, and so is what is about no task; both are counted or named.`;

const HEADER = ['uid', 'summary', 'start', 'end'];

/** Adds `import calendar FILE.ics`. */
export function registerImportCalendar(group: Command): void {
  const calendar = group
    .command('calendar')
    .description('load the time blocks of a calendar as runs of the tasks they are named after')
    .argument('<file>', 'iCalendar file (.ics)')
    .option('--zone <zone>', "zone of times that name none (default: the doc's)", parseZone)
    .option('--tzid <name=zone>', 'a zone the file calls otherwise; may be repeated', parseTzid)
    .option('--from <day>', 'the first day wanted', parseDay)
    .option('--to <day>', 'the last day wanted', parseDay);
  addTimeOptions(calendar).addHelpText('after', EXAMPLE);
  calendar.action(async (file: string, flags: CalendarFlags) => {
    process.exitCode = await runTimeImport(flags, {
      file,
      name: basename(file),
      isSelective: true,
      read: async ({ timeZone, nowMs, refused }) =>
        keepRefused(
          refused,
          HEADER,
          await readCalendar({
            source: readFileBytes(givenPath(file)),
            timeZone: flags.zone ?? timeZone,
            zonesByHand: flags.tzid,
            nowMs,
            person: flags.person,
            from: flags.from,
            to: flags.to,
          }),
        ),
    });
  });
}

function parseTzid(
  text: string,
  zones: ReadonlyMap<string, string> = new Map(),
): ReadonlyMap<string, string> {
  const [name = '', zone = ''] = text.split('=');
  if (isTimeZone(zone)) return new Map([...zones, [name, zone]]);
  throw new InvalidArgumentError('Expected name=zone, such as "My Zone=Europe/Berlin".');
}
