export * from './burn-line.ts';
export * from './calibration-plot.ts';
export { type BarUnit, type CostBar, describeCostBars, drawCostBars } from './cost-bars.ts';
export { darkenByPage } from './frame.ts';
export * from './gate-badge.ts';
export type { SvgText } from './svg.ts';
export * from './variance-strip.ts';
