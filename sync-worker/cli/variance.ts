import { type Command, Option } from 'commander';
import { READABLE_TABLES } from '#shared/doc/index.ts';
import { GROUPINGS, type Grouping, reportWork } from '#shared/variance/index.ts';
import { describeSynonyms, SESSION_FIELDS, TASK_FIELDS } from '#worker/import/index.ts';
import { findUnread, sayUnread, toFileRows } from './unread-file.ts';
import { type Plotted, plotVariance } from './variance-plot.ts';
import { addWorkOptions, readWorkSource, type WorkFlags } from './work-options.ts';
import { describeWork, toWorkJson } from './work-text.ts';

interface VarianceFlags extends WorkFlags {
  readonly by: Grouping;
  readonly detail?: true;
  readonly plot?: string;
  readonly json?: true;
}

const HELP = `
The session file has a row a run: run_id, task_id, workflow, person, started_at, ended_at, net_minutes,
interruption_minutes. The task file has a row a task, or one for each estimate it was given: task_id, parent_id,
workflow, estimated_hours, estimated_on, completed_on. Either may name project, process_template,
service_blueprint, offer, engagement and venture. Other headers that are taken are listed below. Times without an offset
are those of clocks in --zone. Without files the doc is read: its rows, and the runs its buttons made.

Example:
  npm run -s founder-hq -- variance --sessions sessions.csv --tasks tasks.csv --zone Europe/Berlin
  npm run -s founder-hq -- variance --sessions sessions.csv --tasks tasks.csv --by person --json --detail
  npm run -s founder-hq -- variance --doc https://coda.io/d/Your-Doc_d… --by project

Other headers of the session file; case, blanks, _ and - make no difference:
${describeSynonyms(SESSION_FIELDS)}
Of the task file:
${describeSynonyms(TASK_FIELDS)}`;

/** Adds `founder-hq variance`: the whole way from runs to the variance of every group, of plain files or a doc. */
export function registerVariance(program: Command): void {
  const command = program
    .command('variance')
    .summary('how far work ends from its estimates, from plain files or a doc')
    .description(
      'Sums the runs of each finished task, compares it with the estimate it began with, and shows each group’s typical and total variance, its range, whether it drifts, and what had to be left out. Files need no doc and send nothing; a doc is read and not changed.',
    );
  addWorkOptions(command)
    .addOption(
      new Option('--by <grouping>', 'what to group by').choices(GROUPINGS).default('workflow'),
    )
    .option(
      '--detail',
      'with --json: every task behind the figures with its runs and revisions, who overlaps, and which runs and tasks the flags count',
    )
    .option('--plot <file>', 'draw a strip for each group, as an SVG file, and tell it in words')
    .option('--json', 'print one JSON object')
    .addHelpText('after', HELP)
    .action(run);
}

async function run(flags: VarianceFlags, command: Command): Promise<void> {
  if (flags.detail === true && flags.json !== true) {
    command.error('error: `--detail` adds to the JSON object: add `--json`');
  }
  const asked = { groupings: [flags.by], tables: READABLE_TABLES };
  const source = await readWorkSource(flags, asked, command);
  const report = reportWork(source.work, flags.by);
  const shown = { source, report, isDetailed: flags.detail === true };
  const plot = flags.plot === undefined ? undefined : plotVariance(flags.plot, shown);
  const text =
    flags.json === true
      ? JSON.stringify({ ...toWorkJson(shown), ...toPlotJson(plot) })
      : [
          describeWork(shown),
          ...(plot === undefined ? [] : ['', plot.words, '', `Drawn in ${plot.path}`]),
        ].join('\n');
  const { work, refused } = source;
  const unread = findUnread([toFileRows('sessions', work.sessions.length, refused)]);
  if (flags.json === true || unread === undefined) process.stdout.write(`${text}\n`);
  if (unread !== undefined) process.exitCode = sayUnread(unread, refused);
}

const toPlotJson = (plot: Plotted | undefined): object =>
  plot === undefined ? {} : { plot: plot.words, plotFile: plot.path };
