import { Command, CommanderError } from 'commander';
import { toFailureFacts } from '#worker/log/index.ts';
import manifest from '../../package.json' with { type: 'json' };
import { EXIT, type ExitCode } from './exit-code.ts';
import { explainError } from './explain-error.ts';
import { addLogOptions, openProcessLog, processLog } from './process-log.ts';

/** Adds one command to the program. */
export type Register = (program: Command) => void;

/** Commands under one heading of the help, in the order shown. */
export interface CommandGroup {
  readonly heading: string;
  readonly commands: readonly Register[];
}

/** Where the program prints, and whether failures show their stack. */
export interface ProgramIo {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  readonly isDebug: boolean;
}

/**
 * Runs one command line and answers its exit code. A command that ends well but not with 0 sets `process.exitCode`,
 * which is then left alone. It never throws: whatever a command throws becomes lines on standard error.
 */
export async function runProgram(
  argv: readonly string[],
  groups: readonly CommandGroup[],
  io: ProgramIo,
): Promise<ExitCode | undefined> {
  const startedMs = Date.now();
  const code = await runCommandLine(createProgram(groups, io), argv, io);
  const exitCode = code ?? process.exitCode ?? EXIT.done;
  processLog({ event: 'ended', exitCode, ms: Date.now() - startedMs });
  return code;
}

async function runCommandLine(
  program: Command,
  argv: readonly string[],
  io: ProgramIo,
): Promise<ExitCode | undefined> {
  try {
    await program.parseAsync(argv, { from: 'user' });
    return undefined;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.usage;
    processLog({ event: 'failed', ...toFailureFacts(error) });
    io.err(`${explainError(error, io.isDebug)}\n`);
    return EXIT.failed;
  }
}

function createProgram(groups: readonly CommandGroup[], io: ProgramIo): Command {
  const program = new Command('founder-hq')
    .description('Variance, gates and costs a founder can trust, beside a Coda doc.')
    .version(manifest.version)
    .helpCommand(false)
    .exitOverride()
    .showHelpAfterError('next: the same command with --help')
    .configureOutput({ writeOut: io.out, writeErr: io.err })
    .hook('preAction', async (_program, command) => {
      await openProcessLog(program.opts());
      processLog({ event: 'started', command: command.name(), version: manifest.version });
    });
  addLogOptions(program);
  for (const { heading, commands } of groups) {
    program.commandsGroup(`${heading}:`);
    for (const register of commands) register(program);
  }
  return program;
}
