import { type Command, InvalidArgumentError } from 'commander';
import { parseContract } from '#shared/contracts/index.ts';
import { toExecutionEvent } from '#shared/ledger/index.ts';
import type { Store } from '#worker/store/index.ts';
import { findDocId, openKeptStore } from './open-store.ts';
import { addStoreOption, type StoreOptions } from './store-option.ts';

interface ExportEventsFlags extends StoreOptions {
  readonly doc?: string;
  readonly after: number;
}

/** Events read at a time. */
const PAGE_SIZE = 1_000;

const EXAMPLE = `
Example:
  npm run -s founder-hq -- export events > events.jsonl
  npm run -s founder-hq -- export events --after 1200 >> events.jsonl

Each line is one document of execution_event.v1 (docs/contracts), in the order of the ledger; \`position\` of the last one is where the next
export goes on. What the ledger keeps for its own bookkeeping has no such form: it is left out and counted on standard error.`;

/** Adds `export events`. */
export function registerExportEvents(group: Command): void {
  const events = group
    .command('events')
    .description('write the events of the ledger to standard output, a JSON object a line')
    .option('--doc <url or id>', 'the doc (default: the one served here, else the last one used)')
    .option('--after <position>', 'only what came after this place in the ledger', parsePosition, 0)
    .addHelpText('after', EXAMPLE);
  addStoreOption(events).action(run);
}

async function run(flags: ExportEventsFlags): Promise<void> {
  const docId = await findDocId(flags);
  const store = await openKeptStore(docId, flags);
  try {
    const leftOut = await writeEvents(store, flags.after);
    if (leftOut > 0) {
      process.stderr.write(`${leftOut} events of the ledger’s own bookkeeping were left out.\n`);
    }
  } finally {
    await store.close();
  }
}

/** Writes all events after a position that have the form of the contract. Returns how many have not. */
async function writeEvents(store: Pick<Store, 'readAll'>, after: number): Promise<number> {
  let leftOut = 0;
  let from = after;
  for (let page = await store.readAll(from, PAGE_SIZE); page.length > 0; ) {
    const events = page.map(toExecutionEvent).filter(isLawful);
    leftOut += page.length - events.length;
    await write(events.map((event) => `${JSON.stringify(event)}\n`).join(''));
    from = page.at(-1)?.position ?? from;
    page = await store.readAll(from, PAGE_SIZE);
  }
  return leftOut;
}

const isLawful = (event: unknown): boolean => parseContract(event, 'execution_event').ok;

/** A ledger may be larger than the memory: whoever reads slowly is waited for. */
async function write(text: string): Promise<void> {
  if (text === '' || process.stdout.write(text)) return;
  await new Promise((resolve) => process.stdout.once('drain', resolve));
}

function parsePosition(text: string): number {
  const position = Number(text);
  if (/^\d+$/.test(text) && Number.isSafeInteger(position)) return position;
  throw new InvalidArgumentError('Expected a whole number of 0 or more, like 1200.');
}
