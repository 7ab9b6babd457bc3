import { msToHours } from '#shared/kernel/index.ts';
import { sumMs, type TaskList, type TimeReading, type TimeReport } from '#worker/time/index.ts';

/** An import that came to an end. */
export interface Told {
  readonly name: string;
  readonly reading: TimeReading;
  readonly report: TimeReport;
  readonly tasks: TaskList | undefined;
  readonly isDryRun: boolean;
}

/** Lines of one kind that are printed before the rest is only counted. */
const SHOWN_MAX = 20;

/** What came of an import of time, for a person to read. */
export function describeTime(told: Told): string {
  const { name, reading, report } = told;
  const lines = [
    `${name}: ${reading.title}, read as`,
    ...describeMapping(told),
    '',
    describeCounts(told),
    ...list(
      [...reading.refused, ...report.unmatched.map(({ entry, reason }) => ({ ...entry, reason }))],
      ({ line, reason }) => `line ${line}: ${reason}`,
    ),
    ...describeOddities(told),
    ...describeEstimates(told),
    ...describeRuns(told),
  ];
  return `${lines.join('\n')}\n`;
}

/** The same for a program. */
export function toTimeJson({ name, reading, report, tasks, isDryRun }: Told): object {
  const { entries, skipped, ...told } = reading;
  const { runs, unmatched, gone, differences, ...rest } = report;
  const count = (kind: string): number => runs.filter((run) => run.kind === kind).length;
  return {
    name,
    ...told,
    skipped: Object.fromEntries(skipped),
    outcome: isDryRun ? 'checked' : 'loaded',
    accepted: entries.length,
    hours: msToHours(sumMs(runs)),
    new: count('new'),
    changed: count('changed'),
    same: count('same'),
    deleted: runs.filter(({ isDeleted }) => isDeleted).map(({ runId }) => runId),
    unmatched: unmatched.map(({ entry, reason }) => ({ line: entry.line, reason })),
    gone: gone.map(({ runId, facts }) => ({ runId, ...facts })),
    ...rest,
    refusedTasks: tasks?.refused ?? [],
    differences,
  };
}

function describeMapping({ reading: { mapping, unusedColumns } }: Told): readonly string[] {
  const facts = Object.entries(mapping);
  const width = Math.max(0, ...facts.map(([fact]) => fact.length));
  const lines = facts.map(([fact, header]) => `  ${fact.padEnd(width)} ← ${header}`);
  return unusedColumns.length === 0 ? lines : [...lines, `  not read: ${unusedColumns.join(', ')}`];
}

function describeCounts({ reading: { refused, entries }, report }: Told): string {
  const { runs, unmatched, taskCount } = report;
  const good = `${plural(entries.length, 'entry is', 'entries are')} good, ${formatCount(refused.length)} refused`;
  const matched = `${plural(runs.length, 'belongs', 'belong')} to ${plural(taskCount, 'task', 'tasks')} of the doc (${formatHours(msToHours(sumMs(runs)))} h), ${formatCount(unmatched.length)} to none`;
  return `${good}; ${matched}.`;
}

function describeOddities({ reading, report, tasks }: Told): readonly string[] {
  const { skipped, chosenTimes } = reading;
  return [
    ...[...skipped].map(([why, count]) => `${formatCount(count)} passed over: ${why}.`),
    ...headed(
      'Clocks show these times twice or never; the first, or an hour on, was taken:',
      list(chosenTimes, ({ line, text, shown }) => `line ${line}: ${text} (${shown})`),
    ),
    ...headed(
      'The same person is at two things at once here; both count:',
      list(report.overlaps, ({ line, otherLine }) => `line ${line} and line ${otherLine}`),
    ),
    ...headed(
      'These rows of the list of tasks were left out:',
      list(tasks?.refused ?? [], ({ line, reason }) => `line ${line}: ${reason}`),
    ),
  ];
}

function describeEstimates({ report }: Told): readonly string[] {
  const { taskCount, withoutEstimate } = report;
  if (taskCount === 0) return [];
  const own = 'Times alone carry no estimates; those of Tasks count';
  const [first] = withoutEstimate;
  if (first === undefined) return [`${own}, and every one of these tasks has one.`];
  const which = withoutEstimate.length === 1 ? '' : 'the first ';
  return [
    `${own}, and ${formatCount(withoutEstimate.length)} of ${plural(taskCount, 'task has', 'tasks have')} none (${which}\`${first}\`): it has hours and no variance. Fill estimated_hours, or give --tasks FILE.`,
  ];
}

function describeRuns({ report, isDryRun }: Told): readonly string[] {
  const { runs, gone, sent, tasksSent, differences } = report;
  const count = (kind: string): string =>
    formatCount(runs.filter((run) => run.kind === kind && !run.isDeleted).length);
  const deleted = runs.filter(({ isDeleted }) => isDeleted);
  return [
    `Runs: ${count('new')} new, ${count('changed')} changed, ${count('same')} as before.`,
    ...headed(
      'No longer in the file, and left in the doc:',
      list(gone, ({ runId, facts }) => `${facts.day} ${nameOf(facts)}: run ${runId}`),
    ),
    ...headed(
      'Deleted in the doc, and not made again:',
      list(deleted, ({ entry, runId }) => `line ${entry.line}: run ${runId}`),
    ),
    ...headed(
      'The doc differs and was left as it is:',
      list(differences, ({ table, key, message }) => `${table} \`${key}\`: ${message}`),
    ),
    isDryRun
      ? 'Nothing was sent; without --dry-run these runs go into the doc.'
      : `${formatCount(sent)} rows of Execution Runs and ${formatCount(tasksSent)} of Tasks were sent.`,
  ];
}

const nameOf = ({
  task,
  note,
  netMs,
}: {
  task: string | null;
  note: string | null;
  netMs: number;
}) => `${task ?? note ?? 'work'} (${formatHours(msToHours(netMs))} h)`;

const headed = (head: string, lines: readonly string[]): readonly string[] =>
  lines.length === 0 ? [] : [head, ...lines];

function list<Item>(items: readonly Item[], toLine: (item: Item) => string): readonly string[] {
  const shown = items.slice(0, SHOWN_MAX).map((item) => `  ${toLine(item)}`);
  const rest = items.length - shown.length;
  return rest === 0 ? shown : [...shown, `  and ${formatCount(rest)} more; --json gives all`];
}

const plural = (count: number, one: string, many: string): string =>
  `${formatCount(count)} ${count === 1 ? one : many}`;

const formatCount = (count: number): string => count.toLocaleString('en-US');

const formatHours = (hours: number): string =>
  hours.toLocaleString('en-US', { minimumFractionDigits: 1, maximumFractionDigits: 2 });
