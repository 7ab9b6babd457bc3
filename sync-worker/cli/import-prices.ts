import { basename } from 'node:path';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { isCurrency, microsToText } from '#shared/cost/index.ts';
import { isDomainError, toInstant } from '#shared/kernel/index.ts';
import { importPrices } from '#worker/costs/index.ts';
import type { Store } from '#worker/store/index.ts';
import { type Connection, type ConnectionOptions, connect } from './connection.ts';
import { parseDay } from './day-option.ts';
import { givenPath } from './given-path.ts';
import { findDocId, openKeptStore, refuseOtherLedger } from './open-store.ts';
import { describePrices } from './prices-text.ts';
import { addStoreOption, type StoreOptions } from './store-option.ts';

interface PricesFlags extends ConnectionOptions, StoreOptions {
  readonly from?: string;
  readonly currency: string;
  readonly dryRun?: true;
  readonly json?: true;
}

const EXAMPLE = `
Example:
  npm run -s founder-hq -- import prices model_prices.json --dry-run
  npm run -s founder-hq -- import prices model_prices.json --from 2026-11-01

The file is the public JSON of model prices: an object of models with costs such as input_cost_per_token.
It says of no price when it begins, so they all begin on one day; what was used before keeps its price.`;

/** Adds `import prices FILE.json`. */
export function registerImportPrices(group: Command): void {
  const prices = group
    .command('prices')
    .description('store the prices of models as a new version of the price book')
    .argument('<file>', 'JSON of model prices')
    .option('--doc <url or id>', 'the doc (default: the one served here, else the last one used)')
    .option('--from <day>', 'the day the prices begin (default: today, UTC)', parseDay)
    .addOption(
      new Option('--currency <code>', 'what the prices are in')
        .default('USD')
        .argParser(parseCurrency),
    )
    .option('--dry-run', 'only show what would be new')
    .option('--json', 'print the report as one JSON object')
    .addHelpText('after', EXAMPLE);
  addStoreOption(prices).action(run);
}

async function run(file: string, flags: PricesFlags): Promise<void> {
  const { from, currency, json } = flags;
  const isDryRun = flags.dryRun === true;
  const store = await openLedger(flags, isDryRun);
  try {
    const report = await importPrices({
      path: givenPath(file),
      day: from ?? toInstant(Date.now()).slice(0, 10),
      currency,
      clock: Date.now,
      isDryRun,
      ...(store === undefined ? {} : { store }),
    });
    const text = describePrices(report, basename(file));
    process.stdout.write(json === true ? `${JSON.stringify(microsToText(report))}\n` : text);
  } finally {
    await store?.close();
  }
}

/** The ledger; a dry run does without one where none was begun yet. Errors: as {@link refuseOtherLedger}. */
async function openLedger(flags: PricesFlags, isDryRun: boolean): Promise<Store | undefined> {
  const found = await findLedger(flags, isDryRun);
  if (found === undefined) return undefined;
  const { store, docId } = found;
  try {
    await refuseOtherLedger(store, (await connectIfKnown(docId)) ?? { docId });
    return store;
  } catch (error) {
    await store.close();
    throw error;
  }
}

async function findLedger(
  flags: PricesFlags,
  isDryRun: boolean,
): Promise<{ readonly store: Store; readonly docId: string } | undefined> {
  try {
    const docId = await findDocId(flags);
    return { docId, store: await openKeptStore(docId, flags) };
  } catch (error) {
    const code = isDomainError(error) ? error.code : '';
    if (isDryRun && (code === 'STORE_MISSING' || code === 'DOC_UNNAMED')) return undefined;
    throw error;
  }
}

/** Prices need no doc, so one that nobody can ask here is no reason to stop: what was witnessed of its ledger has to do. */
async function connectIfKnown(docId: string): Promise<Connection | undefined> {
  try {
    return await connect({ doc: docId }, { env: process.env });
  } catch (error) {
    const code = isDomainError(error) ? error.code : '';
    if (code === 'TOKEN_MISSING' || code === 'LOCAL_DOC_AWAY') return undefined;
    throw error;
  }
}

function parseCurrency(text: string): string {
  if (isCurrency(text)) return text;
  throw new InvalidArgumentError('Expected a code of three capital letters, such as USD.');
}
