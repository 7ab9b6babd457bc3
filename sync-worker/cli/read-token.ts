import { execFileSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { DomainError } from '#shared/kernel/index.ts';
import { learnSecret, withoutSecrets } from '#worker/secrets/index.ts';
import type { SetUp } from './set-up.ts';

const OTHERS_MAY = 0o077;
/** Long enough for a person to unlock a store of passwords. Units: ms. */
const COMMAND_MS = 60_000;

/**
 * The token, which from then on is kept out of all that is printed and logged: of the surroundings, else of the file or program that was settled for this folder; "" where there is none.
 * Errors: `TOKEN_FILE_OPEN`, `TOKEN_FILE_UNREADABLE`, `TOKEN_COMMAND_FAILED`; none of them quotes what was read.
 */
export function readToken(
  env: Readonly<Record<string, string | undefined>>,
  setUp: Pick<SetUp, 'tokenFile' | 'tokenCommand'> = {},
): string {
  const token = findToken(env, setUp);
  learnSecret(token);
  return token;
}

function findToken(
  env: Readonly<Record<string, string | undefined>>,
  setUp: Pick<SetUp, 'tokenFile' | 'tokenCommand'>,
): string {
  const given = env['CODA_API_TOKEN']?.trim() ?? '';
  if (given !== '') return given;
  if (setUp.tokenFile !== undefined) return readTokenFile(setUp.tokenFile);
  return setUp.tokenCommand === undefined ? '' : askProgram(setUp.tokenCommand);
}

function readTokenFile(file: string): string {
  const mode = statSync(file, { throwIfNoEntry: false })?.mode;
  if (mode === undefined) {
    throw new DomainError(
      'TOKEN_FILE_UNREADABLE',
      `The file of the token, \`${file}\`, is not there: write the token into it, for this account alone.`,
    );
  }
  // Windows keeps rights elsewhere and shows every file as open to all.
  if ((mode & OTHERS_MAY) !== 0 && process.platform !== 'win32') {
    throw new DomainError(
      'TOKEN_FILE_OPEN',
      `Others on this computer can read the token in \`${file}\`: run chmod 600 on it, and make a new token if somebody may have.`,
    );
  }
  return readFileSync(file, 'utf8').trim();
}

function askProgram(command: readonly string[]): string {
  const [program = '', ...args] = command;
  try {
    return execFileSync(program, args, {
      encoding: 'utf8',
      env: withoutSecrets(process.env),
      timeout: COMMAND_MS,
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
  } catch {
    // What such a program prints, and so the library's own error, may hold the token.
    throw new DomainError(
      'TOKEN_COMMAND_FAILED',
      `\`${program}\`, which should print the token, failed: run it by hand and see that it prints one line.`,
    );
  }
}
