import { describeVarianceStrip, drawVarianceStrip } from '#shared/chart/index.ts';
import { toStripRow } from './page/variance-part.ts';
import type { ShownWork } from './work-text.ts';
import { writeDrawing } from './write-made.ts';

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
