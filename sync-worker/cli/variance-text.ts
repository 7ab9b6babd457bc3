import { describeState, type GroupVariance, toWholePercent } from '#shared/variance/index.ts';
import { shortenName, toTable } from './text-table.ts';

const HEADS = ['tasks', 'runs', 'estimate', 'actual', 'typical', 'total', 'P10–P90', 'drift'];

/** One group as a line shows it. */
export interface VarianceLine {
  readonly bucket: GroupVariance['bucket'];
  readonly name: string;
  readonly nTasks: number;
  readonly nRuns: number;
  readonly estimateHours: number;
  readonly actualHours: number;
  readonly allHours: number;
  readonly typical: number | null;
  readonly total: number | null;
  readonly p10: number;
  readonly p90: number;
  readonly state: string;
  readonly since: string | null;
  readonly needed: number;
}

/**
 * The variance table as people read it on a terminal: one line a group, and below it what is in no group's numbers
 * and why.
 */
export function describeVariance(lines: readonly VarianceLine[], grouping = 'workflow'): string {
  const groups = lines.filter(({ bucket }) => bucket === 'resolved');
  const outside = lines.filter(({ bucket, allHours }) => bucket !== 'resolved' && allHours > 0);
  const word = grouping.replace('_', ' ');
  const why = {
    resolved: '',
    conflict: `of runs whose links lead to several ${word}s are in no ${word}’s numbers`,
    unresolved: `of runs that lead to no ${word} are in no ${word}’s numbers`,
  };
  return [
    ...toLines(groups, word),
    ...outside.map(({ bucket, allHours }) => `${allHours.toFixed(1)} h ${why[bucket]}`),
  ].join('\n');
}

function toLines(lines: readonly VarianceLine[], word: string): readonly string[] {
  const heads = [word, ...HEADS];
  const cells = lines.map((row) => [
    shortenName(row.name),
    String(row.nTasks),
    String(row.nRuns),
    `${row.estimateHours.toFixed(1)} h`,
    `${row.actualHours.toFixed(1)} h`,
    toPercent(row.typical),
    toPercent(row.total),
    // Without a task of its own a group has only the range of work at large, which says nothing of it.
    row.nTasks === 0 ? '–' : `${row.p10.toFixed(1)}–${row.p90.toFixed(1)}`,
    describeState(row.state, row),
  ]);
  return toTable([heads, ...cells], [0, heads.length - 1]);
}

/** A variance as signed whole percent; nothing to compare is a dash. */
function toPercent(variance: number | null): string {
  if (variance === null) return '–';
  const percent = toWholePercent(variance);
  return `${percent > 0 ? '+' : ''}${percent} %`;
}
