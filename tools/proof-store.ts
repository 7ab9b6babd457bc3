/** `npm run proof:store [-- seed [kills]]`: what both stores hold when they are killed, by the full count. The daily run takes a sample. */
import { provePostgres } from '../test/crash/store-postgres-proof.ts';
import { proveSqliteKills } from '../test/crash/store-sqlite-kills.ts';

const [seed = '20261124', kills = '300'] = process.argv.slice(2);
const say = (line: string): void => void process.stdout.write(`${line}\n`);

const started = performance.now();
const report = await proveSqliteKills({ kills: Number(kills), seed: Number(seed) });
const seconds = ((performance.now() - started) / 1000).toFixed(0);
const { held, acknowledged, events, lost, doubled, early, broken } = report;
say(`SQLite, seed ${seed}: ${kills} kills in ${seconds} s, ${held} between write and commit`);
say(
  `  ${acknowledged} acknowledged steps, ${events} events: ${lost.length} lost, ${doubled.length} doubled`,
);
say(`  ${early.length} landed before their commit, ${broken.length} broken chains or documents`);
const faults = [...lost, ...doubled, ...early, ...broken];
for (const fault of faults) say(`fault: ${fault}`);

const isPostgresWhole = await provePostgres({ seed: Number(seed), say });
process.exitCode = faults.length === 0 && isPostgresWhole ? 0 : 1;
