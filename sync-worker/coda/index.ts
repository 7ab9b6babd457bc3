export * from './await-mutations.ts';
export * from './http-transport.ts';
export * from './paced-transport.ts';
export type { RateLimit } from './rate-window.ts';
export * from './wait.ts';
