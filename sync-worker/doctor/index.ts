export * from './examine.ts';
export type { HealthFinding } from './health-finding.ts';
export * from './last-pass.ts';
