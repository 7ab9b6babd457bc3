import { Argument, type Command, InvalidArgumentError } from 'commander';
import { type DocFinding, namesOf, REVIEW_TABLES, toReviewFacts } from '#shared/doc/index.ts';
import { type Day, dayAt } from '#shared/kernel/index.ts';
import {
  type Review,
  type ReviewKind,
  review,
  reviewText,
  toDailyThreadRow,
  toTemplatePerformanceRows,
} from '#shared/planning/index.ts';
import { toReviewGates } from '#worker/gates/index.ts';
import { fillReviews, type ReviewFilled, type ReviewRows } from '#worker/observe/index.ts';
import { settleCosts, toReviewBudgets } from '#worker/spending/index.ts';
import { holdLease } from '#worker/sync/index.ts';
import {
  addConnectionOptions,
  type Connection,
  type ConnectionOptions,
  connect,
} from './connection.ts';
import { parseDay } from './day-option.ts';
import { readDocNow } from './doc-now.ts';
import { EXIT } from './exit-code.ts';
import { interruptSignal } from './interrupt.ts';
import { joinRuns, readKeptLedger } from './ledger-now.ts';
import { openDocStore, refuseOtherLedger } from './open-store.ts';
import { addStoreOption, type StoreOptions } from './store-option.ts';
import { zoneOf } from './work-options.ts';
import { parseZone } from './zone-option.ts';

interface ObserveFlags extends ConnectionOptions, StoreOptions {
  readonly date?: Day;
  readonly zone?: string;
  readonly runway?: number;
  readonly apply?: true;
  readonly json?: true;
}

const EXAMPLE = `
Example:
  npm run -s founder-hq -- observe weekly --date 2026-01-09 --zone America/Los_Angeles
  npm run -s founder-hq -- observe daily --apply

Without --apply nothing is written: the rows for daily_thread and template_performance are part of --json. With it they are put into
these tables, as far as the doc has them: found again by external_id, so that a review made twice is one row, and the review of a day into the
row a person has begun for it. What somebody typed over stays.
Where the doc has a ledger, here or on the server that is named, its runs count too, and gates that are missing after
their day are named as they stand now.`;

/** Adds `founder-hq observe daily|weekly`: what changed, what drifts, what is late. */
export function registerObserve(program: Command): void {
  const observe = program
    .command('observe')
    .summary('the review of a day or a week: what changed, drifts or is held up')
    .description(
      'Looks back on a day, or on the seven days up to it, and says what asks for a decision first. What cannot be told yet is told as that; where there is nothing to say, nothing is said.',
    )
    .addArgument(new Argument('<kind>', 'how far to look back').choices(['daily', 'weekly']))
    .option('--date <day>', 'the day, or the last day of the week (default: today)', parseDay)
    .option('--zone <zone>', "the time zone whose days count (default: the doc's)", parseZone)
    .option(
      '--runway <weeks>',
      'how many weeks the money lasts (default: runway_weeks of the newest finance_snapshot)',
      parseWeeks,
    )
    .option('--apply', 'also put it into the tables daily_thread and template_performance')
    .option('--json', 'print one JSON object, with the ids of the rows behind every statement');
  addConnectionOptions(observe).addHelpText('after', EXAMPLE);
  addStoreOption(observe).action(run);
}

async function run(kind: ReviewKind, flags: ObserveFlags): Promise<void> {
  const connection = await connect(flags, { env: process.env });
  const observed = await look(kind, flags, connection);
  const { reviewed, rows, findings } = observed;
  const filled = flags.apply === true ? await putIn(observed, flags, connection) : undefined;
  const applied = filled === undefined ? {} : { applied: filled };
  const text =
    flags.json === true
      ? JSON.stringify({ ...reviewed, rows, findings, ...applied }, writeBigInt)
      : [reviewText(reviewed), ...(filled === undefined ? [] : describeFilled(filled))].join('\n');
  process.stdout.write(`${text}\n`);
  if (filled?.isWhole === false) process.exitCode = EXIT.resumable;
}

/** A review, and the rows it stands for. */
interface Observed {
  readonly reviewed: Review;
  readonly rows: ReviewRows;
  readonly names: ReadonlyMap<string, string>;
  readonly findings: readonly DocFinding[];
}

async function look(
  kind: ReviewKind,
  flags: ObserveFlags,
  connection: Connection,
): Promise<Observed> {
  const { doc, runs: inDoc, nowMs, findings } = await readDocNow(connection, REVIEW_TABLES);
  const timeZone = await zoneOf(connection, flags.zone);
  const { date = dayAt(nowMs, timeZone), runway } = flags;
  const { spending, ...ledger } = await readKeptLedger(connection.docId, flags, nowMs);
  const runs = joinRuns(inDoc, ledger.runs);
  const settings = await settleCosts(connection, spending.closed);
  const reviewed = review(
    toReviewFacts(doc, {
      kind,
      date,
      timeZone,
      runs,
      gates: toReviewGates(ledger.gates),
      budgets: toReviewBudgets(doc, { date, spending, runs, settings, nowMs }),
      ...(runway === undefined ? {} : { runwayWeeks: runway }),
    }),
  );
  const rows = {
    dailyThread: toDailyThreadRow(reviewed),
    templatePerformance: toTemplatePerformanceRows(reviewed),
  };
  return { reviewed, rows, names: namesOf(doc), findings };
}

/** Puts the rows of a review into the doc, as the only one at work on it. Errors: those of `fillReviews`, and `LEASE_HELD`. */
async function putIn(
  { rows, names }: Observed,
  flags: ObserveFlags,
  connection: Connection,
): Promise<ReviewFilled> {
  const { clock, wait, lagMs, docId } = connection;
  const store = await openDocStore(docId, flags);
  try {
    await refuseOtherLedger(store, connection);
    const lease = await holdLease(store, clock);
    try {
      const patiently = async (ms: number): Promise<void> => {
        await wait(ms);
        await lease.keep();
      };
      const options = { clock, wait: patiently, lagMs, signal: interruptSignal() };
      return await fillReviews(connection, rows, { store, under: lease.under, names, options });
    } finally {
      await lease.release();
    }
  } finally {
    await store.close();
  }
}

function describeFilled({ tables, differences }: ReviewFilled): readonly string[] {
  return [
    ...Object.entries(tables).map(([table, { wanted, found, sent }]) =>
      sent === 0
        ? `${table}: all ${wanted} rows were there`
        : `${table}: ${found} of ${wanted} rows are there, ${sent} sent`,
    ),
    ...differences.map(({ table, key, message }) => `${table} ${key}: ${message}`),
  ];
}

/** Money counts in integers that JSON has no numbers for. */
const writeBigInt = (_: string, value: unknown): unknown =>
  typeof value === 'bigint' ? `${value}` : value;

function parseWeeks(text: string): number {
  const weeks = Number(text);
  if (text.trim() !== '' && weeks >= 0 && Number.isFinite(weeks)) return weeks;
  throw new InvalidArgumentError('Expected a number of weeks, like 9.5.');
}
