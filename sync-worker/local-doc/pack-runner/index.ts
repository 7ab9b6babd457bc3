export * from './build-pack-bundle.ts';
export * from './pack-runner.ts';
