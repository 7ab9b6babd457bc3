export * from './event-bus.ts';
export type { EventFilter } from './event-filter.ts';
export * from './subscription.ts';
