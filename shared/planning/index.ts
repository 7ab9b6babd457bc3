export * from './route.ts';
export * from './route-admission.ts';
export * from './route-fallback.ts';
export * from './route-filter.ts';
export * from './route-model.ts';
export * from './route-rank.ts';
export * from './route-record.ts';
