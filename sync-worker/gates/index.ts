export { decideGateCommands } from './decide-gate-commands.ts';
export * from './gate-history.ts';
export { toGateOfRun } from './gate-of-run.ts';
export { CONDITION } from './gate-records.ts';
export { type GateReport, type RunGateReport, reportGates } from './gate-report.ts';
export { lookAtGates } from './look-at-gates.ts';
export { toReviewGates } from './review-gates.ts';
export * from './seen-gates.ts';
export * from './waiver-ends.ts';
