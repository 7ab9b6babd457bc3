import { type Command, InvalidArgumentError } from 'commander';
import {
  type FounderHqDoc,
  PROJECT_PLAN_TABLES,
  toKnownWork,
  toProjectPattern,
} from '#shared/doc/index.ts';
import { DomainError, isDomainError } from '#shared/kernel/index.ts';
import {
  isPlanKey,
  type ProjectProposal,
  type ProposalRefusal,
  type ProposalRequest,
  proposeProject,
} from '#shared/planning/index.ts';
import { awaitEarlierLoad, type LoadOptions } from '#worker/import/index.ts';
import { applyProposal, createPlanMark, keepMadeKeys, readMadeKeys } from '#worker/plan/index.ts';
import { type Store, sha256 } from '#worker/store/index.ts';
import { readBooks, toViewRuns } from '#worker/sync/index.ts';
import {
  addConnectionOptions,
  type Connection,
  type ConnectionOptions,
  connect,
} from './connection.ts';
import { parseDay } from './day-option.ts';
import { readDocNow } from './doc-now.ts';
import { EXIT, type ExitCode } from './exit-code.ts';
import { tellError } from './explain-error.ts';
import { describeProgress } from './import-text.ts';
import { interruptSignal } from './interrupt.ts';
import { joinRuns, openIfKept } from './ledger-now.ts';
import { openDocStore, refuseOtherLedger } from './open-store.ts';
import { pickNamed } from './pick-named.ts';
import { describeMade, describeProposal } from './plan-text.ts';
import { createProgress, type Progress } from './progress.ts';
import { addStoreOption, type StoreOptions } from './store-option.ts';

interface PlanFlags extends ConnectionOptions, StoreOptions {
  readonly name: string;
  readonly start: string;
  readonly hoursPerDay?: number;
  readonly apply?: true;
  readonly json?: true;
}

const EXAMPLE = `
Example:
  npm run -s founder-hq -- plan "Growth audit, fixed price" --name "Audit Acme" --start 2026-01-05
  npm run -s founder-hq -- plan "Growth audit, fixed price" --name "Audit Acme" --start 2026-01-05 --apply

Each row is made under a key of its own in external_id, which engagements, projects and tasks need for --apply: planned twice, nothing
comes twice, and a row that a person has changed or deleted since stays so.`;

/** Adds `founder-hq plan OFFER`: the rows an offer's templates would make. */
export function registerPlan(program: Command): void {
  const plan = program
    .command('plan')
    .summary('the project an offer’s templates would make; --apply makes it')
    .description(
      'Follows an offer to its service blueprint, workflows and process templates and turns each checklist line into a draft task, with its estimate and how such work has gone. What is there already is not proposed again; what a person has changed since is named and left. Without --apply nothing is written.',
    )
    .argument('<offer>', 'name or row id of the offer')
    .requiredOption('--name <text>', 'what the engagement and its project are called')
    .requiredOption('--start <day>', 'first day of work, like 2026-01-05', parseDay)
    .option('--hours-per-day <number>', 'hours of work a weekday holds (default: 8)', parseHours)
    .option('--apply', 'show the rows, then make them in the doc')
    .option('--json', 'print one JSON object');
  addConnectionOptions(plan).addHelpText('after', EXAMPLE);
  addStoreOption(plan).action(async (offer: string, flags: PlanFlags) => {
    if (flags.apply === true) process.exitCode = await apply(offer, flags);
    else await show(offer, flags);
  });
}

const NOTHING_TO_MAKE = 'Nothing was written to the doc, and nothing is left to make.';
const NOT_WRITTEN = 'Nothing was written to the doc; --apply makes the rows.';

interface Planning {
  readonly connection: Connection;
  /** Absent where the doc has no ledger yet. */
  readonly store: Store | undefined;
}

async function show(offer: string, flags: PlanFlags): Promise<void> {
  const connection = await connect(flags, { env: process.env });
  const store = await openIfKept(connection.docId, flags);
  try {
    const { proposal } = await propose(offer, flags, { connection, store });
    const text =
      flags.json === true
        ? JSON.stringify(proposal)
        : `${describeProposal(proposal)}\n${proposal.rows.length === 0 ? NOTHING_TO_MAKE : NOT_WRITTEN}`;
    process.stdout.write(`${text}\n`);
  } finally {
    await store?.close();
  }
}

async function apply(offer: string, flags: PlanFlags): Promise<ExitCode> {
  const connection = await connect(flags, { env: process.env });
  const store = await openDocStore(connection.docId, flags);
  const progress = createProgress();
  try {
    await refuseOtherLedger(store, connection);
    return await make(offer, flags, { connection, store, progress });
  } catch (error) {
    // What was made is found again by its key, so a failure that passes only asks for another run.
    if (!isDomainError(error) || !error.retryable) throw error;
    tellError(error);
    return EXIT.resumable;
  } finally {
    progress.end();
    await store.close();
  }
}

type Making = Planning & { readonly store: Store; readonly progress: Progress };

async function make(offer: string, flags: PlanFlags, making: Making): Promise<ExitCode> {
  const { connection, progress, store } = making;
  const options = toLoadOptions(making);
  // Rows sent a minute ago may not show yet, and would be taken for rows that nobody has made.
  await awaitEarlierLoad(options);
  const { proposal, doc } = await propose(offer, flags, making);
  if (flags.json !== true) process.stdout.write(`${describeProposal(proposal)}\n`);
  const made = await applyProposal(connection, proposal, options);
  await keepMadeKeys(store, [...listPlanKeys(doc), ...made.keys]);
  progress.end();
  const text =
    flags.json === true ? JSON.stringify({ ...proposal, applied: made }) : describeMade(made);
  process.stdout.write(`${text}\n`);
  return made.keys.length === proposal.rows.length ? EXIT.done : EXIT.resumable;
}

function toLoadOptions({ connection, progress, store }: Making): LoadOptions {
  const { clock, wait, lagMs } = connection;
  return {
    clock,
    wait,
    lagMs,
    sentMark: createPlanMark(store),
    signal: interruptSignal(),
    onProgress: (step) => progress.say(describeProgress(step).trim()),
  };
}

async function propose(
  offer: string,
  flags: PlanFlags,
  { connection, store }: Planning,
): Promise<{ readonly proposal: ProjectProposal; readonly doc: FounderHqDoc }> {
  const { doc, runs: inDoc, nowMs } = await readDocNow(connection, PROJECT_PLAN_TABLES);
  const runs =
    store === undefined ? inDoc : joinRuns(inDoc, toViewRuns(await readBooks(store), nowMs));
  const madeKeys = store === undefined ? new Set<string>() : await readMadeKeys(store);
  const pattern = toProjectPattern(doc, pickNamed(doc.offers, offer, 'offer'), runs);
  const facts = { pattern, known: toKnownWork(doc, madeKeys), sha256 };
  const proposal = proposeProject(toRequest(flags), facts);
  if (!proposal.ok) throw new DomainError(proposal.refusal.code, explain(proposal.refusal));
  return { proposal: proposal.value, doc };
}

/** Rows of proposals that the doc shows: also those of a run that ended before it could remember them. */
const listPlanKeys = ({ engagements, projects, tasks }: FounderHqDoc): readonly string[] =>
  [...engagements, ...projects, ...tasks].flatMap(({ externalId }) =>
    externalId !== undefined && isPlanKey(externalId) ? [externalId] : [],
  );

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
