import { describe, expect, it } from 'vitest';
import { proveMigrationKills } from './migration-kills.ts';

/** `npm run proof:migrate` kills it at 50 points of 500 tasks and 80 templates. */
describe('a migration that is killed', () => {
  it('is finished and taken back by the same commands, at whatever step it ended', async () => {
    const { steps, faults } = await proveMigrationKills({ tasks: 24, templates: 16 }, 6);
    expect(steps.apply).toBeGreaterThan(100);
    expect(faults).toEqual([]);
  });
});
