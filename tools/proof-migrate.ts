/** `npm run proof:migrate`: 500 tasks and 80 templates, migrated and taken back, killed at 50 points on each way. */
import { proveMigrationKills } from '../test/crash/migration-kills.ts';

const SIZE = { tasks: 500, templates: 80 };
const KILLS = 50;

const startedAt = Date.now();
const { kills, steps, faults } = await proveMigrationKills(SIZE, KILLS);
const seconds = ((Date.now() - startedAt) / 1_000).toFixed(0);
process.stdout.write(
  `${kills} kills over ${steps.apply} steps there and ${steps.undo} back: ${faults.length} faults, ${seconds} s\n`,
);
for (const fault of faults) process.stdout.write(`fault: ${fault}\n`);
process.exitCode = faults.length === 0 ? 0 : 1;
