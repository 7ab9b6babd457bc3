import { type Command, InvalidArgumentError, Option } from 'commander';
import { microsToText } from '#shared/cost/index.ts';
import { COST_DIMENSIONS, type CostDimension } from '#shared/doc/index.ts';
import { DomainError, dayAt, toInstant } from '#shared/kernel/index.ts';
import {
  type CloseOutcome,
  type ConvertedCosts,
  type CostBook,
  type CostReport,
  checkClosing,
  closeMonth,
  type MonthCosts,
  monthCosts,
  readExchangeRates,
  toConvertedCosts,
  toCostReport,
  toStandingMonth,
} from '#worker/costs/index.ts';
import { readFileBytes } from '#worker/import/index.ts';
import { readClosedBooks } from '#worker/spending/index.ts';
import { readDocFigures } from '#worker/sync/index.ts';
import { describeBudgets } from './budgets-text.ts';
import { describeClosing, describeFound, isIncomplete } from './closing-text.ts';
import { addCostsOptions, parseCurrency, parseMonth } from './costs-options.ts';
import { describeCosts } from './costs-text.ts';
import { givenPath } from './given-path.ts';
import type { ReportPage } from './page/report-facts.ts';
import { toReportPage } from './page/report-page.ts';
import { type CostsFlags, type ReadCosts, withCosts } from './with-costs.ts';
import { writePage } from './write-made.ts';

interface ReportFlags extends CostsFlags {
  readonly month?: string;
  readonly close?: string;
  readonly by: readonly CostDimension[];
  readonly dryRun?: true;
  readonly yes?: true;
  readonly in?: string;
  readonly rates?: string;
  readonly html?: string;
  readonly json?: true;
}

const EXAMPLE = `
Example:
  npm run -s founder-hq -- report --month 2026-03 --by project,person
  npm run -s founder-hq -- report --month 2026-03 --in EUR --rates rates.csv
  npm run -s founder-hq -- report --html report.html
  npm run -s founder-hq -- report --close 2026-03 --dry-run
  npm run -s founder-hq -- report --close 2026-03

What is counted: each run once, at its person's rates (people.cost_rate, people.billable_rate) of the day it ended, and each cost
entry of the ledger. A month that is closed never changes again; what is corrected later stands in the report of the month it was
recorded in. Only a month that is over can be closed, and one with anything unpriced only with --yes; --dry-run says what closing it
would fix. Nothing is written to the doc.

Budgets are those of now, whatever month is asked for: columns \`budget\` of projects and engagements against all that was ever spent,
and budgets of the ledger in their running period.

The file of exchange rates has a row a rate: from, to, rate (such as 0.92), valid_from and, if it ends, valid_to, both days. A rate
without an end holds until the next of the same two currencies. What has no rate is named and in no sum.`;

/** Adds `founder-hq report`: the costs of a month. */
export function registerReport(program: Command): void {
  const report = program
    .command('report')
    .summary('what a month cost, by whatever you ask; and the closing of months')
    .description(
      'Reads doc and ledger and adds up hours, cost, billable value and margin, each currency by itself. What has no rate is counted and named, never taken for 0.',
    )
    .option('--month <month>', 'the month (default: the current one)', parseMonth)
    .addOption(
      new Option('--close <month>', 'freeze a month that is over, then report it')
        .argParser(parseMonth)
        .conflicts('month'),
    )
    .option('--yes', 'close a month even where something in it has no rate or price')
    .addOption(
      new Option('--by <dimensions>', `one row each, of: ${COST_DIMENSIONS.join(', ')}`)
        .argParser(parseBy)
        .default(['project'], 'project'),
    )
    .option('--in <code>', 'the same beside it in one currency; needs --rates', parseCurrency)
    .option('--rates <file>', 'CSV of dated exchange rates, for --in')
    .option('--html <file>', 'also write it, with variance and gates, as one file for a browser')
    .option('--dry-run', 'record nothing in the ledger')
    .option('--json', 'print one JSON object');
  addCostsOptions(report).addHelpText('after', EXAMPLE);
  report.action(run);
}

