import { basename, join } from 'node:path';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { isDomainError } from '#shared/kernel/index.ts';
import {
  createSentMark,
  type Delimiter,
  describeSynonyms,
  fieldsOf,
  HISTORY_FIELDS,
  type HistoryField,
  type ImportDoc,
  type ImportReport,
  importHistory,
  readFileBytes,
} from '#worker/import/index.ts';
import { addConnectionOptions, type ConnectionOptions, connect } from './connection.ts';
import { EXIT, type ExitCode } from './exit-code.ts';
import { tellError } from './explain-error.ts';
import { givenPath } from './given-path.ts';
import { registerImportCalendar } from './import-calendar.ts';
import { registerImportEvents } from './import-events.ts';
import { registerImportGit } from './import-git.ts';
import { registerImportPrices } from './import-prices.ts';
import { describeProgress, describeReport } from './import-text.ts';
import { registerImportTime } from './import-time.ts';
import { interruptSignal } from './interrupt.ts';
import { createMapParser } from './map-option.ts';
import { createProgress, type Progress } from './progress.ts';
import { createRefusedFile } from './refused-file.ts';
import { STATE_FOLDER } from './state-folder.ts';

interface HistoryOptions extends ConnectionOptions {
  /** Fields by the column they are read from. */
  readonly map?: ReadonlyMap<HistoryField, string>;
  readonly delimiter?: Delimiter;
  readonly idPrefix?: string;
  readonly dryRun?: true;
  readonly strict?: true;
  readonly refused?: string;
  readonly json?: true;
}

const EXAMPLE = `
Example:
  npm run -s founder-hq -- import history hours.csv --dry-run
  npm run -s founder-hq -- import history hours.csv --map task_id="Issue key" --map actual_hours="Time spent"

Fields: ${fieldsOf(HISTORY_FIELDS).join(', ')}.
Needed are task_id, workflow and actual_hours. Hours look like 1.5, days like 2026-03-31.
Other headers that are taken; case, blanks, _ and - make no difference:
${describeSynonyms(HISTORY_FIELDS)}`;

/** Adds `import` with a command for each kind of file. */
export function registerImport(program: Command): void {
  const group = program
    .command('import')
    .description(
      'bring in what you already have: finished work, tracked time, events of tools, prices',
    );
  const history = group
    .command('history')
    .description('load a CSV of finished work as workflows, projects, people, tasks and runs')
    .argument('<file>', 'CSV with a header and one row a finished task')
    .option(
      '--map <field=column>',
      'read a field from this column; may be repeated',
      createMapParser(HISTORY_FIELDS),
    )
    .addOption(
      new Option(
        '--delimiter <char>',
        'what separates fields: , ; or tab (default: found in the header)',
      ).argParser(parseDelimiter),
    )
    .option(
      '--id-prefix <text>',
      'set before every task id, for a second source with ids of its own',
    )
    .option('--dry-run', 'read and check the file, and send nothing')
    .option('--strict', 'send nothing if any row is bad')
    .option(
      '--refused <file>',
      'write every bad row, with its reason, to this CSV file, to be mended and imported',
    )
    .option('--json', 'print the report as one JSON object');
  addConnectionOptions(history).addHelpText('after', EXAMPLE);
  history.action(async (file: string, options: HistoryOptions) => {
    process.exitCode = await runImport(file, options);
  });
  registerImportTime(group);
  registerImportCalendar(group);
  registerImportGit(group);
  registerImportEvents(group);
  registerImportPrices(group);
}

async function runImport(file: string, options: HistoryOptions): Promise<ExitCode> {
  const progress = createProgress();
  const refused =
    options.refused === undefined ? undefined : createRefusedFile(options.refused, file);
  try {
    const report = await importHistory({
      source: readFileBytes(givenPath(file)),
      columns: options.map,
      takesMap: true,
      delimiter: options.delimiter,
      idPrefix: options.idPrefix,
      isStrict: options.strict,
      onHeader: refused?.begin,
      onRefused: refused?.write,
      onRead: (rows) => progress.say(`reading: ${rows.toLocaleString('en-US')} rows`),
      doc: options.dryRun === true ? undefined : await openDoc(options, progress),
    });
    progress.end();
    const isJson = options.json === true;
    const text = isJson ? `${JSON.stringify(report)}\n` : describeReport(report, basename(file));
    process.stdout.write(text);
    return exitCodeOf(report);
  } catch (error) {
    // What was sent is safe and found again, so a failure that passes only asks for another run.
    progress.end();
    if (!isDomainError(error) || !error.retryable) throw error;
    tellError(error);
    return EXIT.resumable;
  } finally {
    refused?.close();
  }
}

async function openDoc(options: ConnectionOptions, progress: Progress): Promise<ImportDoc> {
  const { api, docId, clock, wait, lagMs } = await connect(options, { env: process.env });
  return {
    api,
    docId,
    clock,
    wait,
    lagMs,
    sentMark: createSentMark(join(STATE_FOLDER, `import-${docId}`)),
    signal: interruptSignal(),
    onProgress: (step) => progress.say(describeProgress(step)),
  };
}

/** A history is done when every row of the file is in the doc. A check ends as the import would. */
export function exitCodeOf({ outcome, accepted, refusedCount, load }: ImportReport): ExitCode {
  const isUseless = accepted === 0 && refusedCount > 0;
  if (outcome === 'refused' || isUseless) return EXIT.failed;
  const isWhole = load?.differences.every(({ kind }) => kind === 'changed') ?? true;
  return refusedCount === 0 && isWhole ? EXIT.done : EXIT.resumable;
}

function parseDelimiter(text: string): Delimiter {
  if (text === ',' || text === ';' || text === '\t') return text;
  if (text.toLowerCase() === 'tab' || text === '\\t') return '\t';
  throw new InvalidArgumentError('Expected one of , ; tab.');
}
