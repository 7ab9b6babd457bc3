export * from './read-price-file.ts';
