import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import type { Command } from 'commander';
import { isDomainError } from '#shared/kernel/index.ts';
import { readFileBytes } from '#worker/import/index.ts';
import { type EventsReport, type FolderReport, takeEvents, toLines } from '#worker/inbox/index.ts';
import { openSqliteStore, type Store } from '#worker/store/index.ts';
import { holdLease } from '#worker/sync/index.ts';
import type { ConnectionOptions } from './connection.ts';
import { EXIT, type ExitCode } from './exit-code.ts';
import { tellError } from './explain-error.ts';
import { givenNewPath, givenPath } from './given-path.ts';
import { openIfKept } from './ledger-now.ts';
import { findDocId, openDocStore, refuseOtherLedger } from './open-store.ts';
import { createProgress } from './progress.ts';
import { addStoreOption, type StoreOptions } from './store-option.ts';
import { describeInbox, takeInbox } from './take-inbox.ts';

interface EventsFlags extends ConnectionOptions, StoreOptions {
  readonly refused?: string;
  readonly dryRun?: true;
  readonly json?: true;
}

const EXAMPLE = `
Example:
  npm run -s founder-hq -- import events agent.jsonl --dry-run
  npm run -s founder-hq -- import events inbox

One execution_event.v1 a line. An event is taken where the ledger, asked for what it tells, would tell the same; the same event again is
known by its id. A folder is an inbox: files that are whole are moved to done/, bad lines go to refused/ with the reason.`;

/** Adds `import events FILE|FOLDER`. */
export function registerImportEvents(group: Command): void {
  const events = group
    .command('events')
    .description('take what tools, agents and CI tell of their work into the ledger')
    .argument('<path>', 'JSON lines of execution_event.v1, or a folder of such files')
    .option('--doc <url or id>', 'the doc (default: the one served here, else the last one used)')
    .option('--refused <file>', 'write the lines that were refused, with the reason, as JSON lines')
    .option('--dry-run', 'try it on a copy of the ledger, and keep nothing')
    .option('--json', 'print the report as one JSON object')
    .addHelpText('after', EXAMPLE);
  addStoreOption(events).action(async (path: string, flags: EventsFlags) => {
    process.exitCode = await run(givenPath(path), flags);
  });
}

async function run(path: string, flags: EventsFlags): Promise<ExitCode> {
  const isFolder = statSync(path).isDirectory();
  if (isFolder && flags.dryRun === true) {
    process.stderr.write('error: --dry-run takes a file: a folder is moved as it is read\n');
    return EXIT.usage;
  }
  const docId = await findDocId(flags);
  const store = await open(docId, flags);
  try {
    if (flags.dryRun !== true) await refuseOtherLedger(store.store, { docId });
    return isFolder
      ? await takeFolder(store.store, path, flags)
      : await takeFile(store.store, path, flags);
  } catch (error) {
    // What was taken is known by its id, so a failure that passes only asks for another run.
    if (!isDomainError(error) || !error.retryable) throw error;
    tellError(error);
    return EXIT.resumable;
  } finally {
    await store.close();
  }
}

interface OpenLedger {
  readonly store: Store;
  readonly close: () => Promise<void>;
}

/** The ledger, or a copy of it that is thrown away. */
async function open(docId: string, flags: EventsFlags): Promise<OpenLedger> {
  if (flags.dryRun !== true) {
    const store = await openDocStore(docId, flags);
    return { store, close: () => store.close() };
  }
  const folder = mkdtempSync(join(tmpdir(), 'founder-hq-dry-run-'));
  const store = await openSqliteStore({ file: join(folder, 'ledger.db') });
  const close = async (): Promise<void> => {
    await store.close();
    rmSync(folder, { recursive: true });
  };
  const kept = await openIfKept(docId, flags);
  try {
    if (kept !== undefined) await store.fill(kept.dump());
    return { store, close };
  } catch (error) {
    await close();
    throw error;
  } finally {
    await kept?.close();
  }
}

async function takeFolder(store: Store, folder: string, flags: EventsFlags): Promise<ExitCode> {
  const report = (await takeInbox(store, Date.now, folder)) ?? { files: [], waiting: [] };
  const lines = describeInbox(report);
  const text = lines.length === 0 ? 'inbox: nothing to take' : lines.join('\n');
  process.stdout.write(flags.json === true ? `${JSON.stringify(report)}\n` : `${text}\n`);
  return isWhole(report) ? EXIT.done : EXIT.resumable;
}

/** Whether every line of every file is in the ledger. */
const isWhole = ({ files }: FolderReport): boolean =>
  files.every(({ refused }) => refused.length === 0);

async function takeFile(store: Store, path: string, flags: EventsFlags): Promise<ExitCode> {
  const progress = createProgress();
  const lease = await holdLease(store, Date.now);
  try {
    const report = await takeEvents(
      {
        bytes: readFileBytes(path),
        keep: lease.keep,
        onRead: (lines) => progress.say(`reading: ${lines.toLocaleString('en-US')} lines`),
      },
      { store, under: lease.under },
    );
    progress.end();
    if (flags.refused !== undefined) {
      writeFileSync(givenNewPath(flags.refused), toLines(report.refused), { mode: 0o600 });
    }
    const isDryRun = flags.dryRun === true;
    const text = describe(basename(path), report, isDryRun);
    process.stdout.write(flags.json === true ? `${JSON.stringify(report)}\n` : text);
    if (report.refused.length === 0 && report.tornLine === undefined) return EXIT.done;
    return isDryRun ? EXIT.failed : EXIT.resumable;
  } finally {
    progress.end();
    await lease.release();
  }
}

/** Lines that are printed before the rest is only counted. */
const SHOWN_MAX = 20;

function describe(name: string, report: EventsReport, isDryRun: boolean): string {
  const { taken, existed, refused, otherFigures, tornLine } = report;
  const rest = refused.length - SHOWN_MAX;
  const [other] = otherFigures;
  const lines = [
    `${name}: ${taken} events taken, ${existed} known already, ${refused.length} refused.`,
    ...refused
      .slice(0, SHOWN_MAX)
      .map(({ line, code, reason }) => `  line ${line}: ${code}: ${reason}`),
    ...(rest > 0 ? [`  and ${rest} more; --json or --refused FILE gives all`] : []),
    ...(other === undefined
      ? []
      : [
          `The ledger counts figures of ${otherFigures.length} events by itself and otherwise, the first on line ${other.line}: ${other.fields.join(', ')}.`,
        ]),
    ...(tornLine === undefined
      ? []
      : [`Line ${tornLine} has no line break after it and was left: its writer may not be done.`]),
    ...(isDryRun ? ['Nothing was kept; without --dry-run these events go into the ledger.'] : []),
  ];
  return `${lines.join('\n')}\n`;
}
