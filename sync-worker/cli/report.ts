import { type Command, InvalidArgumentError } from 'commander';
import { microsToText } from '#shared/cost/index.ts';
import { COST_DIMENSIONS, type CostDimension } from '#shared/doc/index.ts';
import { dayAt, toInstant } from '#shared/kernel/index.ts';
import { type CloseOutcome, closeMonth, monthCosts, toCostReport } from '#worker/costs/index.ts';
import { readClosedBooks } from '#worker/spending/index.ts';
import { addCostsOptions, parseMonth } from './costs-options.ts';
import { describeCosts } from './costs-text.ts';
import { type CostsFlags, withCosts } from './with-costs.ts';

interface ReportFlags extends CostsFlags {
  readonly month?: string;
  readonly close?: string;
  readonly by: readonly CostDimension[];
  readonly dryRun?: true;
  readonly json?: true;
}

const EXAMPLE = `
Example:
  npm run -s founder-hq -- report --month 2026-03 --by project,person
  npm run -s founder-hq -- report --close 2026-03

What is counted: each run once, at its person's rates (people.cost_rate, people.billable_rate) of the day it ended, and each cost
entry of the ledger. A month that is closed never changes again; what is corrected later stands in the report of the month it was
recorded in. Only a month that is over can be closed. Nothing is written to the doc.`;

/** Adds `founder-hq report`: the costs of a month. */
export function registerReport(program: Command): void {
  const report = program
    .command('report')
    .summary('what a month cost, by whatever you ask; and the closing of months')
    .description(
      'Reads doc and ledger and adds up hours, cost, billable value and margin, each currency by itself. What has no rate is counted and named, never taken for 0.',
    )
    .option('--month <month>', 'the month (default: the current one)', parseMonth)
    .option('--close <month>', 'freeze a month that is over, then report it', parseMonth)
    .option('--by <dimensions>', `one row each, of: ${COST_DIMENSIONS.join(', ')}`, parseBy, [
      'project',
    ])
    .option('--dry-run', 'record nothing in the ledger')
    .option('--json', 'print one JSON object');
  addCostsOptions(report).addHelpText('after', EXAMPLE);
  report.action(run);
}

async function run(flags: ReportFlags): Promise<void> {
  const text = await withCosts(flags, flags.dryRun === true, async (costs) => {
    const { store, reading, under, nowMs } = costs;
    const { settings } = reading;
    let { book } = reading;
    let outcome: CloseOutcome | undefined;
    const { close } = flags;
    if (close !== undefined && under !== undefined) {
      outcome = await closeMonth(store, reading, { month: close, now: toInstant(nowMs), under });
      book = { ...book, closed: await readClosedBooks(store) };
    }
    const month = close ?? flags.month ?? dayAt(nowMs, settings.timeZone).slice(0, 7);
    const report = toCostReport(monthCosts(book, month), settings, flags.by);
    return flags.json === true
      ? `${JSON.stringify(microsToText(report))}\n`
      : describeCosts(report, { outcome, reading });
  });
  process.stdout.write(text);
}

function parseBy(text: string): readonly CostDimension[] {
  const words = text.split(',').map((word) => word.trim());
  const known = COST_DIMENSIONS.filter((dimension) => words.includes(dimension));
  if (known.length === words.length)
    return words.flatMap((word) => COST_DIMENSIONS.filter((one) => one === word));
  throw new InvalidArgumentError(`Expected some of ${COST_DIMENSIONS.join(', ')}, each once.`);
}
