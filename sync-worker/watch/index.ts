export { parseCadence } from './cadence.ts';
export { createHealthBook, type Health, serveHealth } from './health.ts';
export { keepWatch } from './keep-watch.ts';
