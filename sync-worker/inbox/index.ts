export * from './decide-rows.ts';
