import type { Command } from 'commander';
import { DomainError, isDomainError } from '#shared/kernel/index.ts';
import type { Store } from '#worker/store/index.ts';
import { readFuses } from '#worker/sync/index.ts';
import {
  addConnectionOptions,
  type Connection,
  type ConnectionOptions,
  connect,
  readLocalDocState,
} from './connection.ts';
import { EXIT, type ExitCode } from './exit-code.ts';
import { tellError } from './explain-error.ts';
import { describeFuse, describeMissing } from './fuse-text.ts';
import { givenPath } from './given-path.ts';
import { interruptSignal } from './interrupt.ts';
import { findDocId, openDocStore, openKeptStore } from './open-store.ts';
import { createProgress } from './progress.ts';
import { runTicks, type TicksOptions, type TicksReport } from './run-ticks.ts';
import { listDocs, readSetUp } from './set-up.ts';
import { addStoreOption, type StoreOptions, toPlace } from './store-option.ts';
import { type DocPass, inboxOf, passEach, worstOf } from './sync-docs.ts';
import { describeInbox } from './take-inbox.ts';
import { addWatchOptions, checkWatchOptions, type WatchFlags } from './watch-options.ts';

interface SyncFlags extends ConnectionOptions, StoreOptions, WatchFlags {
  readonly json?: true;
  readonly acceptDeletes?: true;
  readonly dryRun?: true;
  readonly inbox?: string;
}

const COPIED =
  'error: The Ledger table came along in a copy of another doc, so no button in it counts. Delete its rows to begin anew.';

/** Adds `founder-hq sync`: one tick between doc and ledger. */
export function registerSync(program: Command): void {
  const sync = program
    .command('sync')
    .summary('one pass between doc and ledger, for a schedule')
    .description(
      'Reads the doc, decides what buttons asked for, computes the figures, and writes what the doc does not show yet. It may be stopped anywhere; the next pass goes on. With nothing to do it writes nothing.',
    )
    .option(
      '--accept-deletes',
      'go on where a pass paused because the doc lost many rows or a column: they are meant to be gone',
    )
    .option('--dry-run', 'only list the rows that --accept-deletes would take for deleted')
    .option(
      '--inbox <folder>',
      'take events of tools from there first (default: .founder-hq/inbox, if it is there)',
    )
    .option('--json', 'print one JSON object');
  addConnectionOptions(sync).addHelpText(
    'after',
    '\nExample:\n  npm run -s founder-hq -- sync --doc https://coda.io/d/Founder-HQ_dAbCdEfGhIj',
  );
  addStoreOption(sync);
  addWatchOptions(sync);
  sync.action(async (flags: SyncFlags) => {
    await checkWatchOptions(sync, flags);
    process.exitCode = await run(flags);
  });
}

async function run(flags: SyncFlags): Promise<ExitCode> {
  if (flags.dryRun === true) return listMissing(flags);
  const signal = interruptSignal();
  const docs = await listServed(flags);
  if (flags.watch === true) return watch(flags, docs, signal);
  return docs.length > 1 ? runEach(flags, docs, signal) : runOne(flags, signal);
}

/** The docs of a pass that names none: all of this folder, unless one is served here. */
async function listServed({ doc, inbox }: SyncFlags): Promise<readonly string[]> {
  if (doc !== undefined || (await readLocalDocState()) !== undefined) return [];
  const setUp = readSetUp();
  const docs = setUp === undefined ? [] : listDocs(setUp).map((one) => one.doc);
  if (docs.length < 2 || inbox === undefined) return docs;
  const way = 'add --doc URL, or put the events of each doc into `.founder-hq/inbox/ID`';
  const message = `This folder has several docs, and --inbox would be of all of them: ${way}.`;
  throw new DomainError('DOC_UNNAMED', message);
}

/** Serves several docs in turn, each with a connection, a ledger and an inbox of its own. */
const serveEach = (
  flags: SyncFlags,
  docs: readonly string[],
  signal: AbortSignal,
): Promise<readonly DocPass<TicksReport>[]> =>
  passEach(
    docs,
    async (doc) => {
      const opened = await open({ ...flags, doc }, signal);
      try {
        const report = await pass(opened, flags, { signal, inbox: inboxOf(doc) });
        return { report, exitCode: toExit(report.last) };
      } finally {
        await opened.store.close();
      }
    },
    { exitOf, signal },
  );

async function runEach(
  flags: SyncFlags,
  docs: readonly string[],
  signal: AbortSignal,
): Promise<ExitCode> {
  const passes = await serveEach(flags, docs, signal);
  const lines = passes.flatMap(({ doc, report, failure }) => [
    `doc ${doc}:`,
    report === undefined ? (failure ?? '') : describe(report),
  ]);
  const text =
    flags.json === true ? JSON.stringify({ docs: passes.map(toPassJson) }) : lines.join('\n');
  process.stdout.write(`${text}\n`);
  return worstOf(passes);
}

const toPassJson = ({ report, ...rest }: DocPass<TicksReport>): object => ({
  ...rest,
  ...(report === undefined ? {} : toJson(report)),
});

async function runOne(flags: SyncFlags, signal: AbortSignal): Promise<ExitCode> {
  const opened = await open(flags, signal);
  const progress = createProgress();
  try {
    const report = await pass(opened, flags, { signal, onStep: progress.say });
    progress.end();
    const text = flags.json === true ? JSON.stringify(toJson(report)) : describe(report);
    process.stdout.write(`${text}\n`);
    return toExit(report.last);
  } catch (error) {
    if (!isDomainError(error)) throw error;
    const exit = exitOf(error);
    if (exit === EXIT.failed) throw error;
    tellError(error);
    return exit;
  } finally {
    await opened.store.close();
  }
}

