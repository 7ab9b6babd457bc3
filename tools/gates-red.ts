/**
 * `npm run gates:red [-- name …]`: sees every gate fail. In a copy of the work tree it plants violations, runs the gate,
 * and asks that the gate complains of each of them by name.
 */
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Plant, ROUNDS, type Round } from './red-plants.ts';
import { ROOT, runStep } from './run-step.ts';

/** A copy of what git tracks or would track, with the packages of the original. */
async function createCopy(): Promise<string> {
  const copy = mkdtempSync(join(tmpdir(), 'founder-hq-red-'));
  const listed = await runStep(['git', 'ls-files', '-z', '-co', '--exclude-standard']);
  if (listed.exitCode !== 0) throw new Error(`git cannot list the files: ${listed.output}`);
  const paths = listed.output.split('\0').filter((path) => path !== '');
  for (const path of paths) {
    cpSync(join(ROOT, path), join(copy, path), { recursive: true, verbatimSymlinks: true });
  }
  symlinkSync(join(ROOT, 'node_modules'), join(copy, 'node_modules'), 'dir');
  return copy;
}

/** Makes the change, and answers how to take it back. */
function plant(copy: string, { path, change }: Plant): () => void {
  const target = join(copy, path);
  if (typeof change === 'string') {
    writeFileSync(target, change);
    return () => rmSync(target);
  }
  const before = readFileSync(target, 'utf8');
  if (!before.includes(change.from)) {
    throw new Error(`${path} no longer holds \`${change.from}\`: mend tools/red-plants.ts`);
  }
  writeFileSync(
    target,
    before.replace(change.from, () => change.to),
  );
  return () => writeFileSync(target, before);
}

/** The plants of a round that its gate did not complain of. */
async function findMissed(copy: string, round: Round): Promise<readonly Plant[]> {
  const undo = round.plants.map((each) => plant(copy, each));
  const step = round.step ?? ['node', 'tools/gates.ts', round.gate];
  const { exitCode, output } = await runStep(step, { cwd: copy });
  for (const takeBack of undo.reverse()) takeBack();
  const missed = round.plants.filter(
    ({ says }) => exitCode === 0 || !says.every((words) => output.includes(words)),
  );
  if (missed.length > 0) console.log(output);
  return missed;
}

async function main(names: readonly string[]): Promise<number> {
  const rounds = ROUNDS.filter(({ gate }) => names.length === 0 || names.includes(gate));
  const copy = await createCopy();
  let planted = 0;
  let caught = 0;
  try {
    for (const round of rounds) {
      const missed = await findMissed(copy, round);
      planted += round.plants.length;
      caught += round.plants.length - missed.length;
      for (const each of round.plants) {
        console.log(
          `${missed.includes(each) ? 'MISSED' : 'caught'} ${round.gate.padEnd(10)} ${each.what}`,
        );
      }
    }
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
  console.log(`\n${caught} of ${planted} planted violations were caught.`);
  return planted > 0 && caught === planted ? 0 : 1;
}

process.exitCode = await main(process.argv.slice(2));
