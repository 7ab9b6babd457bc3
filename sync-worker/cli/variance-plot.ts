import { writeFileSync } from 'node:fs';
import { describeVarianceStrip, drawVarianceStrip, type StripRow } from '#shared/chart/index.ts';
import type { GroupVariance } from '#shared/variance/index.ts';
import { givenNewPath } from './given-path.ts';
import type { ShownWork } from './work-text.ts';

/** Draws a strip for each group that has finished tasks into an SVG file. Returns the same in words, a line a group. */
export function plotVariance(file: string, { report, source }: ShownWork): string {
  const rows = report.groups
    .filter(({ bucket, nTasks }) => bucket === 'resolved' && nTasks > 0)
    .map((group) => toStripRow(group, source.names));
  writeFileSync(givenNewPath(file), drawVarianceStrip(rows));
  return describeVarianceStrip(rows);
}

function toStripRow(group: GroupVariance, names: ReadonlyMap<string, string>): StripRow {
  const { nTasks: n, typical, total, p10, p90, drift } = group;
  const name = names.get(group.group) ?? group.group;
  const side = SIDES[drift.state];
  return {
    name,
    n,
    typical,
    total,
    p10,
    p90,
    ...(side === undefined || drift.sinceDate === null
      ? {}
      : { drift: { side, since: drift.sinceDate } }),
  };
}

const SIDES: { readonly [State in GroupVariance['drift']['state']]?: 'over' | 'under' } = {
  drifting_over: 'over',
  drifting_under: 'under',
};
