/** `npm run proof:drift`: how soon a drift shows and how often it is called without one, rule by rule. */
import {
  MOVING_LAWS,
  readPools,
  STABLE_LAWS,
  whyNoPools,
} from '../test/simulation/drift/drift-pools.ts';
import { OTHER_RULES, STATE } from '../test/simulation/drift/drift-rules.ts';
import {
  findFalseAlarms,
  findMisses,
  provePool,
  proveStable,
} from '../test/simulation/drift/prove-drift.ts';

const SEED = 20_000;
const REPETITIONS = 600;
const LENGTHS = [
  { tasks: 200, repetitions: 400 },
  { tasks: 1000, repetitions: 60 },
];

const say = (line: string): boolean => process.stdout.write(`${line}\n`);
const toRow = (first: string, second: string, cells: readonly string[]): string =>
  `${first.padEnd(28)}${second.padEnd(18)}${cells.map((cell) => cell.padStart(9)).join('')}`;
const toHead = (first: string, columns: readonly string[]): string => toRow(first, 'rule', columns);
const toLine = (first: string, second: string, shares: readonly number[]): string =>
  toRow(
    first,
    second,
    shares.map((share) => share.toFixed(2)),
  );

const missing = whyNoPools();
const pools = missing === undefined ? readPools() : [];
const laws = missing === undefined ? pools : STABLE_LAWS.slice(0, 4);
if (missing !== undefined) say(`${missing}: laws drawn by formula in their place`);

say(`${REPETITIONS} repetitions of 20 + 60 tasks, shift from the 21st, judged after every task;`);
say(
  `in the last column after 100 tasks; seeds ${SEED}, ${SEED + 10} … by pool, + 0 to 4 by column\n`,
);
say(toHead('pool', ['false/60', '×1.5/20', '×2/20', '×2/40', '×2 at 60', '×3/20', '×2/20']));
const table = laws.flatMap((law, index) => provePool(law, REPETITIONS, SEED + 10 * index));
for (const row of table) {
  const { falseIn60, by20At1and5, by20At2, by40At2, after60At2, by20At3, lateBy20At2 } = row;
  const shares = [falseIn60, by20At1and5, by20At2, by40At2, after60At2, by20At3, lateBy20At2];
  say(toLine(row.pool, row.rule, shares));
}

const rules = [STATE, ...OTHER_RULES.slice(0, 2)];
const stable = LENGTHS.map(({ tasks, repetitions }) => {
  say(
    `\n${repetitions} histories of ${tasks} tasks without a lasting change, seeds from ${SEED + tasks}`,
  );
  say(toHead('law', ['false/60', 'in all', 'of time']));
  return [...STABLE_LAWS, ...MOVING_LAWS].flatMap((law, index) => {
    const rows = proveStable(law, rules, { repetitions, seed: SEED + tasks + index, tasks });
    for (const row of rows) {
      say(toLine(row.law, row.rule, [row.falseIn60, row.falseInAll, row.shareOfTime]));
    }
    return index < STABLE_LAWS.length ? rows : [];
  });
});

const misses = [...findMisses(pools, table), ...findFalseAlarms(stable[0] ?? [])];
for (const miss of misses) say(`missed: ${miss}`);
say(misses.length === 0 ? '\nall bars met' : `\n${misses.length} bars missed`);
process.exitCode = misses.length === 0 ? 0 : 1;
