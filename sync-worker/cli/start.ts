import { join, resolve } from 'node:path';
import type { Command } from 'commander';
import { readBinding, type WorkflowVariance } from '#shared/doc/index.ts';
import { isDomainError } from '#shared/kernel/index.ts';
import {
  createSentMark,
  type ImportReport,
  importHistory,
  readFileBytes,
} from '#worker/import/index.ts';
import {
  buildPackBundle,
  createPackRunner,
  emptyPackBytes,
} from '#worker/local-doc/pack-runner/index.ts';
import { createSampleBusiness, loadSample } from '#worker/local-doc/sample/index.ts';
import type { Store } from '#worker/store/index.ts';
import { addConnectionOptions, type Connection } from './connection.ts';
import { EXIT, type ExitCode } from './exit-code.ts';
import { tellError } from './explain-error.ts';
import { givenPath } from './given-path.ts';
import { exitCodeOf } from './import.ts';
import { describeProgress } from './import-text.ts';
import { interruptSignal } from './interrupt.ts';
import { openDocStore } from './open-store.ts';
import { portOption } from './port-option.ts';
import { createProgress, type Progress } from './progress.ts';
import { runTicks } from './run-ticks.ts';
import { type Opened, openStartDoc, type StartDocFlags } from './start-doc.ts';
import { describeStart, type PackReport, type StartReport, toStartJson } from './start-text.ts';
import { STATE_FOLDER } from './state-folder.ts';
import { addStoreOption, type StoreOptions, toPlace } from './store-option.ts';

interface StartFlags extends StartDocFlags, StoreOptions {
  readonly json?: true;
}

/** The day the sample ends, so that it is the same business tomorrow. */
const SAMPLE_END_DAY = '2026-06-30';

/** Adds `founder-hq start`: the main job from end to end. */
export function registerStart(program: Command): void {
  const start = program
    .command('start')
    .summary('see variance you can trust: a doc, ticks, the Pack, the answer')
    .description(
      'Serves a Founder HQ doc on this computer, fills it with a sample business or your own history, runs the worker until nothing is left to do, asks the built Pack for its Variance table, and prints the answer. The doc is kept and reused.',
    )
    .option('--history <file>', 'a CSV of finished work instead of the sample')
    .option('--once', 'end after the answer instead of serving on')
    .option('--fresh', 'forget the doc and ledger of earlier starts')
    .addOption(portOption())
    .option('--json', 'print one JSON object');
  addConnectionOptions(start).addHelpText(
    'after',
    '\nExample:\n  npm run -s founder-hq -- start --history hours.csv --once',
  );
  addStoreOption(start);
  start.action(async (flags: StartFlags) => {
    try {
      const { history } = flags;
      await run(history === undefined ? flags : { ...flags, history: givenPath(history) });
    } catch (error) {
      // What was sent is found again, so a failure that passes only asks for another run.
      if (!isDomainError(error) || !error.retryable) throw error;
      tellError(error);
      process.exitCode = EXIT.resumable;
    }
  });
}

async function run(flags: StartFlags): Promise<void> {
  const stopped = interruptSignal();
  const progress = createProgress();
  // The build takes seconds of another process's time, so it begins before anything needs it.
  const pack = Promise.all([buildPackBundle(), emptyPackBytes()]);
  pack.catch(() => undefined);
  const opened = await openStartDoc(flags, progress);
  try {
    const { connection } = opened;
    const store = await openDocStore(connection.docId, flags);
    try {
      const report = await look({ flags, opened, store, progress, pack, signal: stopped });
      progress.end();
      process.stdout.write(
        flags.json === true ? `${JSON.stringify(toStartJson(report))}\n` : describeStart(report),
      );
      process.exitCode = toExitCode(report);
    } finally {
      await store.close();
    }
    if (flags.once !== true && opened.doc !== undefined) await serveOn(opened, stopped);
  } finally {
    progress.end();
    await opened.close();
  }
}

