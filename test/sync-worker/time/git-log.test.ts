import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { readGitLog, runGitLog } from '#worker/time/index.ts';
import { createTimeScene } from './time-scene.ts';

const folder = mkdtempSync(join(tmpdir(), 'founder-hq-git-'));
afterAll(() => rmSync(folder, { recursive: true }));

const read = (source: AsyncIterable<Uint8Array> | string, more = {}) =>
  readGitLog({
    source: typeof source === 'string' ? toBytes(source) : source,
    name: 'website',
    timeZone: 'Europe/Berlin',
    ...more,
  });
const toBytes = async function* (text: string) {
  yield Buffer.from(text);
};
let hashes = 0;
const commit = (message: string, date = '2026-03-02T23:30:00-05:00'): string => {
  hashes += 1;
  const body = message.replaceAll(/^/gm, '    ').replaceAll(/^ +$/gm, '');
  return `commit ${String(hashes).padStart(40, 'a')}\nAuthor: Dana Reed <dana@acme.example>\nDate:   ${date}\n\n${body}\n\n`;
};
const HOUR = 3_600_000;

describe('readGitLog', () => {
  it('takes time, task and day of a commit from its trailers, its author and its date', async () => {
    const { entries, source } = await read(
      commit('Draft the page\n\nTime-Spent: 9h is no trailer here\n\nTask: T-2\nTime-Spent: 1h30m'),
    );
    expect(source).toBe('git/website');
    expect(entries).toMatchObject([
      {
        sourceId: 'dana@acme.example 2026-03-03T04:30:00.000Z',
        day: '2026-03-03',
        netMs: 1.5 * HOUR,
        person: 'Dana Reed',
        task: 'T-2',
        note: 'Draft the page',
      },
    ]);
  });

  it('guesses no hours: commits without a time are counted, others read in the forms people write', async () => {
    const times = ['1.5h', '90m', '1:30', '1 hour 30 minutes', '1,5 h', '0h', '2', '-1h', 'long'];
    const { entries, refused, skipped } = await read(
      [
        commit('Nothing said'),
        commit('Time-Spent: 1h'),
        ...times.map((time) => commit(`Do ${time}\n\nTime-Spent: ${time}`)),
      ].join(''),
    );
    expect(entries.map(({ netMs }) => netMs / HOUR)).toEqual([1.5, 1.5, 1.5, 1.5, 1.5]);
    expect(refused.map(({ reason }) => reason.slice(19))).toEqual([
      '`0h` is no time like 1h30m',
      '`2` is no time like 1h30m',
      '`-1h` is no time like 1h30m',
      '`long` is no time like 1h30m',
    ]);
    expect([...skipped]).toEqual([['commits without a trailer such as `Time-Spent: 1h30m`', 2]]);
  });

  it('takes as many tasks as times, one time after the other', async () => {
    const both = commit('Two\n\nTask: T-1\nTask: T-2\nTime-Spent: 1h\nTime-Spent: 2h');
    const { entries } = await read(both);
    expect(entries.map(({ task, netMs }) => [task, netMs / HOUR])).toEqual([
      ['T-1', 1],
      ['T-2', 2],
    ]);
    const odd = await read(commit('Two\n\nTask: T-1\nTask: T-2\nTime-Spent: 1h'));
    expect(odd.refused[0]?.reason).toMatch(/has 2 tasks and 1 times/);
  });

  it('counts a commit once on however many branches, leaves other days, and needs a date it can read', async () => {
    const text = 'Do\n\nTask: T-1\nTime-Spent: 1h';
    const { entries, skipped, refused } = await read(
      commit(text) +
        commit(text) +
        commit(text, '2026-02-01T10:00:00Z') +
        commit(text, 'yesterday'),
      { from: '2026-03-01' },
    );
    expect([entries.length, [...skipped.values()], refused.length]).toEqual([1, [1, 1], 1]);
  });

  it('reads a repository, and changes nothing the second time or after a rebase', async () => {
    const place = join(folder, 'website');
    mkdirSync(place);
    const env = {
      ...process.env,
      GIT_CONFIG_GLOBAL: '/dev/null',
      GIT_CONFIG_SYSTEM: '/dev/null',
      GIT_AUTHOR_NAME: 'Dana Reed',
      GIT_AUTHOR_EMAIL: 'dana@acme.example',
      GIT_AUTHOR_DATE: '2026-03-02T09:00:00Z',
      GIT_COMMITTER_NAME: 'Dana Reed',
      GIT_COMMITTER_EMAIL: 'dana@acme.example',
    };
    const git = (...words: readonly string[]) =>
      execFileSync('git', ['-C', place, ...words], { env });
    git('init', '-q');
    writeFileSync(join(place, 'page'), '1');
    git('add', '.');
    git('commit', '-qm', 'Draft\n\nTask: T-2\nTime-Spent: 45m');
    const scene = await createTimeScene(join(folder, 'ledger.db'));
    expect(await scene.bring(await read(runGitLog(place)))).toMatchObject({
      sent: 1,
      unmatched: [],
    });
    expect(await scene.bring(await read(runGitLog(place)))).toMatchObject({ sent: 0 });
    git('commit', '-q', '--amend', '-m', 'Draft it\n\nTask: T-2\nTime-Spent: 1h');
    const amended = await scene.bring(await read(runGitLog(place)));
    expect([amended.sent, amended.gone]).toEqual([1, []]);
    expect(scene.runs().map(({ cells }) => [cells['started_at'], cells['actual_hours']])).toEqual([
      [expect.stringContaining('2026-03-02'), '1'],
    ]);
    await scene.close();
  });

  it('says that a folder is no repository', async () => {
    await expect(read(runGitLog(folder))).rejects.toMatchObject({ code: 'GIT_FAILED' });
  });
});
