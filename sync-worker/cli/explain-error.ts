import { inspect } from 'node:util';
import { isDomainError } from '#shared/kernel/index.ts';
import { toFailureFacts } from '#worker/log/index.ts';
import { scrub } from '#worker/secrets/index.ts';
import { processLog } from './process-log.ts';

/** What a person can do about a failure, by its code; a failure with a next step in its own message is not listed. */
const NEXT_STEP: ReadonlyMap<string, string> = new Map([
  ['UNAUTHORIZED', 'make a token at https://coda.io/account and set it as CODA_API_TOKEN'],
  ['FORBIDDEN', 'use a token that may read and write this doc'],
  ['NOT_FOUND', "check the doc's address, and that the token's account can open it"],
  ['RATE_LIMITED', 'wait a minute and run the same command again; it goes on where it stopped'],
  ['TIMED_OUT', 'run the same command again; it goes on where it stopped'],
  ['SERVER_ERROR', 'run the same command again; it goes on where it stopped'],
  [
    'SHAPE_CHANGED',
    'undo the change in the doc; if it is meant to stay, go on with `founder-hq sync --accept-deletes`',
  ],
  [
    'LIST_SHORT',
    'run the same command again; if it stays so, open the table in Coda and see that its rows are there',
  ],
  ['NETWORK', 'check the connection and run the same command again; it goes on where it stopped'],
  ['PORT_IN_USE', 'choose another port with --port, or stop the program that uses this one'],
  ['STORE_IN_USE', 'wait for the other founder-hq or end it, and run the same command again'],
  [
    'STORE_MISSING',
    'run this where the doc was synced, or name its doc with --doc or its server with --store',
  ],
  [
    'STORE_OTHER_DOC',
    'put the file of this doc back, or name its server with --store; a copied doc begins a ledger of its own',
  ],
  ['STORE_NEWER', 'update Founder HQ on this computer; what was written is left as it is'],
  ['STORE_OLDER', 'take a backup with `founder-hq backup` and make a pass with `founder-hq sync`'],
  [
    'STORE_CORRUPT',
    'put back a copy (of a ledger: `founder-hq restore`) or name another place; this one is left as it is',
  ],
  [
    'ANCHOR_DIFFERS',
    'where the ledger lies on a server, name it with --store or FOUNDER_HQ_STORE; else put the right ledger back',
  ],
  ['DECISION_UNKNOWN', 'mend that line of the decisions file and run the same command again'],
  ['EADDRINUSE', 'choose another port with --port, or stop the program that uses this one'],
  ['EACCES', 'check who owns the file and its folder, or choose another with its option'],
  ['EPERM', 'check who owns the file and its folder, or choose another with its option'],
  ['EROFS', 'run this in a folder that may be written, or name a file in one'],
  ['EEXIST', 'move what is there, or run this in another folder'],
  ['ENOTDIR', 'check the path: something on the way to it is a file'],
  ['ELOOP', 'check the links on the way to it'],
  ['ENAMETOOLONG', 'choose a shorter name'],
  ['EMFILE', 'end other programs that hold many files open, and run the same command again'],
  ['EFBIG', 'raise the limit on the size of files, and run the same command again'],
  ['EIO', 'check the disk, or copy the file to another'],
  ['ENOENT', 'check the path'],
  ['EISDIR', 'name a file, not a folder'],
  ['ENOSPC', 'free some space on the disk and run the same command again'],
  ['SQLITE_FULL', 'free some space on the disk and run the same command again'],
]);

/** What the system says in codes, about a path or, where a file was open already, about the file. */
const SYSTEM_TEXT: ReadonlyMap<string, string> = new Map([
  ['ENOENT', 'is not there'],
  ['EISDIR', 'is a folder'],
  ['ENOTDIR', 'leads through something that is no folder'],
  ['EEXIST', 'is there already, and is something else than expected'],
  ['EACCES', 'may not be opened by this account'],
  ['EPERM', 'may not be changed by this account'],
  ['EROFS', 'lies where nothing may be written'],
  ['ELOOP', 'is a link that leads to itself'],
  ['ENAMETOOLONG', 'has a name that is too long'],
  ['EMFILE', 'cannot be opened, since too many files are open'],
  ['EFBIG', 'is larger than this account may write'],
  ['ENOSPC', 'has no room left on its disk'],
  ['EIO', 'cannot be read or written: the disk or system fails'],
]);

const DEBUG_STEP = 'run it again with FOUNDER_HQ_DEBUG=1 and report what it prints';

/**
 * A failure as lines for standard error, without any secret: what went wrong, and what to do next where that is known. The stack and
 * what lay behind it are shown only on request, since they tell a founder nothing.
 */
export function explainError(thrown: unknown, isDebug: boolean): string {
  const error = thrown instanceof Error ? thrown : new Error(String(thrown));
  const next = NEXT_STEP.get(toCode(error));
  const lines =
    next === undefined && !isDomainError(error)
      ? [`error: this should not happen: ${error.message}`, `next: ${DEBUG_STEP}`]
      : [
          `error: ${toSystemText(error) ?? error.message}${toCodeText(error)}`,
          ...(next === undefined ? [] : [`next: ${next}`]),
        ];
  return scrub([...lines, ...(isDebug ? [inspect(error)] : [])].join('\n'));
}

/** Tells of a failure that only asks for another run: on standard error, and in the log. */
export function tellError(error: Error): void {
  processLog({ event: 'failed', ...toFailureFacts(error) });
  process.stderr.write(`${explainError(error, false)}\n`);
}

/** What a person can do about a failure, where that is not in its own message. */
export const nextStepOf = (error: Error): string | undefined => NEXT_STEP.get(toCode(error));

/** What failed in words, where the system answered with a code alone. */
function toSystemText(error: Error): string | undefined {
  const text = SYSTEM_TEXT.get(toCode(error));
  if (isDomainError(error) || text === undefined) return undefined;
  const path =
    'path' in error && typeof error.path === 'string' ? `\`${error.path}\`` : 'What was named';
  return `${path} ${text}.`;
}

/** What the guide to the ledger lists by its code is shown with it. */
function toCodeText(error: Error): string {
  const code = toCode(error);
  return /^STORE_|^ANCHOR_|^DISK_FULL$/.test(code) ? ` [${code}]` : '';
}

const toCode = (error: Error): string =>
  'code' in error && typeof error.code === 'string' ? error.code : '';
