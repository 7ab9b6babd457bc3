import type { Command } from 'commander';
import { readFileBytes, readWork, type WorkRead } from '#worker/import/index.ts';
import { givenPath } from './given-path.ts';
import { parseZone } from './zone-option.ts';

/** Files of work, as they are given on the command line. */
export interface WorkFileFlags {
  readonly sessions: string;
  readonly tasks?: string;
  readonly zone: string;
}

/** Gives a command the options that name files of work. */
export const addWorkOptions = (command: Command): Command =>
  command
    .requiredOption('--sessions <file>', 'CSV with a row a run')
    .option('--tasks <file>', 'CSV with a row a task or a revision of its estimate')
    .option(
      '--zone <zone>',
      'the zone of times without an offset, and of months',
      parseZone,
      'UTC',
    );

/** Reads the files that a command was given. */
export const readWorkFiles = ({ sessions, tasks, zone }: WorkFileFlags): Promise<WorkRead> =>
  readWork({
    sessions: readFileBytes(givenPath(sessions)),
    tasks: tasks === undefined ? undefined : readFileBytes(givenPath(tasks)),
    timeZone: zone,
  });
