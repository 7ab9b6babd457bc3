export * from './calibration-plot.ts';
export type { SvgText } from './svg.ts';
export * from './variance-strip.ts';
