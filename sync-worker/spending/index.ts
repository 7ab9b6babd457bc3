export * from './closed-month.ts';
export * from './cost-settings.ts';
export * from './decide-cost-commands.ts';
export * from './observe-rates.ts';
export * from './read-entries.ts';
