import {
  type Budget,
  type BudgetLine,
  type CostLeaf,
  DEFAULT_THRESHOLDS_PERCENT,
  type Money,
  openAccount,
  parseMicros,
  type Span,
  toBudgetLine,
  toComparedPercent,
} from '#shared/cost/index.ts';
import { addDays, type Day, type Instant, startOfDay, toInstant } from '#shared/kernel/index.ts';
import type { EngagementRow, FounderHqDoc, ProjectRow } from './model.ts';
import type { BudgetReading } from './read-gate.ts';

/** Money of one project that is set aside for work under way. */
export interface HeldMoney {
  readonly projectId: string;
  readonly currency: string;
  readonly micros: bigint;
}

/** What the budgets of a doc are held against. */
export interface DocBudgetFacts {
  /** Everything that cost something, with the lineage of a leaf. */
  readonly leaves: readonly CostLeaf[];
  readonly held: readonly HeldMoney[];
  readonly at: Instant;
  /** The owner's zone, whose days count. */
  readonly timeZone: string;
  /** What an amount is in that says no currency itself. */
  readonly currency: string;
}

/**
 * The budgets of a doc, one for each project and engagement whose column `budget` holds an amount of 0 or more. All that was ever spent
 * counts, hours at their rates too. Its stretch goes from the first scheduled start of its tasks to their last scheduled end; without
 * both it has no pace.
 */
export function toDocBudgets(doc: FounderHqDoc, facts: DocBudgetFacts): readonly BudgetLine[] {
  const projectsOf = new Map(
    doc.engagements.map(({ rowId }) => [
      rowId,
      new Set(doc.projects.flatMap((row) => (row.engagement?.rowId === rowId ? row.rowId : []))),
    ]),
  );
  return [
    ...doc.projects.flatMap((row) =>
      toLine({ row, level: 'project', projects: new Set([row.rowId]) }, doc, facts),
    ),
    ...doc.engagements.flatMap((row) => {
      const projects = projectsOf.get(row.rowId) ?? new Set();
      return toLine({ row, level: 'engagement', projects }, doc, facts);
    }),
  ];
}

/**
 * How much of a project's budgets is used, by the project's row id: of each budget that is kept for it; of one kept for its engagement only
 * where it has none of its own.
 */
export function createBudgetReadings(
  { projects }: FounderHqDoc,
  lines: readonly BudgetLine[],
): (projectId: string) => readonly BudgetReading[] {
  // A cell that says something nobody can use is no blank: then nobody knows the budget.
  const engagementOf = new Map(
    projects.flatMap(({ rowId, engagement, budget, unreadable = [] }) =>
      budget === undefined && !unreadable.includes('budget') ? [[rowId, engagement?.rowId]] : [],
    ),
  );
  return (projectId) => {
    const own = lines.filter(({ scope }) => scope.level === 'project' && scope.id === projectId);
    const engagementId = engagementOf.get(projectId);
    const wider = lines.filter(
      ({ scope }) => scope.level === 'engagement' && scope.id === engagementId,
    );
    return (own.length > 0 ? own : wider).map((line) => ({
      usedPercent: toComparedPercent(line),
      unpriced: line.uncounted,
    }));
  };
}

interface Budgeted {
  readonly row: ProjectRow | EngagementRow;
  readonly level: 'project' | 'engagement';
  readonly projects: ReadonlySet<string>;
}

function toLine(
  budgeted: Budgeted,
  doc: FounderHqDoc,
  facts: DocBudgetFacts,
): readonly BudgetLine[] {
  const { row, level, projects } = budgeted;
  const { at, timeZone, leaves, held } = facts;
  const limit = readLimit(row, facts.currency);
  if (limit === undefined) return [];
  const { currency } = limit;
  const mine = leaves.filter(({ dimensions }) => dimensions[level] === row.rowId);
  const sums = sumByCurrency(mine);
  const span = findSpan(doc, projects, timeZone);
  const account = {
    ...openAccount(toBudget(budgeted, { ...limit, timeZone }), at),
    ...(span === undefined ? {} : { span }),
    spentMicros: sums.get(currency) ?? 0n,
    heldMicros: sumHeld(held, projects, currency),
  };
  const isUncounted = (leaf: CostLeaf): boolean =>
    leaf.costMicros === undefined ||
    (leaf.currency !== currency && sums.get(leaf.currency ?? '') !== 0n);
  const uncounted = mine.filter(isUncounted).length;
  const lines = { counted: mine.length - uncounted, uncounted };
  const told = { scope: { level, id: row.rowId }, name: row.name, ...lines, at };
  return [toBudgetLine(account, { ...told, origin: 'doc', isTimeless: span === undefined })];
}

/** What a row may spend; nothing where its cell holds no amount of 0 or more. */
function readLimit({ budget: cell }: Budgeted['row'], currency: string): Money | undefined {
  if (cell === undefined) return undefined;
  const limit = parseMicros(cell.amount);
  if (!limit.ok || limit.value < 0n) return undefined;
  return { micros: limit.value, currency: cell.currency === '' ? currency : cell.currency };
}

/** A column says how much and no more: it warns, for good. */
const toBudget = (
  { row: { rowId }, level }: Budgeted,
  { micros, currency, timeZone }: Money & { readonly timeZone: string },
): Budget => ({
  budgetId: `${level}/${rowId}`,
  // The ledger knows no engagements; the line says what it is for.
  scope: { level: 'project', id: rowId },
  currency,
  limitMicros: micros,
  thresholdsPercent: DEFAULT_THRESHOLDS_PERCENT,
  mode: 'warn',
  period: 'none',
  timeZone,
  startsAt: toInstant(0),
});

function sumByCurrency(leaves: readonly CostLeaf[]): ReadonlyMap<string, bigint> {
  const sums = new Map<string, bigint>();
  for (const { currency = '', costMicros = 0n } of leaves) {
    sums.set(currency, (sums.get(currency) ?? 0n) + costMicros);
  }
  return sums;
}

const sumHeld = (
  held: readonly HeldMoney[],
  projects: ReadonlySet<string>,
  currency: string,
): bigint =>
  held
    .filter((one) => projects.has(one.projectId) && one.currency === currency)
    .reduce((sum, { micros }) => sum + micros, 0n);

/** The last day counts whole. */
function findSpan(
  { tasks }: FounderHqDoc,
  projects: ReadonlySet<string>,
  timeZone: string,
): Required<Span> | undefined {
  const mine = tasks.filter(({ project }) => projects.has(project?.rowId ?? ''));
  const [first] = mine.flatMap(({ scheduledStart = [] }) => scheduledStart).sort();
  const last = mine
    .flatMap(({ scheduledEnd = [] }) => scheduledEnd)
    .sort()
    .at(-1);
  if (first === undefined || last === undefined || last < first) return undefined;
  const startAt = startAtOf(first, timeZone);
  return { startAt, endAt: startAtOf(addDays(last, 1), timeZone) };
}

const startAtOf = (day: Day, timeZone: string): Instant => toInstant(startOfDay(day, timeZone));
