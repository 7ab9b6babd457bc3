/** `npm run proof:load [-- seed]`: two workers over the docs of one account on a clock that only waiting moves. The daily run takes a sample. */
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type LoadOptions, openIn, playLoad } from '../test/sync-worker/coda/account-load.ts';

const MINUTE_MS = 60_000;
const SHARE_MIN = 0.95;
const STORM_REQUESTS_MAX = 20;
const seed = Number(process.argv[2] ?? '1');
const say = (line: string): boolean => process.stdout.write(`${line}\n`);
let isProven = true;

async function play(options: Omit<LoadOptions, 'openStore' | 'seed'>) {
  const quick = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();
  const folder = mkdtempSync(join(quick, 'founder-hq-load-'));
  try {
    const report = await playLoad({ ...options, seed, openStore: openIn(folder) });
    const workers = report.asked.filter(({ isPerson }) => !isPerson);
    const people = report.asked.filter(({ isPerson }) => isPerson);
    return {
      ...report,
      requests: workers.length,
      refused: workers.filter(({ isRefused }) => isRefused).length,
      presses: people.length,
      pressesRefused: people.filter(({ isRefused }) => isRefused).length,
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function judge(isHeld: boolean, line: string): void {
  say(`${isHeld ? 'ok    ' : 'BROKEN'} ${line}`);
  isProven &&= isHeld;
}

say(`seed ${seed}`);
for (const [docs, runs] of [
  [1, 2_000],
  [2, 1_000],
  [5, 400],
  [10, 200],
  [20, 100],
] as const) {
  const { usedShare, busyMs, requests, refused, presses, pressesRefused } = await play({
    docs,
    runs,
    lastsMs: 12 * MINUTE_MS,
  });
  const share = `${(100 * usedShare).toFixed(1)} % of the share of row writes used in ${Math.round(busyMs / 1_000)} s of work`;
  judge(
    usedShare >= SHARE_MIN && refused + pressesRefused === 0,
    `${docs} docs: ${share}, ${requests} requests, ${refused} refused, ${presses} presses, ${pressesRefused} refused`,
  );
}
for (const docs of [1, 5, 20]) {
  const storm = { fromMs: 4 * MINUTE_MS, untilMs: 14 * MINUTE_MS };
  const { refused } = await play({ docs, runs: 20, lastsMs: 20 * MINUTE_MS, storm });
  judge(
    refused <= STORM_REQUESTS_MAX,
    `${docs} docs, everything refused for ten minutes: ${refused} requests`,
  );
}
say(isProven ? 'proven' : 'NOT PROVEN');
process.exitCode = isProven ? 0 : 1;
