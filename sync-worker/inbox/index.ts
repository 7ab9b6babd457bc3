export * from './decide-rows.ts';
export type { EventLedger } from './take-event.ts';
export * from './take-events.ts';
export * from './take-folder.ts';
