import {
  checkMigration,
  findNeeds,
  type MigrationCheck,
  type MigrationDecisions,
  type MigrationPlan,
  type MigrationTable,
  planMigration,
  toBaseline,
} from '#shared/doc/index.ts';
import { DomainError } from '#shared/kernel/index.ts';
import {
  awaitEarlierLoad,
  bringTables,
  type Difference,
  type LoadOptions,
  refuseTooMany,
  type TableLoad,
  type TargetDoc,
} from '#worker/import/index.ts';
import type { Store } from '#worker/store/index.ts';
import {
  type Journal,
  listBegun,
  type MigrationState,
  noteIntentions,
  readJournal,
} from './journal.ts';
import { type MigrationSession, openLoad, STEPS } from './open-tables.ts';
import { type MigrationReading, readMigration } from './read-migration.ts';
import { createRowFinder, settle, settleEntries, withSettled } from './settle-journal.ts';
import { toWantedRows } from './wanted-rows.ts';

/** A doc's migration as it stands: what is left to write, and what would hold after it. */
export interface MigrationView {
  readonly plan: MigrationPlan;
  /** What the doc lacks before anything can be written. */
  readonly needs: readonly string[];
  /** Of the doc as the plan would leave it. */
  readonly checks: readonly MigrationCheck[];
  /** Rows by table, before and after. */
  readonly counts: readonly MigrationCount[];
  /** Cells and rows that were written by earlier runs. */
  readonly written: number;
}

/** How many rows a table has. */
export interface MigrationCount {
  readonly table: MigrationTable;
  readonly before: number;
  readonly after: number;
}

/** What came of carrying a migration out. */
export interface MigrationApplied extends MigrationView {
  /** Requests that wrote rows. */
  readonly contentWrites: number;
  /** What the doc does not show as it was sent. */
  readonly differences: readonly Difference[];
  /** Changes that are still to be written; 0 where all were. */
  readonly remaining: number;
}

/** What a migration rests on. */
export interface MigrationSetting {
  readonly target: TargetDoc;
  readonly decisions: MigrationDecisions;
}

/** Looks what a migration would write, and writes nothing. Shape: `store` is absent where the doc has no ledger yet. */
export async function viewMigration(
  { target, decisions }: MigrationSetting,
  store: Store | undefined,
): Promise<MigrationView> {
  const reading = await readMigration(target);
  const journal = store === undefined ? EMPTY : await readJournal(store);
  const settled = withSettled(journal, settleEntries(reading, journal, false));
  return toView(reading, settled, withKept(decisions, settled));
}

const EMPTY: Journal = { entries: new Map(), state: undefined };

/**
 * Carries a migration out: notes what is about to be written beside what stands there, writes it, and looks again. It may be stopped anywhere
 * and run again: it plans anew from what the doc shows by then, and what people have changed since is left. Errors: `DOC_NOT_READY`,
 * `MIGRATION_UNDOING`, `DECISION_UNKNOWN`, all before anything is sent; `DOC_LIMIT`, `INTERRUPTED`, and those of API and store.
 */
export async function applyMigration(
  { target, decisions }: MigrationSetting,
  store: Store,
  options: LoadOptions,
): Promise<MigrationApplied> {
  await awaitEarlierLoad(options);
  const reading = await readMigration(target);
  const journal = await settle(store, reading, false);
  if (journal.state?.phase === 'undoing') throw undoing();
  const decided = withKept(decisions, journal);
  const view = toView(reading, journal, decided);
  refuse(view);
  const { changes } = view.plan;
  const state: MigrationState = {
    phase: 'applying',
    baseline: journal.state?.baseline ?? toBaseline(reading.doc),
    decisions: Object.fromEntries(decided),
  };
  await noteIntentions(store, journal, { changes, state });
  const loads = await bring({ target, reading, store, options });
  const after = await readMigration(target);
  const settled = await settle(store, after, true);
  const left = toView(after, settled, decided);
  return {
    ...left,
    plan: { ...left.plan, changes },
    remaining: left.plan.changes.length,
    contentWrites: loads.reduce((sum, load) => sum + load.contentWrites, 0),
    differences: loads.flatMap((load) => load.differences()),
  };
}

/** What was decided for an earlier run holds for the next, unless it is decided otherwise. */
const withKept = (decisions: MigrationDecisions, { state }: Journal): MigrationDecisions =>
  new Map([...Object.entries(state?.decisions ?? {}), ...decisions]);

/** Sends what the journal says is wanted and was not seen yet. */
async function bring(facts: {
  readonly target: TargetDoc;
  readonly reading: MigrationReading;
  readonly store: Store;
  readonly options: LoadOptions;
}): Promise<readonly TableLoad[]> {
  const { target, reading, store, options } = facts;
  const { entries } = await readJournal(store);
  const open = [...entries.values()].filter(({ seen }) => !seen);
  const wanted = toWantedRows(open, reading, 'apply');
  const known = new Map<string, TableLoad>();
  const before = createRowFinder(reading, { entries, state: undefined });
  const session: MigrationSession = {
    reading,
    doc: target,
    options,
    rowIdOf: (table, key) => known.get(table)?.rowIdOf(key) ?? before(table, key),
  };
  for (const [table, rows] of wanted) known.set(table, openLoad(table, rows, session));
  for (const load of known.values()) await load.look();
  for (const load of known.values()) refuseTooMany(load);
  for (const step of STEPS) {
    const loads = step.flatMap((table) => known.get(table) ?? []);
    await bringTables(loads, target.api, options);
  }
  return [...known.values()];
}

function toView(
  { doc, binding }: MigrationReading,
  journal: Journal,
  decisions: MigrationDecisions,
): MigrationView {
  const { entries, state } = journal;
  const seen = [...entries].flatMap(([id, entry]) => (entry.seen ? [id] : []));
  const plan = planMigration(doc, {
    decisions,
    settled: new Set(seen),
    begun: listBegun(journal),
  });
  const baseline = state?.baseline ?? toBaseline(doc);
  const counts = [...plan.after].map(([table, { rows }]) => ({
    table,
    before: (baseline.rowIds[table] ?? []).length,
    after: rows.length,
  }));
  return {
    plan,
    needs: findNeeds(binding, doc, plan.changes),
    checks: checkMigration(plan.after, { baseline, decisions, questions: plan.questions }),
    counts,
    written: seen.length,
  };
}

function refuse({ needs, plan }: MigrationView): void {
  if (needs.length > 0) {
    const list = needs.map((need) => `\n  - ${need}`).join('');
    throw new DomainError('DOC_NOT_READY', `The doc cannot take the migration in yet:${list}`);
  }
  const [misfit] = plan.misfits;
  if (misfit === undefined) return;
  const { question, given } = misfit;
  const choices = question.choices.map((choice) => `\`${choice}\``).join(', ');
  throw new DomainError(
    'DECISION_UNKNOWN',
    `\`${given}\` is no decision on \`${question.name}\` (${question.kind}): expected one of ${choices}.`,
  );
}

const undoing = (): DomainError =>
  new DomainError(
    'MIGRATION_UNDOING',
    'An undo of this migration has begun and is not finished: run it with --undo until it is.',
  );
