import { type Command, Option } from 'commander';
import { isDomainError } from '#shared/kernel/index.ts';
import { parseDuration } from './duration-option.ts';
import { parsePort } from './port-option.ts';

/** How a watch is kept, as it is given on the command line. */
export interface WatchFlags {
  readonly watch?: true;
  readonly every?: string;
  readonly healthPort?: number;
  /** Units: ms. */
  readonly behind?: number;
}

const EXAMPLE = `
A pass every five minutes until Ctrl-C or TERM, and how it goes on http://127.0.0.1:8787/health:
  npm run -s founder-hq -- sync --watch --every 5m --health-port 8787`;

/** Gives a command the options of a watch. */
export function addWatchOptions(command: Command): void {
  command
    .addOption(
      new Option('--watch', 'make passes until a signal says stop').conflicts([
        'acceptDeletes',
        'dryRun',
      ]),
    )
    .option('--every <cadence>', 'how often: 90s, 5m, 1h, or five fields of cron (default: 5m)')
    .addOption(
      new Option(
        '--health-port <number>',
        'answer on 127.0.0.1 how it goes: 200, or 503 when behind',
      ).argParser(parsePort),
    )
    .option('--behind <duration>', 'how late a good pass may be (default: 15m)', parseDuration)
    .addHelpText('after', EXAMPLE);
}

/** Refuses options that say nothing without `--watch`, and a cadence that is none. */
export async function checkWatchOptions(
  command: Command,
  { watch, every, healthPort, behind }: WatchFlags,
): Promise<void> {
  if (watch !== true && (every ?? healthPort ?? behind) !== undefined) {
    command.error('error: --every, --health-port and --behind go with --watch');
  }
  if (every === undefined) return;
  const { parseCadence } = await import('#worker/watch/index.ts');
  try {
    parseCadence(every, 'UTC');
  } catch (error) {
    if (isDomainError(error)) command.error(`error: --every: ${error.message}`);
    throw error;
  }
}
