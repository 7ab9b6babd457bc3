export { decideGateCommands } from './decide-gate-commands.ts';
export type * from './gate-report.ts';
export * from './look-at-gates.ts';
