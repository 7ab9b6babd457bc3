import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ROOT } from './play-seeds.ts';
import { type Proof, toLines } from './proof-report.ts';

const SEEDS = 1_000;
const PROOF = join(import.meta.dirname, 'proof.ts');
const PLANTED = [
  'key without the press time',
  'the view plays folded keys again',
  'a replaced worker keeps its decisions',
];
const DRAFT = 'a key counts the settled repeats it can see';

interface Run {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** In a process of its own: it uses every core, and measuring coverage there would only slow it down. */
function runProof(...args: readonly string[]): Promise<Run> {
  return new Promise((resolve) => {
    execFile(process.execPath, [PROOF, ...args], { cwd: ROOT }, (error, stdout, stderr) =>
      resolve({ exitCode: Number(error?.code ?? 0), stdout, stderr }),
    );
  });
}

describe('the command protocol', () => {
  it(`keeps its laws over ${SEEDS} simulated docs, where planted bugs and an earlier rule do not`, async () => {
    const variants = [...PLANTED, DRAFT].join();
    const run = await runProof('--seeds', `${SEEDS}`, '--variants', variants, '--json');
    const proof = JSON.parse(run.stdout) as Proof;
    // The report names the failing seed and how to replay it.
    if (proof.tally.failures.length > 0) console.error(toLines(proof).join('\n'));
    expect(proof.tally.failures).toEqual([]);
    expect(proof.tally.seeds).toBe(SEEDS);
    expect(proof.planted.filter(({ found }) => found === undefined)).toEqual([]);
    expect(proof.planted.map(({ name }) => name)).toEqual(PLANTED);
    expect(proof.drafts.map(({ seeds, failed }) => failed / seeds)).toEqual([1]);
    expect(run).toMatchObject({ exitCode: 0, stderr: '' });
    expectHonestCoverage(proof.tally);
  }, 180_000);

  it('replays a seed by its number, twice alike', async () => {
    const [once, again] = await Promise.all([runProof('--seed', '17'), runProof('--seed', '17')]);
    expect(once.exitCode).toBe(0);
    expect(once.stdout).toContain('press StartRun');
    expect(again.stdout).toBe(once.stdout);
  });

  it('refuses what it does not understand, with a way on', async () => {
    const run = await runProof('--seeds', 'many');
    expect(run).toEqual({
      exitCode: 2,
      stdout: '',
      stderr: 'error: expected a whole number, received `many`\nnext: see --help\n',
    });
  });

  it('is judged by an oracle that imports nothing', () => {
    const oracle = readFileSync(join(import.meta.dirname, 'oracle.ts'), 'utf8');
    expect(oracle).not.toMatch(/\bimport\b|\brequire\(/);
  });
});

/** A law that is never asked holds too: most looks are judged, every switch stands both ways, and nothing possible is left out. */
function expectHonestCoverage(tally: Proof['tally']): void {
  const looks = Object.values(tally.coverage).reduce((sum, count) => sum + count, 0);
  expect((tally.coverage['judged'] ?? 0) / looks).toBeGreaterThan(0.9);
  for (const seeds of Object.values(tally.switchedOn)) {
    expect(seeds / tally.seeds).toBeGreaterThan(0.4);
    expect(seeds / tally.seeds).toBeLessThan(0.6);
  }
  for (const mode of ['worker', 'packOnly', 'changedOver']) {
    expect((tally.modes[mode] ?? 0) / tally.seeds).toBeGreaterThan(0.1);
  }
  expect(tally.fencedOff).toBeGreaterThan(0);
  expect(tally.overtakenSeeds / tally.seeds).toBeLessThan(0.2);
  expect(tally.shortestOvertakingMs).toBeGreaterThan(60_000);
}
