import { statSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import type { Command } from 'commander';
import { readFileBytes } from '#worker/import/index.ts';
import { readGitLog, runGitLog } from '#worker/time/index.ts';
import { parseDay } from './day-option.ts';
import { givenPath } from './given-path.ts';
import { addTimeOptions, keepRefused, runTimeImport, type TimeFlags } from './run-time-import.ts';

interface GitFlags extends TimeFlags {
  readonly from?: string;
  readonly to?: string;
}

const EXAMPLE = `
Example:
  npm run -s founder-hq -- import git ../website --from 2026-03-01 --dry-run
  git log --date=iso-strict > website.log; npm run -s founder-hq -- import git website.log

A commit says how long it took in the last paragraph of its message, such as
  Task: T-12
  Time-Spent: 1h30m
The hours of commits that say nothing are not guessed; they are counted.`;

const HEADER = ['commit', 'date', 'email', 'subject', 'time'];

/** Adds `import git REPOSITORY|FILE`. */
export function registerImportGit(group: Command): void {
  const git = group
    .command('git')
    .description('load the times that commits give as runs of the tasks they name')
    .argument('<path>', 'a repository, or a file with what `git log --date=iso-strict` prints')
    .option('--from <day>', 'the first day wanted', parseDay)
    .option('--to <day>', 'the last day wanted', parseDay);
  addTimeOptions(git).addHelpText('after', EXAMPLE);
  git.action(async (path: string, flags: GitFlags) => {
    const place = givenPath(path);
    process.exitCode = await runTimeImport(flags, {
      file: path,
      name: basename(resolve(place)),
      isSelective: true,
      read: async ({ timeZone, refused }) =>
        keepRefused(
          refused,
          HEADER,
          await readGitLog({
            source: statSync(place).isDirectory() ? runGitLog(place) : readFileBytes(place),
            name: basename(resolve(place)).replace(/\.(git|log|txt)$/, ''),
            timeZone,
            from: flags.from,
            to: flags.to,
          }),
        ),
    });
  });
}
