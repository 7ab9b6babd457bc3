import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod/mini';
import { isDocId } from '#shared/coda/index.ts';
import { DomainError, isTimeZone } from '#shared/kernel/index.ts';
import { STATE_FOLDER } from './state-folder.ts';

const SET_UP_FILE = join(STATE_FOLDER, 'config.json');

const SET_UP = z.strictObject({
  /** The doc’s id. */
  doc: z.string().check(z.refine(isDocId)),
  /** The server with the ledger; without a password, which belongs into the surroundings. */
  store: z.optional(z.string()),
  /** An IANA zone, whose days and months count where the doc does not tell its own. */
  zone: z.optional(z.string().check(z.refine(isTimeZone))),
  /** A file of this account alone that holds the token. */
  tokenFile: z.optional(z.string()),
  /** A program that prints the token, and its arguments: run as it is, by no shell. */
  tokenCommand: z.optional(z.array(z.string()).check(z.minLength(1))),
});

/** What `init` settled for this folder; it holds no secret. */
export type SetUp = z.infer<typeof SET_UP>;

/** What was settled for this folder, if anything. Errors: `CONFIG_UNREADABLE`. */
export function readSetUp(): SetUp | undefined {
  if (!existsSync(SET_UP_FILE)) return undefined;
  const read = z.safeParse(SET_UP, parseJson(readFileSync(SET_UP_FILE, 'utf8')));
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  const where = issue?.path.length === 0 ? '' : ` (${issue?.path.join('.')})`;
  throw new DomainError(
    'CONFIG_UNREADABLE',
    `\`${SET_UP_FILE}\` cannot be read${where}: mend it, or write it anew with \`founder-hq init --doc URL\`.`,
  );
}

/** Settles what commands in this folder go by, and answers the file. */
export function keepSetUp(setUp: SetUp): string {
  mkdirSync(STATE_FOLDER, { recursive: true, mode: 0o700 });
  writeFileSync(SET_UP_FILE, `${JSON.stringify(setUp, null, 2)}\n`, { mode: 0o600 });
  return SET_UP_FILE;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
