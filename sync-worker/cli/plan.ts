import { type Command, InvalidArgumentError } from 'commander';
import { PROJECT_PLAN_TABLES, toKnownWork, toProjectPattern } from '#shared/doc/index.ts';
import { DomainError } from '#shared/kernel/index.ts';
import {
  type ProposalRefusal,
  type ProposalRequest,
  proposeProject,
} from '#shared/planning/index.ts';
import { sha256 } from '#worker/store/index.ts';
import { addConnectionOptions, type ConnectionOptions, connect } from './connection.ts';
import { parseDay } from './day-option.ts';
import { readDocNow } from './doc-now.ts';
import { pickNamed } from './pick-named.ts';
import { describeProposal } from './plan-text.ts';

interface PlanFlags extends ConnectionOptions {
  readonly name: string;
  readonly start: string;
  readonly hoursPerDay?: number;
  readonly dryRun?: true;
  readonly json?: true;
}

const EXAMPLE = `
Example:
  npm run -s founder-hq -- plan "Growth audit, fixed price" --name "Audit Acme" --start 2026-01-05

The rows are shown and not made: this version writes none of them to the doc, with or without --dry-run.`;

/** Adds `founder-hq plan OFFER`: the rows an offer's templates would make. */
export function registerPlan(program: Command): void {
  const plan = program
    .command('plan')
    .summary('the project an offer’s templates would make, as a proposal')
    .description(
      'Follows an offer to its service blueprint, workflows and process templates and turns each checklist line into a draft task, with its estimate and how such work has gone. What is there already is not proposed again; what a person has changed since is named and left.',
    )
    .argument('<offer>', 'name or row id of the offer')
    .requiredOption('--name <text>', 'what the engagement and its project are called')
    .requiredOption('--start <day>', 'first day of work, like 2026-01-05', parseDay)
    .option('--hours-per-day <number>', 'hours of work a weekday holds (default: 8)', parseHours)
    .option('--dry-run', 'only show the rows; see below')
    .option('--json', 'print one JSON object');
  addConnectionOptions(plan).addHelpText('after', EXAMPLE);
  plan.action(run);
}

async function run(reference: string, flags: PlanFlags): Promise<void> {
  const connection = await connect(flags, { env: process.env });
  const { doc, runs } = await readDocNow(connection, PROJECT_PLAN_TABLES);
  const pattern = toProjectPattern(doc, pickNamed(doc.offers, reference, 'offer'), runs);
  const proposal = proposeProject(toRequest(flags), { pattern, known: toKnownWork(doc), sha256 });
  if (!proposal.ok) throw new DomainError(proposal.refusal.code, explain(proposal.refusal));
  const { value } = proposal;
  process.stdout.write(
    `${flags.json === true ? JSON.stringify(value) : describeProposal(value)}\n`,
  );
}

const toRequest = ({ name, start, hoursPerDay }: PlanFlags): ProposalRequest => ({
  name,
  startDate: start,
  ...(hoursPerDay === undefined ? {} : { hoursPerDay }),
});

function explain(refusal: ProposalRefusal): string {
  switch (refusal.code) {
    case 'NAME_BLANK':
      return 'The name is blank: give the engagement one with --name.';
    case 'DAY_INVALID':
      return `\`${refusal.received}\` is no day: write it like 2026-01-05.`;
    case 'OFFER_WITHOUT_BLUEPRINT':
      return `The offer \`${refusal.offer}\` has no service blueprint: link one in its row.`;
    case 'BLUEPRINT_WITHOUT_WORKFLOW':
      return `No workflow in use belongs to the blueprint \`${refusal.blueprint}\`: link one in its row.`;
    case 'NO_STEPS': {
      const names = refusal.workflows.map((name) => `\`${name}\``).join(', ');
      return `No process template in use gives steps for ${names}: write a checklist, one step a line.`;
    }
  }
}

function parseHours(text: string): number {
  const hours = Number(text);
  if (text.trim() !== '' && hours > 0 && hours <= 24) return hours;
  throw new InvalidArgumentError('Expected hours above 0 and up to 24, like 6.5.');
}
