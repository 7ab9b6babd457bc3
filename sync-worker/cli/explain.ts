import type { Command } from 'commander';
import { VARIANCE_TABLES } from '#shared/doc/index.ts';
import { DomainError } from '#shared/kernel/index.ts';
import { type Explanation, explainGroup, varianceByGroup } from '#shared/variance/index.ts';
import { describeExplanation, toExplanationJson } from './explain-text.ts';
import { listNames, pickNamed } from './pick-named.ts';
import { addWorkOptions, readWorkSource, type WorkFlags, type WorkSource } from './work-options.ts';

interface ExplainFlags extends WorkFlags {
  readonly json?: true;
}

const HELP = `
The files are those of \`founder-hq variance\`. Without files the doc is read: its rows, and the runs its buttons made;
then a workflow goes by its name or row id there.

Example:
  npm run -s founder-hq -- explain workflow Audit --sessions sessions.csv --tasks tasks.csv
  npm run -s founder-hq -- explain workflow "Marketing Audit" --doc https://coda.io/d/Your-Doc_d…`;

/** Adds `founder-hq explain workflow NAME`: every step from the runs to a workflow's figures. */
export function registerExplain(program: Command): void {
  const group = program.command('explain').description('show how a figure comes about');
  const workflow = group
    .command('workflow')
    .description(
      'Shows every step from the runs of a workflow to its variance: tasks and their estimates, what was left out and why, ratios, range and drift.',
    )
    .argument('<name>', 'the workflow, as the files or the doc name it');
  addWorkOptions(workflow)
    .option('--json', 'print one JSON object')
    .addHelpText('after', HELP)
    .action(run);
}

async function run(name: string, flags: ExplainFlags, command: Command): Promise<void> {
  const asked = { groupings: ['workflow'], tables: VARIANCE_TABLES } as const;
  const source = await readWorkSource(flags, asked, command);
  const explained = { ...explain(source, name), ...source };
  const text =
    flags.json === true
      ? JSON.stringify(toExplanationJson(explained))
      : describeExplanation(explained);
  process.stdout.write(`${text}\n`);
}

/** The explanation of a workflow, and what it is called. Errors: `NO_WORKFLOW`, and those of {@link pickNamed}. */
function explain(
  { work, doc }: WorkSource,
  name: string,
): { readonly explanation: Explanation; readonly called: string } {
  const row = doc === undefined ? undefined : pickNamed(doc.workflows, name, 'workflow');
  const explanation = explainGroup(work, 'workflow', row?.rowId ?? name);
  if (explanation !== undefined) return { explanation, called: row?.name ?? name };
  if (row !== undefined) {
    const text = `Nobody has worked on the workflow \`${row.name}\` and no task of it is finished, so there is nothing to explain yet.`;
    throw new DomainError('NO_WORKFLOW', text);
  }
  const known = varianceByGroup(work.tasks, work.sessions).flatMap(({ bucket, group }) =>
    bucket === 'resolved' ? [group] : [],
  );
  const names = known.length === 0 ? 'none' : listNames(known.sort());
  throw new DomainError(
    'NO_WORKFLOW',
    `No workflow \`${name}\` in the files; there are: ${names}.`,
  );
}
