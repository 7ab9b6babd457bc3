export * from './head-anchors.ts';
export * from './verify-ledger.ts';
export * from './verify-store.ts';
