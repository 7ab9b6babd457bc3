export * from './head-anchors.ts';
export * from './sync-folder.ts';
export type * from './verify-index.ts';
export * from './verify-ledger.ts';
export * from './verify-store.ts';
