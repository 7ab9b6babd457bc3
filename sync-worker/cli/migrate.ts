import type { Command } from 'commander';
import type { MigrationChange, MigrationPlan } from '#shared/doc/index.ts';
import { isDomainError } from '#shared/kernel/index.ts';
import type { LoadOptions } from '#worker/import/index.ts';
import {
  addQuestions,
  applyMigration,
  createMigrationMark,
  type DecisionsFile,
  type MigrationApplied,
  type MigrationView,
  readDecisions,
  undoMigration,
  viewMigration,
} from '#worker/migrate/index.ts';
import type { Store } from '#worker/store/index.ts';
import { holdLease } from '#worker/sync/index.ts';
import {
  addConnectionOptions,
  type Connection,
  type ConnectionOptions,
  connect,
} from './connection.ts';
import { EXIT, type ExitCode } from './exit-code.ts';
import { tellError } from './explain-error.ts';
import { givenNewPath } from './given-path.ts';
import { describeProgress } from './import-text.ts';
import { interruptSignal } from './interrupt.ts';
import { openIfKept } from './ledger-now.ts';
import { describeApplied, describeUndone, describeView } from './migrate-text.ts';
import { openDocStore, refuseOtherLedger } from './open-store.ts';
import { createProgress, type Progress } from './progress.ts';
import { addStoreOption, type StoreOptions } from './store-option.ts';

interface MigrateFlags extends ConnectionOptions, StoreOptions {
  readonly apply?: true;
  readonly undo?: true;
  readonly decisions?: string;
  readonly json?: true;
}

const EXAMPLE = `
Example:
  npm run -s founder-hq -- migrate --decisions decisions.csv
  npm run -s founder-hq -- migrate --decisions decisions.csv --apply
  npm run -s founder-hq -- migrate --undo

The first shows every cell and row that would be written and lists in decisions.csv what only you can decide: fill in the last column
of the lines you are sure of. What --apply writes is noted beside what stood there before, so that it can be stopped, goes on
where it was, and --undo puts back every cell and takes away every row that nobody has changed since.`;

/** Adds `founder-hq migrate`: a doc's way to the pattern ontology, shown, carried out or undone. */
export function registerMigrate(program: Command): void {
  const migrate = program
    .command('migrate')
    .summary('move an older doc to blueprints, workflows and templates; --apply writes')
    .description(
      'Sorts DB Templates into process and resource templates, gives tasks the dates of their sprint, and leads every offer to a blueprint and every blueprint to a workflow. Nothing is deleted or overwritten, what is not plain is left for you to decide, and without --apply nothing is written.',
    )
    .option('--dry-run', 'show what would be written (as without any option)')
    .option('--apply', 'write it, and look whether all is as it should be')
    .option('--undo', 'put back what was there before, but for what was changed since')
    .option(
      '--decisions <file>',
      'CSV file with what you have decided; open questions are added to it',
    )
    .option('--json', 'print one JSON object');
  addConnectionOptions(migrate).addHelpText('after', EXAMPLE);
  addStoreOption(migrate).action(async (flags: MigrateFlags, command: Command) => {
    const modes = ['dryRun', 'apply', 'undo'].filter((name) => command.opts()[name] === true);
    if (modes.length > 1)
      command.error('error: --dry-run, --apply and --undo exclude each other', {
        exitCode: EXIT.usage,
      });
    process.exitCode = await runMigrate(flags);
  });
}

async function runMigrate(flags: MigrateFlags): Promise<ExitCode> {
  const connection = await connect(flags, { env: process.env });
  if (flags.apply !== true && flags.undo !== true) return show(flags, connection);
  const store = await openDocStore(connection.docId, flags);
  const progress = createProgress();
  try {
    await refuseOtherLedger(store, connection);
    return await underLease({ connection, store, progress }, (options) =>
      flags.undo === true
        ? undo(flags, { connection, store, progress }, options)
        : apply(flags, { connection, store, progress }, options),
    );
  } catch (error) {
    // What was written is noted and found again, so a failure that passes only asks for another run.
    if (!isDomainError(error) || !error.retryable) throw error;
    tellError(error);
    return EXIT.resumable;
  } finally {
    progress.end();
    await store.close();
  }
}

