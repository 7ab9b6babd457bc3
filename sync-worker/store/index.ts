export type * from './port.ts';
export * from './sha256.ts';
export * from './sqlite/sqlite-store.ts';
export * from './verify-store.ts';
