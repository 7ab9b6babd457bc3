export * from './fill-reviews.ts';
export type { ReviewRows } from './wanted-reviews.ts';
