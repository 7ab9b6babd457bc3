import { type Command, Option } from 'commander';
import {
  COSTS_CSV_HEAD,
  COSTS_JOURNAL_HEAD,
  type CostReading,
  monthCosts,
  monthsOf,
  toCsvLine,
  toExportLeaves,
  toJournal,
} from '#worker/costs/index.ts';
import { addCostsOptions, parseMonth } from './costs-options.ts';
import { type CostsFlags, withCosts } from './with-costs.ts';

interface ExportCostsFlags extends CostsFlags {
  readonly month?: string;
  readonly format: ExportFormat;
  readonly dryRun?: true;
}

type ExportFormat = 'csv' | 'journal';

const EXAMPLE = `
Example:
  npm run -s founder-hq -- export costs --format csv --month 2026-03 > costs.csv
  npm run -s founder-hq -- export costs --format journal > costs.journal && hledger -f costs.journal balance costs

Closed months come as they were closed, and each correction in the month it was recorded in, so the whole adds up to what stands now.
Work nobody knows the day of is in no month and so in no export.`;

/** Adds `export costs`. */
export function registerExportCosts(group: Command): void {
  const costs = group
    .command('costs')
    .description('write every leaf of cost to standard output: each run and each cost entry once')
    .addOption(
      new Option('--format <format>', 'a table, or a journal for plain-text accounting')
        .choices(['csv', 'journal'])
        .default('csv'),
    )
    .option('--month <month>', 'one month (default: all)', parseMonth)
    .option('--dry-run', 'record nothing in the ledger');
  addCostsOptions(costs).addHelpText('after', EXAMPLE);
  costs.action(async (flags: ExportCostsFlags) => {
    const text = await withCosts(flags, flags.dryRun === true, async ({ reading }) =>
      exportCosts(reading, flags),
    );
    process.stdout.write(text);
  });
}

/** The export of one month, or of all. */
export function exportCosts(
  { book, settings }: Pick<CostReading, 'book' | 'settings'>,
  { month, format }: { readonly month?: string; readonly format: ExportFormat },
): string {
  const months = month === undefined ? monthsOf(book) : [month];
  const parts = months.map((one) => {
    const costs = monthCosts(book, one);
    const leaves = toExportLeaves(costs, settings.timeZone);
    return format === 'csv'
      ? leaves.map((leaf) => toCsvLine(leaf, costs.names)).join('')
      : toJournal(leaves, costs.names);
  });
  return `${format === 'csv' ? COSTS_CSV_HEAD : COSTS_JOURNAL_HEAD}${parts.join('')}`;
}
