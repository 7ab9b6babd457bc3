import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type LoadOptions, openIn, playLoad } from './account-load.ts';

const MINUTE_MS = 60_000;

function play(options: Omit<LoadOptions, 'openStore'>) {
  const folder = mkdtempSync(
    join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'founder-hq-load-'),
  );
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return playLoad({ ...options, openStore: openIn(folder) });
}

describe('two workers over the docs of one account', () => {
  it('use their share of the limits, are never refused, and never in the way of a button', async () => {
    const docs = 2;
    const { asked, usedShare, busyMs, ends } = await play({
      docs,
      runs: 450,
      lastsMs: 4 * MINUTE_MS,
    });
    expect(asked.filter(({ isRefused }) => isRefused)).toEqual([]);
    expect(asked.filter(({ isPerson }) => isPerson).length).toBeGreaterThan(10);
    expect(busyMs).toBeGreaterThan(MINUTE_MS / 2);
    expect(usedShare).toBeGreaterThanOrEqual(0.95);
    expect(ends['done']).toBeGreaterThan(docs);
  });

  it('ask a service that refuses everything for ten minutes twenty times at most', async () => {
    const storm = { fromMs: 3 * MINUTE_MS, untilMs: 13 * MINUTE_MS };
    const { asked, ends } = await play({ docs: 4, runs: 5, lastsMs: 22 * MINUTE_MS, storm });
    const refused = asked.filter(({ isRefused, isPerson }) => isRefused && !isPerson);
    expect(refused.length).toBeGreaterThan(4);
    expect(refused.length).toBeLessThanOrEqual(20);
    expect(ends['RATE_LIMITED']).toBeGreaterThan(0);
    // It goes on by itself.
    const after = asked.filter(({ atMs }) => atMs > (refused.at(-1)?.atMs ?? 0));
    expect(after.length).toBeGreaterThan(20);
  });
});
