export { type Figures, readFigures } from './figures.ts';
export { readOpenRuns } from './ledger-books.ts';
export { openTarget, type SyncTarget } from './pull.ts';
export * from './tick.ts';
