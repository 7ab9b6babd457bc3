export * from './import-prices.ts';
export type { PriceChange } from './merge-prices.ts';
