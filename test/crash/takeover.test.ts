import { describe, expect, it } from 'vitest';
import { describeTakeovers, proveTakeovers } from './takeovers.ts';

const TAKEOVERS = 6;
const SEED = Number(process.env['FOUNDER_HQ_SEED'] ?? '20260302');
const SECONDS_A_TAKEOVER = 20;

describe('two workers on one doc', () => {
  it(
    `lose, double and write over nothing in ${TAKEOVERS} takeovers from a killed or stopped one`,
    async () => {
      const report = await proveTakeovers({ takeovers: TAKEOVERS, seed: SEED });
      console.log(describeTakeovers(report));
      expect(report.fencedWrites).toEqual([]);
      expect(report.faults).toEqual([]);
      expect(report.kills + report.stops).toBe(TAKEOVERS);
    },
    TAKEOVERS * SECONDS_A_TAKEOVER * 1_000,
  );
});
