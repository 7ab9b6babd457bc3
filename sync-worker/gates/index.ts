export type * from './gate-report.ts';
export * from './look-at-gates.ts';
