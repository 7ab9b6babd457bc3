export * from './await-mutations.ts';
export * from './http-transport.ts';
export * from './paced-transport.ts';
export * from './wait.ts';
