import { type Command, InvalidArgumentError } from 'commander';
import { drawCalibrationPlot } from '#shared/chart/index.ts';
import { type Day, isDay } from '#shared/kernel/index.ts';
import {
  BACKTEST_MODELS,
  backtest,
  toBacktestScene,
  toCalibration,
} from '#shared/variance/index.ts';
import {
  BACKTEST_FIELDS,
  type BacktestField,
  describeSynonyms,
  fieldsOf,
  readBacktestFile,
  readFileBytes,
} from '#worker/import/index.ts';
import { describeBacktest, describeLeftOut, toBacktestJson, whyNothing } from './backtest-text.ts';
import { EXIT } from './exit-code.ts';
import { givenPath } from './given-path.ts';
import { createMapParser } from './map-option.ts';
import { writeDrawing } from './write-made.ts';

interface BacktestFlags {
  readonly map?: ReadonlyMap<BacktestField, string>;
  readonly genuine?: true;
  readonly scoreFrom?: Day;
  readonly plot?: string;
  readonly json?: true;
}

const HELP = `
The file has a row a finished task: ${fieldsOf(BACKTEST_FIELDS).join(', ')}.
Needed are estimated_hours, actual_hours and estimated_on; each name given lets the forecaster see more. Hours look
like 1.5, days like 2026-03-31. Other headers that are taken are listed below.
Every task is forecast from those completed before the day of its estimate, and from nothing else.

maeLn is the mean of |ln(actual / forecast)|, winklerLn the interval score of the 80 % range on the ln scale; both are
better the lower they are. coverage80 should be 0.8. mdmre is the median of |actual − forecast| / actual, pred25 the share of
tasks within 25 % of it, biasLn the mean of ln(actual / forecast), 0 where nothing leans; hiLo is how wide ranges are, high ÷ low.
The model raw is the estimate itself. The first fifth of the rows is only learned from, unless --score-from says otherwise.

Example:
  npm run -s founder-hq -- backtest tasks.csv
  npm run -s founder-hq -- backtest tasks.csv --map actual_hours="Time spent" --score-from 2026-01-01 --json

Other headers; case, blanks, _ and - make no difference:
${describeSynonyms(BACKTEST_FIELDS)}`;

/** Adds `founder-hq backtest`: how well forecasts made in the past would have held, on a file of finished work. */
export function registerBacktest(program: Command): void {
  program
    .command('backtest')
    .summary('how well forecasts would have held on your finished work')
    .description(
      'Forecasts every finished task of a file as it could have been on the day it was estimated, with our forecaster and with other rules, and shows how far each was off. Needs no doc and sends nothing.',
    )
    .argument('<file>', 'CSV with a header and one row a finished task')
    .option(
      '--column-map, --map <field=column>',
      'read a field from this column; may be repeated',
      createMapParser(BACKTEST_FIELDS),
    )
    .option('--genuine', 'leave out tasks completed on the day of their estimate or before it')
    .option(
      '--score-from <day>',
      'judge the tasks estimated from this day on (default: all but the first fifth)',
      parseDayOption,
    )
    .option('--plot <file>', 'draw how often our ranges held, as an SVG file')
    .option('--json', 'print one JSON object')
    .addHelpText('after', HELP)
    .action(async (file: string, flags: BacktestFlags) => {
      process.exitCode = await run(file, flags);
    });
}

async function run(file: string, flags: BacktestFlags): Promise<number> {
  const read = await readBacktestFile(readFileBytes(givenPath(file)), {
    columns: flags.map,
    takesMap: true,
  });
  const { genuine, scoreFrom } = flags;
  const scene = toBacktestScene(read.history, { genuineOnly: genuine, scoreFrom });
  const report = { scene, results: backtest(scene, BACKTEST_MODELS), refused: read.refused };
  if (flags.plot !== undefined) {
    const path = writeDrawing(flags.plot, drawCalibrationPlot(toCalibration(scene)));
    process.stderr.write(`Drawn in ${path}\n`);
  }
  const leftOut = describeLeftOut(report).map((line) => `${line}\n`);
  if (flags.json === true) {
    process.stdout.write(`${JSON.stringify(toBacktestJson(report))}\n`);
    // What was left out is no figure, and the object holds figures alone.
    process.stderr.write(leftOut.join(''));
  } else if (report.results.length > 0) {
    process.stdout.write([describeBacktest(report), '\n', ...leftOut].join(''));
  } else {
    process.stderr.write(leftOut.join(''));
  }
  if (report.results.length > 0) return EXIT.done;
  process.stderr.write(`error: ${whyNothing(scene, scoreFrom)}\n`);
  return EXIT.failed;
}

function parseDayOption(text: string): Day {
  if (isDay(text)) return text;
  throw new InvalidArgumentError('Expected a day such as 2026-03-31.');
}
