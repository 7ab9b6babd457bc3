import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkVariant } from '../planted-copy.ts';
import { ROOT } from '../play-seeds.ts';
import { SYNC_BUGS } from './sync-bugs.ts';
import type { SyncTally } from './sync-tally.ts';

const SEEDS = 300;
const PROOF = join(import.meta.dirname, 'proof.ts');
/** Each is found by the first seed, so that looking for it costs no time. */
const PLANTED = ['rows are inserted without their key', 'what waits is forgotten'];

/** In processes of their own: they use every core, and measuring coverage there would only slow them down. */
const runProof = (...args: readonly string[]): Promise<string> =>
  new Promise((resolve) => {
    execFile(process.execPath, [PROOF, ...args], { cwd: ROOT }, (error, stdout, stderr) =>
      resolve(error === null ? stdout : `${stdout}${stderr}`),
    );
  });

describe('the two-way sync', () => {
  it(`keeps its laws over ${SEEDS} seeds of people, bad days, kills and takeovers, where planted bugs do not`, async () => {
    const output = await runProof('--seeds', `${SEEDS}`, '--bugs', PLANTED.join(), '--json');
    const { proven, tally, planted } = JSON.parse(output) as {
      readonly proven: boolean;
      readonly tally: SyncTally;
      readonly planted: readonly { readonly name: string; readonly found?: object }[];
    };
    expect(tally.failures).toEqual([]);
    expect(planted.filter(({ found }) => found === undefined)).toEqual([]);
    expect({ proven, seeds: tally.seeds }).toEqual({ proven: true, seeds: SEEDS });
    // Laws that nothing tests hold too: each seed presses, and most are killed and some overtaken.
    expect(tally.presses).toBeGreaterThan(SEEDS * 5);
    expect(tally.kills).toBeGreaterThan(SEEDS);
    expect(tally.takeovers).toBeGreaterThan(SEEDS / 3);
    expect(Object.keys(tally.errors)).toEqual(expect.arrayContaining(['NETWORK', 'LEASE_LOST']));
  }, 300_000);

  it('replays a seed by its number, twice alike', async () => {
    const [once, again] = await Promise.all([runProof('--seed', '17'), runProof('--seed', '17')]);
    expect(once).toContain('press ');
    expect(again).toBe(once);
  });

  it('has at least twenty planted bugs, each of one place in the code', () => {
    expect(new Set(SYNC_BUGS.map(({ name }) => name)).size).toBeGreaterThanOrEqual(20);
    for (const bug of SYNC_BUGS) expect(() => checkVariant(bug)).not.toThrow();
  });
});
