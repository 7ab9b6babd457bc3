export * from './close-month.ts';
export * from './cost-book.ts';
export * from './cost-report.ts';
export * from './costs-csv.ts';
export * from './costs-journal.ts';
export * from './export-leaf.ts';
export * from './import-prices.ts';
export type { PriceChange } from './merge-prices.ts';
export * from './read-costs.ts';
