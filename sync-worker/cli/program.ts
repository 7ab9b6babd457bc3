import { Command, CommanderError } from 'commander';
import manifest from '../../package.json' with { type: 'json' };
import { EXIT, type ExitCode } from './exit-code.ts';
import { explainError } from './explain-error.ts';

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
  try {
    await createProgram(groups, io).parseAsync(argv, { from: 'user' });
    return undefined;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.usage;
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
    .configureOutput({ writeOut: io.out, writeErr: io.err });
  for (const { heading, commands } of groups) {
    program.commandsGroup(`${heading}:`);
    for (const register of commands) register(program);
  }
  return program;
}
