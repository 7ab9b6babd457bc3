import { type Command, Option } from 'commander';
import {
  createLedgerRun,
  type DocFinding,
  type FounderHqDoc,
  namesOf,
  type ReadableTable,
  toVarianceInput,
} from '#shared/doc/index.ts';
import { isDomainError } from '#shared/kernel/index.ts';
import type { Grouping, RecordedWork } from '#shared/variance/index.ts';
import { readFileBytes, readWork, type WorkRead } from '#worker/import/index.ts';
import { type Connection, type ConnectionOptions, connect } from './connection.ts';
import { readDocNow } from './doc-now.ts';
import { givenPath } from './given-path.ts';
import { readDocSetUp } from './set-up.ts';
import { parseZone } from './zone-option.ts';

/** Where work is read from, as it is given on the command line. */
export interface WorkFlags extends ConnectionOptions {
  readonly sessions?: string;
  readonly tasks?: string;
  readonly zone?: string;
}

/** Work as files or a doc tell it, and what was noticed on the way. */
export interface WorkSource {
  readonly work: RecordedWork;
  /** The zone whose days count. */
  readonly timeZone: string;
  /** The rows, where a doc was read. */
  readonly doc?: FounderHqDoc;
  /** What ids are called; an id without a name goes by itself. */
  readonly names: ReadonlyMap<string, string>;
  /** Rows of files that cannot be read. */
  readonly refused: WorkRead['refused'];
  /** Times of files that clocks of the zone show twice or never. */
  readonly oddClocks: WorkRead['oddClocks'];
  /** Whether anything says which tasks are finished; where nothing does, every task counts as finished. */
  readonly tellsCompletion: boolean;
  /** What is odd about a doc; nothing for files, which are judged by their rows. */
  readonly findings: readonly DocFinding[];
}

/** Gives a command the options that say where work is read from. */
export const addWorkOptions = (command: Command): Command =>
  command
    .addOption(new Option('--sessions <file>', 'CSV with a row a run').conflicts('doc'))
    .option('--tasks <file>', 'CSV with a row a task or a revision of its estimate')
    .option('--doc <url or id>', 'the doc (default without files: the one that is served here)')
    .option(
      '--zone <zone>',
      'the zone of times without an offset, and of months (default: UTC; of a doc its own)',
      parseZone,
    );

/**
 * Reads the files a command was given, or the doc, changing nothing in it.
 * Shape: of a doc, the tables named are read, and runs resolved by the groupings.
 */
export function readWorkSource(
  flags: WorkFlags,
  asked: { readonly groupings: readonly Grouping[]; readonly tables: readonly ReadableTable[] },
  command: Command,
): Promise<WorkSource> {
  const { sessions, tasks, zone = 'UTC' } = flags;
  if (sessions !== undefined) return readFiles({ sessions, tasks, zone });
  if (tasks === undefined) return readDoc(flags, asked, command);
  return command.error('error: `--tasks` tells nothing without the runs: add `--sessions FILE`');
}

async function readFiles(given: {
  readonly sessions: string;
  readonly tasks: string | undefined;
  readonly zone: string;
}): Promise<WorkSource> {
  const { sessions, tasks, zone } = given;
  const work = await readWork({
    sessions: readFileBytes(givenPath(sessions)),
    tasks: tasks === undefined ? undefined : readFileBytes(givenPath(tasks)),
    timeZone: zone,
  });
  const { refused, oddClocks, tellsCompletion } = work;
  return {
    work,
    timeZone: zone,
    names: new Map(),
    refused,
    oddClocks,
    tellsCompletion,
    findings: [],
  };
}

async function readDoc(
  flags: WorkFlags,
  { groupings, tables }: Parameters<typeof readWorkSource>[1],
  command: Command,
): Promise<WorkSource> {
  const connection = await connectOrSay(flags, '--sessions FILE', command);
  const { doc, runs, findings } = await readDocNow(connection, tables);
  const timeZone = await zoneOf(connection, flags.zone);
  const ledgerRuns = runs.map(createLedgerRun(doc));
  const work = toVarianceInput(doc, ledgerRuns, { groupings, timeZone });
  return {
    work,
    timeZone,
    doc,
    names: namesOf(doc),
    refused: [],
    oddClocks: [],
    tellsCompletion: true,
    findings: [...findings, ...work.findings],
  };
}

/** The zone that was given, else the one the doc says it is in, else that of `init`. */
export async function zoneOf({ api, docId }: Connection, zone?: string): Promise<string> {
  return zone ?? (await api.getDoc(docId)).timezone ?? readDocSetUp(docId)?.zone ?? 'UTC';
}

/** Connects to the doc; where neither a doc nor the files are named, that is a command line with something missing. */
export async function connectOrSay(
  flags: ConnectionOptions,
  files: string,
  command: Command,
): Promise<Connection> {
  try {
    return await connect(flags, { env: process.env });
  } catch (error) {
    if (!isDomainError(error) || error.code !== 'DOC_UNNAMED') throw error;
    const way = `add \`${files}\`, or \`--doc URL\`, or let \`npm start\` serve a doc`;
    return command.error(`error: no work is named: ${way}`);
  }
}