async function show(flags: MigrateFlags, target: Connection): Promise<ExitCode> {
  const file = await readFile(flags);
  const store = await openIfKept(target.docId, flags);
  try {
    const view = await viewMigration({ target, decisions: file.decisions }, store);
    const asked = ask(flags, file, view);
    const told = `${describeView(view)}\n${asked}Nothing was written to the doc${view.plan.changes.length === 0 ? '' : '; --apply writes it'}.`;
    print(flags.json === true ? toJson(view) : told);
    return view.needs.length === 0 ? EXIT.done : EXIT.failed;
  } finally {
    await store?.close();
  }
}

interface Migrating {
  readonly connection: Connection;
  readonly store: Store;
  readonly progress: Progress;
}

async function apply(
  flags: MigrateFlags,
  { connection: target, store, progress }: Migrating,
  options: LoadOptions,
): Promise<ExitCode> {
  const file = await readFile(flags);
  const applied = await applyMigration({ target, decisions: file.decisions }, store, options);
  progress.end();
  const asked = ask(flags, file, applied);
  print(flags.json === true ? toJson(applied) : `${describeApplied(applied)}\n${asked}`.trimEnd());
  if (applied.remaining > 0 || applied.plan.questions.length > 0) return EXIT.resumable;
  return applied.checks.every(({ failures }) => failures.length === 0) ? EXIT.done : EXIT.refused;
}

async function undo(
  { json }: MigrateFlags,
  { connection, store, progress }: Migrating,
  options: LoadOptions,
): Promise<ExitCode> {
  const undone = await undoMigration(connection, store, options);
  progress.end();
  print(json === true ? JSON.stringify(undone) : describeUndone(undone));
  return undone.remaining === 0 && undone.left.length === 0 ? EXIT.done : EXIT.resumable;
}

/** Nobody else decides or writes meanwhile; a wait is cut into pieces so that the lease does not run out in it. */
async function underLease(
  { connection, store, progress }: Migrating,
  work: (options: LoadOptions) => Promise<ExitCode>,
): Promise<ExitCode> {
  const { clock, wait, lagMs, guardWrites } = connection;
  const lease = await holdLease(store, clock);
  guardWrites(lease.check);
  try {
    return await work({
      clock,
      lagMs,
      wait: async (ms) => {
        for (let left = ms; left > 0; left -= PIECE_MS) {
          await lease.keep();
          await wait(Math.min(left, PIECE_MS));
        }
      },
      sentMark: createMigrationMark(store),
      signal: interruptSignal(),
      onProgress: (step) => progress.say(describeProgress(step).trim()),
    });
  } finally {
    guardWrites(async () => {});
    await lease.release();
  }
}

/** Units: ms. */
const PIECE_MS = 20_000;

const readFile = ({ decisions }: MigrateFlags): Promise<DecisionsFile> =>
  decisions === undefined
    ? Promise.resolve({ decisions: new Map(), lines: [] })
    : readDecisions(givenNewPath(decisions));

/** Adds what is open to the decisions file, and says so. */
function ask({ decisions }: MigrateFlags, file: DecisionsFile, { plan }: MigrationView): string {
  if (plan.questions.length === 0) return '';
  if (decisions === undefined) return 'To decide, add --decisions FILE and fill in the file.\n';
  const added = addQuestions(givenNewPath(decisions), file, plan.questions);
  return added === 0 ? '' : `${decisions}: ${added} added for you to decide.\n`;
}

const print = (text: string): boolean => process.stdout.write(`${text}\n`);

function toJson(view: MigrationView | MigrationApplied): string {
  const { after: _, ...plan }: MigrationPlan = view.plan;
  return JSON.stringify({ ...view, plan: { ...plan, changes: plan.changes.map(toPlain) } });
}

const toPlain = (change: MigrationChange): object =>
  change.kind === 'row' ? { ...change, cells: Object.fromEntries(change.cells) } : change;
