export * from './load-sample.ts';
export * from './sample-business.ts';
export type { SampleRow, SampleTable } from './sample-table.ts';