/** A history with bad rows is only partly in, and figures that differ are figures nobody should trust. */
function toExitCode({ imported, pack }: StartReport): ExitCode {
  if (pack.equalToWorker === false) return EXIT.failed;
  return imported === undefined ? EXIT.done : exitCodeOf(imported);
}

async function look(facts: {
  readonly flags: StartFlags;
  readonly opened: Opened;
  readonly store: Store;
  readonly progress: Progress;
  readonly pack: Promise<readonly [{ bundlePath: string; bundleBytes: number }, number]>;
  readonly signal: AbortSignal;
}): Promise<StartReport> {
  const { flags, opened, store, progress, signal } = facts;
  const { connection, doc, url } = opened;
  const imported = await fill(flags, opened, progress);
  const ticks = await runTicks(connection, store, {
    ...toPlace(flags),
    onStep: (step, count) => progress.say(`tick ${count}: ${step}`),
    signal,
  });
  progress.say('asking the built Pack');
  const [{ bundlePath, bundleBytes }, emptyBundleBytes] = await facts.pack;
  const variance = ticks.last.variance;
  const rows = doc === undefined ? undefined : await askPack(opened, bundlePath);
  const pack: PackReport = {
    bundleBytes,
    emptyBundleBytes,
    rows: rows?.length ?? 0,
    ...(rows === undefined ? {} : { equalToWorker: isEqual(rows, variance) }),
  };
  const tables = await countRows(connection);
  const { headline } = ticks.last;
  return { doc: { id: connection.docId, url, tables }, imported, ticks, variance, pack, headline };
}

async function fill(
  flags: StartFlags,
  { connection, doc }: Opened,
  progress: Progress,
): Promise<ImportReport | undefined> {
  const { api, docId, clock, wait, lagMs } = connection;
  if (flags.history !== undefined) {
    const file = resolve(flags.history);
    return importHistory({
      source: readFileBytes(file),
      onRead: (rows) => progress.say(`reading: ${rows} rows`),
      doc: {
        api,
        docId,
        clock,
        wait,
        lagMs,
        sentMark: createSentMark(join(STATE_FOLDER, `import-${docId}`)),
        signal: interruptSignal(),
        onProgress: (step) => progress.say(describeProgress(step).trim()),
      },
    });
  }
  if (doc !== undefined) {
    await loadSample(api, docId, {
      tables: createSampleBusiness({ endDay: SAMPLE_END_DAY }),
      onProgress: ({ table, done, total }) => progress.say(`sample: ${table}, ${done} of ${total}`),
    });
  }
  return undefined;
}

async function askPack(
  { baseUrl, token, connection }: Opened,
  bundlePath: string,
): Promise<readonly Readonly<Record<string, unknown>>[]> {
  const localOrigin = new URL(baseUrl).origin;
  const runner = await createPackRunner({ bundlePath, localOrigin, token });
  return runner.sync('Variance', [connection.docId]);
}

/** Whether both give the same figures row for row, to the last digit. */
function isEqual(
  rows: readonly Readonly<Record<string, unknown>>[],
  variance: readonly WorkflowVariance[],
): boolean {
  return (
    rows.length === variance.length &&
    variance.every(({ workflow: group, ...row }, index) =>
      // The Pack leaves out what has no value, since a cell has no null.
      Object.entries({ ...row, group }).every(
        ([field, value]) => (rows[index]?.[field] ?? null) === value,
      ),
    )
  );
}

async function countRows({ api, docId }: Connection): Promise<Readonly<Record<string, number>>> {
  const binding = await readBinding(api, docId);
  const counts: Record<string, number> = {};
  for (const [name, { tableId }] of binding.tables) {
    const table = await api.getTable(docId, tableId);
    counts[name] = table.rowCount ?? 0;
  }
  return counts;
}

async function serveOn({ url, baseUrl, token }: Opened, stopped: AbortSignal): Promise<void> {
  process.stderr.write(
    `\nServing the doc at ${url} (base URL ${baseUrl}, token ${token}); Ctrl-C ends it.\n`,
  );
  if (stopped.aborted) return;
  await new Promise((resolveStop) =>
    stopped.addEventListener('abort', resolveStop, { once: true }),
  );
}
