export * from './work-books.ts';
export * from './work-ledger.ts';
