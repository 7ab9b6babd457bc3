import { defineConfig } from 'vitest/config';

// Only the core is mutated, and only its own tests vouch for it: a mutant that a test far away happens to kill has
// not been noticed by anybody who will read the failure.
export default defineConfig({ test: { include: ['test/shared/**/*.test.ts'] } });
