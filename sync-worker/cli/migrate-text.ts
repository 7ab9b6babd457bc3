import {
  MIGRATION_RULES,
  type MigrationChange,
  type MigrationCheck,
  type MigrationCheckName,
  type MigrationPlan,
  type MigrationRule,
  type PlannedValue,
  toText,
} from '#shared/doc/index.ts';
import type {
  MigrationApplied,
  MigrationCount,
  MigrationUndone,
  MigrationView,
} from '#worker/migrate/index.ts';
import { shortenName, toTable } from './text-table.ts';

/** How many rows for which a check does not hold are printed before the rest is only counted. */
const SHOWN_MAX = 20;

const CHECKS: Readonly<Record<MigrationCheckName, string>> = {
  tasks_in_sprint: 'every task is in the sprint it had',
  templates_once: 'every old template is in one of the new tables',
  offers_have_blueprint: 'every offer has a blueprint',
  blueprints_have_workflow: 'every blueprint has a workflow',
  links_lead_somewhere: 'every relation leads to a row',
  nothing_deleted: 'every row that was there is there',
};

/** What a migration would write, as people read it on a terminal: each cell and row, with its rule. */
export function describeView(view: MigrationView): string {
  const { plan, needs, checks, counts, written } = view;
  return [
    ...describeChanges(plan.changes),
    ...describeOpen(plan),
    ...(needs.length === 0 ? [] : ['Before anything can be written:']),
    ...needs.map((need) => `  ${need}`),
    ...(written === 0
      ? []
      : [`${toCount(written, 'cell or row', 'cells and rows')} written before`]),
    ...describeCounts(counts),
    'After it:',
    ...checks.flatMap(describeCheck),
  ].join('\n');
}

/** What came of carrying it out. */
export function describeApplied(applied: MigrationApplied): string {
  const { plan, remaining, contentWrites, differences, counts, checks } = applied;
  const missing = differences.map(({ table, key, message }) => `  ${table} ${key}: ${message}`);
  const done = plan.changes.length - remaining;
  return [
    plan.changes.length === 0
      ? 'Nothing was to be written.'
      : `Written: ${done} of ${toCount(plan.changes.length, 'cell or row', 'cells and rows')}, in ${toCount(contentWrites, 'request')}.`,
    ...(missing.length === 0 ? [] : ['Not as it was sent:', ...limit(missing)]),
    ...(remaining === 0 ? [] : ['The same command goes on with the rest.']),
    ...describeOpen(plan),
    ...describeCounts(counts),
    'Read back from the doc:',
    ...checks.flatMap(describeCheck),
  ].join('\n');
}

/** What came of undoing it. */
export function describeUndone({ cells, rows, left, remaining }: MigrationUndone): string {
  const alone = left.map(({ table, name, message }) => `  ${table} \`${name}\` ${message}`);
  return [
    cells + rows + left.length + remaining === 0
      ? 'Nothing was written here that could be undone.'
      : `Put back: ${toCount(cells, 'cell')}. Removed: ${toCount(rows, 'row')}.`,
    ...(alone.length === 0 ? [] : ['Left as they are:', ...alone]),
    ...(remaining === 0 ? [] : [`Not undone yet: ${remaining}; the same command goes on.`]),
  ].join('\n');
}

function describeChanges(changes: readonly MigrationChange[]): readonly string[] {
  if (changes.length === 0) return ['Nothing is left to write.'];
  const rules = new Map<MigrationRule, MigrationChange[]>();
  for (const change of changes) {
    rules.set(change.rule, [...(rules.get(change.rule) ?? []), change]);
  }
  return [...rules].flatMap(([rule, list]) => [
    `${list.length} × ${MIGRATION_RULES[rule]}`,
    ...toTable(list.map(toCells), [0, 1, 2, 3]).map((line) => `  ${line}`),
  ]);
}

function toCells(change: MigrationChange): readonly string[] {
  const { table, name } = change;
  if (change.kind === 'row') return [table, shortenName(name), 'new row', change.because];
  const before = change.before.kind === 'blank' ? 'blank' : toText(change.before);
  return [table, shortenName(name), change.column, `${before} → ${toWords(change.after)}`];
}

function toWords(value: PlannedValue): string {
  switch (value.kind) {
    case 'text':
      return value.text;
    case 'day':
      return value.day;
    case 'row':
      return value.key === undefined ? value.name : `${value.name} (new)`;
  }
}

function describeOpen({ questions, notes }: MigrationPlan): readonly string[] {
  const asked = questions.map(
    ({ kind, name, why, choices }) => `  ${kind}  ${name}: ${why}; ${choices.join(' | ')}`,
  );
  const told = notes.map(({ table, name, message }) => `  ${table}  ${name}: ${message}`);
  return [
    ...(asked.length === 0 ? [] : ['For a person to decide, and left until then:', ...asked]),
    ...(told.length === 0 ? [] : ['For a person to know:', ...told]),
  ];
}

function describeCounts(counts: readonly MigrationCount[]): readonly string[] {
  const grown = counts.filter(({ before, after }) => before !== after);
  const lines = grown.map(({ table, before, after }) => `${table} ${before} → ${after}`);
  return lines.length === 0 ? [] : [`Rows: ${lines.join(', ')}; no other table gains or loses any`];
}

function describeCheck({ name, rows, failures }: MigrationCheck): readonly string[] {
  const list = failures.map(({ table, name: row, message }) => `    ${table}  ${row}: ${message}`);
  const verdict = failures.length === 0 ? 'holds' : `not for ${failures.length}`;
  return [`  ${verdict.padEnd(12)} ${CHECKS[name]} (${rows})`, ...limit(list)];
}

function limit(lines: readonly string[]): readonly string[] {
  const rest = lines.length - SHOWN_MAX;
  return rest <= 0
    ? lines
    : [...lines.slice(0, SHOWN_MAX), `    and ${rest} more; --json gives all`];
}

const toCount = (count: number, one: string, many = `${one}s`): string =>
  `${count} ${count === 1 ? one : many}`;
