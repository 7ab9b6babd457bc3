import { type Command, Option } from 'commander';
import { type Log, type LogLevel, openLog, SILENT } from '#worker/log/index.ts';
import { givenNewPath } from './given-path.ts';

interface LogFlags {
  readonly log?: string;
  readonly logLevel?: LogLevel;
}

const LEVELS: readonly LogLevel[] = ['debug', 'info', 'warn', 'error'];

let log: Log = SILENT;
let doc: string | undefined;

/** The log of this process: silent until one is opened. */
export const processLog: Log = (event) => log(doc === undefined ? event : { ...event, doc });

/** Has every line from now on say which of several docs it is about. */
export function logAbout(docId: string | undefined): void {
  doc = docId;
}

/** Gives the program the options that say whether and where it keeps a log. */
export function addLogOptions(program: Command): void {
  const level = 'log from this level on (default: info); without --log, to standard error';
  program
    .option('--log <file>', 'add what happens to a file, one JSON object a line')
    .addOption(new Option('--log-level <level>', level).choices(LEVELS));
}

/**
 * Opens the log that the options ask for, or closes that of an earlier command.
 * Errors: those of the system where its file cannot be opened.
 */
export async function openProcessLog(flags: LogFlags): Promise<void> {
  const { log: file, logLevel: level } = flags;
  log = SILENT;
  if (file === undefined && level === undefined) return;
  const place = file === undefined ? {} : { file: givenNewPath(file) };
  log = await openLog({ ...place, level: level ?? 'info' });
}