async function run(flags: ReportFlags, command: Command): Promise<void> {
  if ((flags.in === undefined) !== (flags.rates === undefined)) {
    command.error('error: `--in` and `--rates` need each other: add the one that is missing');
  }
  const text = await withCosts(flags, flags.dryRun === true, async (costs) => {
    const { reading, under, nowMs } = costs;
    const { settings } = reading;
    const { outcome, notes, book } = await closeIfAsked(flags, costs);
    const month = flags.close ?? flags.month ?? dayAt(nowMs, settings.timeZone).slice(0, 7);
    const report = toCostReport(monthCosts(book, month), settings, flags.by);
    const standing = toStandingMonth(book, month);
    const converted = await convert(flags, monthCosts(book, month), report);
    const budgetsAsOf = toInstant(nowMs);
    const htmlFile = await writeHtml(flags, costs, { costs: report, converted });
    if (flags.json === true) {
      const also = { standing: standing ?? null, correctionsFound: reading.found.length };
      const file = htmlFile === undefined ? {} : { htmlFile };
      const inOne = {
        converted: converted ?? null,
        budgetsAsOf,
        budgets: reading.budgets,
        ...file,
      };
      return `${JSON.stringify(microsToText({ ...report, ...also, ...inOne }))}\n`;
    }
    const after = [
      ...describeBudgets(reading.budgets, { asOf: budgetsAsOf, timeZone: settings.timeZone }),
      ...notes,
      ...describeFound(reading.found, under !== undefined),
      ...(htmlFile === undefined ? [] : [`Written for a browser: ${htmlFile}`]),
    ];
    const lines = after.map((line) => `${line}\n`).join('');
    return `${describeCosts(report, { outcome, reading, standing, converted })}${lines}`;
  });
  process.stdout.write(text);
}

/** Writes the page that was asked for, and says where it lies. Errors: `FILE_EXISTS`. */
async function writeHtml(
  { html: file }: ReportFlags,
  { store, reading, nowMs }: ReadCosts,
  shown: Pick<ReportPage, 'costs' | 'converted'>,
): Promise<string | undefined> {
  if (file === undefined) return undefined;
  const { doc, budgets, settings } = reading;
  const { timeZone } = settings;
  const asked = { doc, timeZone, nowMs, settings: async () => settings };
  const figures = await readDocFigures(store, asked);
  const asOf = toInstant(nowMs);
  return writePage(file, toReportPage({ ...shown, ...figures, doc, budgets, timeZone, asOf }));
}

/** The month in one currency, where one was asked for. Errors: those of the file of rates. */
async function convert(
  { in: to, rates }: ReportFlags,
  month: MonthCosts,
  report: CostReport,
): Promise<ConvertedCosts | undefined> {
  if (to === undefined || rates === undefined) return undefined;
  const source = readFileBytes(givenPath(rates));
  const conversion = { to, convert: await readExchangeRates(source, report.timeZone) };
  return toConvertedCosts(month, report, conversion);
}

/** What came of `--close`, and the books after it. */
interface Closed {
  readonly outcome: CloseOutcome | undefined;
  readonly notes: readonly string[];
  readonly book: CostBook;
}

/** Closes the month asked for; a dry run only says what that would fix. Errors: those of `closeMonth`, and `MONTH_UNPRICED` without `--yes`. */
async function closeIfAsked(
  { close: month, yes }: ReportFlags,
  { store, reading, under, nowMs }: ReadCosts,
): Promise<Closed> {
  const { book, settings } = reading;
  if (month === undefined) return { outcome: undefined, notes: [], book };
  if (book.closed.months.has(month)) return { outcome: 'already closed', notes: [], book };
  const now = toInstant(nowMs);
  checkClosing(reading, { month, now });
  const report = toCostReport(monthCosts(book, month), settings, []);
  const notes = describeClosing({ report, isFirst: book.closed.months.size === 0 });
  if (under === undefined) {
    return { outcome: undefined, notes: [...notes, 'Nothing was closed.'], book };
  }
  if (yes !== true && isIncomplete(report.total)) {
    const text = `${month} was not closed, since not all of it is priced.\n${notes.join('\n')}\nTo close it as it stands, add --yes.`;
    throw new DomainError('MONTH_UNPRICED', text);
  }
  const outcome = await closeMonth(store, reading, { month, now, under });
  return { outcome, notes, book: { ...book, closed: await readClosedBooks(store) } };
}

function parseBy(text: string): readonly CostDimension[] {
  const words = text.split(',').map((word) => word.trim());
  const known = COST_DIMENSIONS.filter((dimension) => words.includes(dimension));
  if (known.length === words.length)
    return words.flatMap((word) => COST_DIMENSIONS.filter((one) => one === word));
  throw new InvalidArgumentError(`Expected some of ${COST_DIMENSIONS.join(', ')}, each once.`);
}
