export * from './close-month.ts';
export { type CostSettings, readClosedBooks } from './closed-month.ts';
export * from './cost-book.ts';
export * from './cost-report.ts';
export * from './import-prices.ts';
export type { PriceChange } from './merge-prices.ts';
export * from './read-costs.ts';
