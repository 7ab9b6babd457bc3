import type { Command } from 'commander';
import { isDomainError } from '#shared/kernel/index.ts';
import { type LoadOptions, readFileBytes } from '#worker/import/index.ts';
import type { Store } from '#worker/store/index.ts';
import {
  createTimeMark,
  importTime,
  readTaskList,
  type TaskList,
  type TimeReading,
} from '#worker/time/index.ts';
import {
  addConnectionOptions,
  type Connection,
  type ConnectionOptions,
  connect,
} from './connection.ts';
import { EXIT, type ExitCode } from './exit-code.ts';
import { tellError } from './explain-error.ts';
import { givenPath } from './given-path.ts';
import { describeProgress } from './import-text.ts';
import { interruptSignal } from './interrupt.ts';
import { openIfKept } from './ledger-now.ts';
import { openDocStore, refuseOtherLedger } from './open-store.ts';
import { createProgress, type Progress } from './progress.ts';
import { createRefusedFile, type RefusedFile } from './refused-file.ts';
import { addStoreOption, type StoreOptions } from './store-option.ts';
import { describeTime, type Told, toTimeJson } from './time-text.ts';

/** Options of every import of time. */
export interface TimeFlags extends ConnectionOptions, StoreOptions {
  readonly person?: string;
  readonly anyProject?: true;
  readonly tasks?: string;
  readonly refused?: string;
  readonly dryRun?: true;
  readonly json?: true;
}

/** A source of entries. */
export interface TimeFrom {
  /** The file or folder as it was typed. */
  readonly file: string;
  readonly name: string;
  /** Whether much of it is about no task at all, so that what belongs to none is named and is no failure. @default false */
  readonly isSelective?: boolean;
  readonly read: (means: TimeMeans) => Promise<TimeReading>;
}

/** What a source is read with. */
export interface TimeMeans {
  /** The doc's zone. */
  readonly timeZone: string;
  /** Units: ms since 1970. */
  readonly nowMs: number;
  /** Where bad rows go, with their reason, if anywhere. */
  readonly refused: RefusedFile | undefined;
  readonly say: (text: string) => void;
}

/** Gives a command the options of every import of time. */
export function addTimeOptions(command: Command): Command {
  command
    .option('--person <name>', 'whose work it is where the source does not say')
    .option('--any-project', 'take a task by its name, in whatever project the source has it')
    .option(
      '--tasks <file>',
      'CSV of tasks to add first: task_id, name, project, estimated_hours; times alone have no estimates',
    )
    .option('--refused <file>', 'write every row that was left out, with its reason, to this CSV')
    .option('--dry-run', 'show what would come of it, and send nothing')
    .option('--json', 'print the report as one JSON object');
  return addStoreOption(addConnectionOptions(command));
}

/** Reads a source, brings its entries into the doc, and says what came of it. */
export async function runTimeImport(flags: TimeFlags, from: TimeFrom): Promise<ExitCode> {
  const progress = createProgress();
  const refused =
    flags.refused === undefined ? undefined : createRefusedFile(flags.refused, from.file);
  try {
    const told = await bring(flags, from, { progress, refused });
    progress.end();
    const text = flags.json === true ? `${JSON.stringify(toTimeJson(told))}\n` : describeTime(told);
    process.stdout.write(text);
    return exitCodeOf(told, from);
  } catch (error) {
    // What was sent is found again by its id, so a failure that passes only asks for another run.
    progress.end();
    if (!isDomainError(error) || !error.retryable) throw error;
    tellError(error);
    return EXIT.resumable;
  } finally {
    refused?.close();
  }
}

async function bring(
  flags: TimeFlags,
  from: TimeFrom,
  { progress, refused }: { readonly progress: Progress; readonly refused: RefusedFile | undefined },
): Promise<Told> {
  const connection = await connect(flags, { env: process.env });
  const { timezone: timeZone = 'UTC' } = await connection.api.getDoc(connection.docId);
  const reading = await from.read({
    timeZone,
    nowMs: connection.clock(),
    refused,
    say: progress.say,
  });
  const tasks = await readTasks(flags);
  const isDryRun = flags.dryRun === true;
  const store = await openStore(connection, flags);
  try {
    const report = await importTime(reading, toTarget(connection, store, progress), {
      person: flags.person,
      isAnyProject: flags.anyProject,
      isDryRun,
      listedTasks: tasks?.tasks ?? [],
    });
    for (const { entry, reason } of report.unmatched) {
      refused?.write({ line: entry.line, reason }, entry.fields ?? []);
    }
    return { name: from.name, reading, report, tasks, isDryRun };
  } finally {
    await store?.close();
  }
}

/** Writes the rows of a source that has no columns of its own under these. */
export function keepRefused(
  refused: RefusedFile | undefined,
  header: readonly string[],
  reading: TimeReading,
): TimeReading {
  refused?.begin(header, ',');
  for (const row of reading.refused) refused?.write(row, []);
  return reading;
}

async function openStore(connection: Connection, flags: TimeFlags): Promise<Store | undefined> {
  if (flags.dryRun === true) return openIfKept(connection.docId, flags);
  const store = await openDocStore(connection.docId, flags);
  try {
    await refuseOtherLedger(store, connection);
    return store;
  } catch (error) {
    await store.close();
    throw error;
  }
}

async function readTasks({ tasks }: TimeFlags): Promise<TaskList | undefined> {
  return tasks === undefined ? undefined : readTaskList(readFileBytes(givenPath(tasks)));
}

function toTarget(connection: Connection, store: Store | undefined, progress: Progress) {
  const { api, docId, clock, wait, lagMs } = connection;
  const load: LoadOptions = {
    clock,
    wait,
    lagMs,
    sentMark: store === undefined ? undefined : createTimeMark(store),
    signal: interruptSignal(),
    onProgress: (step) => progress.say(describeProgress(step)),
  };
  return { api, docId, store, load };
}

/** Done is when every entry of the source is a run of the doc. */
function exitCodeOf(
  { reading, report, tasks, isDryRun }: Told,
  { isSelective = false }: TimeFrom,
): ExitCode {
  const unmatched = isSelective ? 0 : report.unmatched.length;
  const left = reading.refused.length + unmatched + (tasks?.refused.length ?? 0);
  if (isDryRun) return left === 0 ? EXIT.done : EXIT.failed;
  const isWhole = report.differences.every(({ kind }) => kind === 'changed');
  return left === 0 && isWhole ? EXIT.done : EXIT.resumable;
}
