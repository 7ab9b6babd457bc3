export * from './open-store.ts';
export type * from './port.ts';
export { nameOfUrl } from './postgres/store-url.ts';
export * from './record-tables.ts';
export * from './sha256.ts';
export * from './sqlite/private-file.ts';
export * from './sqlite/sqlite-store.ts';
export type * from './store-error-code.ts';
export * from './to-json.ts';
