export { checkLedger } from './check-anchor.ts';
export { type Figures, readFigures } from './figures.ts';
export { holdLease } from './hold-lease.ts';
export { type KeptGates, readKeptGates } from './kept-gates.ts';
export { type Books, readBooks, readOpenRuns, toViewRuns } from './ledger-books.ts';
export { observeRuns } from './observe-runs.ts';
export { openTarget, refuseUnready } from './pull.ts';
export * from './read-open-gates.ts';
export * from './tick.ts';
