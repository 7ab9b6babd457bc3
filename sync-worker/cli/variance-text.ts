import type { WorkflowVariance } from '#shared/doc/index.ts';

const HEADS = [
  'workflow',
  'tasks',
  'runs',
  'estimate',
  'actual',
  'typical',
  'total',
  'P10–P90',
  'state',
];
const NAME_MAX = 34;
/** Runs that belong to no workflow, by the id of their row. */
const OUTSIDE: Readonly<Record<string, string>> = {
  conflict: 'of runs whose links lead to several workflows are in no workflow’s numbers',
  unresolved: 'of runs that lead to no workflow are in no workflow’s numbers',
};

/**
 * The variance table as people read it on a terminal: one line a workflow, and below it what is in no workflow's
 * numbers and why.
 */
export function describeVariance(rows: readonly WorkflowVariance[]): string {
  const workflows = rows.filter(({ groupId }) => !(groupId in OUTSIDE));
  const outside = rows.filter(({ groupId, allHours }) => groupId in OUTSIDE && allHours > 0);
  return [
    ...toLines(workflows),
    ...outside.map(({ groupId, allHours }) => `${allHours.toFixed(1)} h ${OUTSIDE[groupId] ?? ''}`),
  ].join('\n');
}

function toLines(rows: readonly WorkflowVariance[]): readonly string[] {
  const cells = rows.map((row) => [
    shorten(row.workflow),
    String(row.nTasks),
    String(row.nRuns),
    `${row.estimateHours.toFixed(1)} h`,
    `${row.actualHours.toFixed(1)} h`,
    toPercent(row.typical),
    toPercent(row.total),
    `${row.p10.toFixed(1)}–${row.p90.toFixed(1)}`,
    row.needed === 0 ? row.state : `${row.state}, needs ≈${row.needed} more`,
  ]);
  const widths = HEADS.map((head, column) =>
    Math.max(head.length, ...cells.map((line) => line[column]?.length ?? 0)),
  );
  const isText = (column: number): boolean => column === 0 || column === HEADS.length - 1;
  const toLine = (line: readonly string[]): string =>
    line
      .map((cell, column) => {
        const width = widths[column] ?? 0;
        return isText(column) ? cell.padEnd(width) : cell.padStart(width);
      })
      .join('  ')
      .trimEnd();
  return [HEADS, ...cells].map(toLine);
}

/** A variance as signed whole percent; nothing to compare is a dash. */
function toPercent(variance: number | null): string {
  if (variance === null) return '–';
  const percent = Math.round(variance * 100);
  return `${percent > 0 ? '+' : ''}${percent} %`;
}

const shorten = (name: string): string =>
  name.length > NAME_MAX ? `${name.slice(0, NAME_MAX - 1)}…` : name;
