import type { Command } from 'commander';
import { DomainError } from '#shared/kernel/index.ts';
import { explainGroup, varianceByGroup } from '#shared/variance/index.ts';
import { describeExplanation, toExplanationJson } from './explain-text.ts';
import { addWorkOptions, readWorkFiles, type WorkFileFlags } from './work-options.ts';

interface ExplainFlags extends WorkFileFlags {
  readonly json?: true;
}

const HELP = `
The files are those of \`founder-hq variance\`.

Example:
  npm run -s founder-hq -- explain workflow Audit --sessions sessions.csv --tasks tasks.csv`;

/** Adds `founder-hq explain workflow NAME`: every step from the runs to a workflow's figures. */
export function registerExplain(program: Command): void {
  const group = program.command('explain').description('show how a figure comes about');
  const workflow = group
    .command('workflow')
    .description(
      'Shows every step from the runs of a workflow to its variance: tasks and their estimates, what was left out and why, ratios, range and drift.',
    )
    .argument('<name>', 'the workflow, as the files name it');
  addWorkOptions(workflow)
    .option('--json', 'print one JSON object')
    .addHelpText('after', HELP)
    .action(run);
}

async function run(name: string, flags: ExplainFlags): Promise<void> {
  const work = await readWorkFiles(flags);
  const explanation = explainGroup(work, 'workflow', name);
  if (explanation === undefined) {
    const known = varianceByGroup(work.tasks, work.sessions)
      .filter(({ bucket }) => bucket === 'resolved')
      .map(({ group }) => `\`${group}\``);
    const names = known.length === 0 ? 'none' : known.sort().join(', ');
    throw new DomainError(
      'NO_WORKFLOW',
      `No workflow \`${name}\` in the files; there are: ${names}.`,
    );
  }
  const text =
    flags.json === true
      ? JSON.stringify(toExplanationJson(explanation))
      : describeExplanation(explanation);
  process.stdout.write(`${text}\n`);
}
