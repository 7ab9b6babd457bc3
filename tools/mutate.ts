/**
 * `npm run mutate [-- room …]`: changes the lines of a room one by one and asks whether its own tests notice. Prints each change
 * that none noticed, then one score a room and one in total; a score below the break of `stryker.config.json` fails.
 */
import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { Stryker } from '@stryker-mutator/core';
import * as z from 'zod/mini';
import { ROOT } from './run-step.ts';

/** The rooms whose rules decide about other people's work and money. */
const ROOMS = ['lifecycle', 'ledger', 'cost', 'planning'] as const;

const Config = z.object({ thresholds: z.object({ break: z.number() }) });
const { thresholds } = Config.parse(
  JSON.parse(readFileSync(join(ROOT, 'stryker.config.json'), 'utf8')),
);

/** What became of the mutants of a room, or of all. */
interface Tally {
  readonly name: string;
  readonly noticed: number;
  readonly missed: number;
  /** Of the noticed ones, those under which the tests did not end. */
  readonly hung: number;
  readonly tookMs: number;
}

async function mutateRoom(name: string): Promise<Tally> {
  const before = performance.now();
  const mutants = await new Stryker({
    mutate: [`shared/${name}/**/*.ts`],
    concurrency: availableParallelism(),
  }).runMutationTest();
  const countOf = (...wanted: readonly string[]): number =>
    mutants.filter(({ status }) => wanted.includes(status)).length;
  return {
    name,
    noticed: countOf('Killed', 'Timeout'),
    missed: countOf('Survived', 'NoCoverage'),
    hung: countOf('Timeout'),
    tookMs: performance.now() - before,
  };
}

const scoreOf = ({ noticed, missed }: Tally): number =>
  noticed + missed === 0 ? 0 : (100 * noticed) / (noticed + missed);

const sumUp = (tallies: readonly Tally[]): Tally => ({
  name: 'total',
  noticed: tallies.reduce((sum, { noticed }) => sum + noticed, 0),
  missed: tallies.reduce((sum, { missed }) => sum + missed, 0),
  hung: tallies.reduce((sum, { hung }) => sum + hung, 0),
  tookMs: tallies.reduce((sum, { tookMs }) => sum + tookMs, 0),
});

const toLine = (tally: Tally): string =>
  [
    tally.name.padEnd(10),
    String(tally.noticed + tally.missed).padStart(8),
    String(tally.noticed).padStart(8),
    String(tally.hung).padStart(6),
    String(tally.missed).padStart(8),
    `${scoreOf(tally).toFixed(2)} %`.padStart(9),
    `${(tally.tookMs / 1000).toFixed(0)} s`.padStart(7),
  ].join('');

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !ROOMS.some((room) => room === name));
if (unknown.length > 0) {
  console.error(`error: no room \`${unknown.join('`, `')}\`\nnext: ${ROOMS.join(', ')}`);
  process.exitCode = 2;
} else {
  const tallies: Tally[] = [];
  for (const room of wanted.length === 0 ? ROOMS : wanted) tallies.push(await mutateRoom(room));
  const all = [...tallies, sumUp(tallies)];
  console.log(`\n${'room'.padEnd(10)} mutants noticed  hung  missed    score   time`);
  for (const tally of all) console.log(toLine(tally));
  const low = all.filter((tally) => scoreOf(tally) < thresholds.break);
  if (low.length > 0) {
    const names = low.map(({ name }) => name).join(', ');
    console.error(`error: below ${thresholds.break} %: ${names}\nnext: a test for a change above`);
    process.exitCode = 1;
  }
}
