export * from './events/event-catalogue.ts';
export * from './events/event-kind.ts';
