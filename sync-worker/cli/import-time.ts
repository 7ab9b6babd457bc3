import { basename } from 'node:path';
import { type Command, Option } from 'commander';
import { type Delimiter, readFileBytes } from '#worker/import/index.ts';
import {
  ANY_TIME_FIELDS,
  type DateOrder,
  readTimeCsv,
  TIME_FIELDS,
  TIME_SOURCES,
  type TimeField,
  type TimeSource,
} from '#worker/time/index.ts';
import { parseDay } from './day-option.ts';
import { givenPath } from './given-path.ts';
import { createMapParser } from './map-option.ts';
import { addTimeOptions, runTimeImport, type TimeFlags } from './run-time-import.ts';
import { parseZone } from './zone-option.ts';

interface CsvFlags extends TimeFlags {
  readonly source?: TimeSource;
  readonly map?: ReadonlyMap<TimeField, string>;
  readonly dates?: DateOrder;
  readonly zone?: string;
  readonly from?: string;
  readonly to?: string;
  readonly part?: true;
}

const EXAMPLE = `
Example:
  npm run -s founder-hq -- import time toggl.csv --dry-run
  npm run -s founder-hq -- import time harvest.csv --map task=Notes --refused left.csv

The tool is found in the header: the detailed report of Harvest, Toggl Track, Clockify or Kimai. Each entry becomes one run of the task
it names, by the id or name of a task of the doc, in the project it names. Imported again, nothing changes; an entry that was changed
in its tool changes its run.

Fields: ${TIME_FIELDS.join(', ')}.`;

/** Adds `import time FILE.csv`. */
export function registerImportTime(group: Command): void {
  const time = group
    .command('time')
    .description('load the detailed report of a time tracker as runs of the tasks it names')
    .argument('<file>', 'CSV of Harvest, Toggl Track, Clockify or Kimai')
    .addOption(
      new Option('--source <tool>', 'the tool (default: found in the header)').choices(
        TIME_SOURCES,
      ),
    )
    .option(
      '--map <field=column>',
      'read a field from this column; may be repeated',
      createMapParser(ANY_TIME_FIELDS),
    )
    .addOption(
      new Option('--dates <order>', 'how days are written (default: seen in the column)').choices([
        'day-first',
        'month-first',
      ]),
    )
    .option('--zone <zone>', "zone of the file's clocks (default: the doc's)", parseZone)
    .option('--from <day>', 'the first day wanted', parseDay)
    .option('--to <day>', 'the last day wanted', parseDay)
    .option('--part', 'the file lacks some entries of its days, so take none for changed or gone');
  addTimeOptions(time).addHelpText('after', EXAMPLE);
  time.action(async (file: string, flags: CsvFlags) => {
    process.exitCode = await runTimeImport(flags, {
      file,
      name: basename(file),
      read: ({ timeZone, refused, say }) =>
        readTimeCsv({
          open: () => readFileBytes(givenPath(file)),
          timeZone: flags.zone ?? timeZone,
          source: flags.source,
          columns: flags.map,
          order: flags.dates,
          from: flags.from,
          to: flags.to,
          onHeader: (header: readonly string[], delimiter: Delimiter) =>
            refused?.begin(header, delimiter),
          onRefused: refused?.write,
          isPart: flags.part,
          keepsFields: refused !== undefined,
          onRead: (rows) => say(`reading: ${rows.toLocaleString('en-US')} rows`),
        }),
    });
  });
}
