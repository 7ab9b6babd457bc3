import { describeVarianceStrip, drawVarianceStrip, type StripRow } from '#shared/chart/index.ts';
import type { GroupVariance } from '#shared/variance/index.ts';
import type { ShownWork } from './work-text.ts';
import { writeDrawing } from './write-drawing.ts';

/** A drawing that was written, and the same in words. */
export interface Plotted {
  /** Where it lies. */
  readonly path: string;
  /** A line a group. */
  readonly words: string;
}

/** Draws a strip for each group that has finished tasks into an SVG file. Errors: those of {@link writeDrawing}. */
export function plotVariance(file: string, { report, source }: ShownWork): Plotted {
  const rows = report.groups
    .filter(({ bucket, nTasks }) => bucket === 'resolved' && nTasks > 0)
    .map((group) => toStripRow(group, source.names));
  const path = writeDrawing(file, drawVarianceStrip(rows));
  return { path, words: describeVarianceStrip(rows) };
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
