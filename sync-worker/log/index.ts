export * from './log-event.ts';
export * from './log-requests.ts';
export { type LogOptions, openLog } from './open-log.ts';