/** Makes passes until a signal says stop. Token and set-up are read anew for each, so that what was mended counts from the next on. */
async function watch(
  flags: SyncFlags,
  docs: readonly string[],
  signal: AbortSignal,
): Promise<ExitCode> {
  // A pass for cron starts sooner without what only a watch needs.
  const { watchPasses } = await import('./watch-passes.ts');
  await watchPasses(flags, signal, async () => {
    if (docs.length > 1) return watchEach(flags, docs, signal);
    const opened = await open(flags, signal);
    try {
      const report = await pass(opened, flags, { signal });
      return { lines: toLines(report), json: toJson(report) };
    } finally {
      await opened.store.close();
    }
  });
  return EXIT.done;
}

/** Errors: `DOCS_FAILED`, after every doc has had its turn, so that a watch is not in good health while one of them is not served. */
async function watchEach(
  flags: SyncFlags,
  docs: readonly string[],
  signal: AbortSignal,
): Promise<{ readonly lines: readonly string[]; readonly json: object }> {
  const passes = await serveEach(flags, docs, signal);
  const failed = passes.filter(({ report }) => report === undefined).map(({ doc }) => doc);
  if (failed.length > 0 && !signal.aborted) {
    const message = `Not served: ${failed.join(', ')}; the others were.`;
    throw new DomainError('DOCS_FAILED', message, { retryable: true });
  }
  const lines = passes.flatMap(({ doc, report }) =>
    report === undefined ? [] : toLines(report).map((line) => `doc ${doc}: ${line}`),
  );
  const json = { docs: passes.map(toPassJson) };
  return { lines: [`${passes.length} docs served`, ...lines], json };
}

interface Opened {
  readonly connection: Connection;
  readonly store: Store;
}

async function open(flags: SyncFlags, signal: AbortSignal): Promise<Opened> {
  const connection = await connect(flags, { env: process.env, signal });
  return { connection, store: await openDocStore(connection.docId, flags) };
}

const pass = (
  { connection, store }: Opened,
  flags: SyncFlags,
  options: Pick<TicksOptions, 'onStep' | 'signal' | 'inbox'>,
): Promise<TicksReport> =>
  runTicks(connection, store, {
    ...options,
    ...toPlace(flags),
    max: 1,
    acceptDeletes: flags.acceptDeletes === true,
    ...(flags.inbox === undefined ? {} : { inbox: givenPath(flags.inbox) }),
  });

/** What a pass would take for deleted, as the ledger knows it: asks the doc nothing. */
async function listMissing(flags: SyncFlags): Promise<ExitCode> {
  const store = await openKeptStore(await findDocId(flags), flags);
  try {
    const fuses = [...(await readFuses(store)).values()];
    const text =
      flags.json === true ? JSON.stringify({ fuses }) : describeMissing(fuses).join('\n');
    process.stdout.write(`${text}\n`);
    return EXIT.done;
  } finally {
    await store.close();
  }
}

function toExit({ fuses, held, unconfirmed }: TicksReport['last']): ExitCode {
  if (fuses.length > 0) return EXIT.refused;
  return unconfirmed + held === 0 ? EXIT.done : EXIT.resumable;
}

/** Whatever was decided is in the ledger, so a failure that passes only asks for another run. */
function exitOf({ code, retryable }: DomainError): ExitCode {
  if (code === 'SHAPE_CHANGED') return EXIT.refused;
  return retryable || code === 'TIMED_OUT' ? EXIT.resumable : EXIT.failed;
}

function toJson({ last, ...totals }: TicksReport): object {
  const { waiting, observed, rowsSent, rowsOnTheirWay, unconfirmed } = last;
  const { isCopied, isSettled, held, conflicts, fuses, findings } = last;
  return {
    ...totals,
    waiting,
    observed,
    rowsSent,
    rowsOnTheirWay,
    unconfirmed,
    isCopied,
    isSettled,
    held,
    conflicts,
    fuses,
    findings,
  };
}

/** A pass in one line, and what a person has to look at. */
function toLines({ last, commands, events }: TicksReport): readonly string[] {
  const { rowsSent, waiting, held, conflicts, isCopied, fuses } = last;
  const seen = held + conflicts === 0 ? '' : `, ${held} held back, ${conflicts} typed over`;
  const line = `${commands} commands decided, ${waiting} waiting, ${events} events, ${rowsSent} rows sent${seen}`;
  return [line, ...(isCopied ? [COPIED] : []), ...fuses.flatMap(describeFuse)];
}

function describe({ last, apiReads, apiWrites, events, commands, inbox }: TicksReport): string {
  const { waiting, observed, rowsSent, rowsOnTheirWay, unconfirmed, findings } = last;
  const lines = [
    ...(inbox === undefined ? [] : describeInbox(inbox)),
    `${commands} commands decided, ${waiting} waiting; ${observed.recorded} typed runs new or changed, ${observed.removed} gone`,
    `${events} events added to the ledger; ${rowsSent} rows sent, ${rowsOnTheirWay} on their way, ${unconfirmed} requests not confirmed`,
    `${apiReads} reads, ${apiWrites} writes`,
    ...(last.isCopied ? [COPIED] : []),
    ...last.fuses.flatMap(describeFuse),
    ...findings.map(({ severity, message, fix }) => `${severity}: ${message} ${fix}`),
  ];
  return lines.join('\n');
}
