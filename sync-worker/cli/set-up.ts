import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod/mini';
import { isDocId } from '#shared/coda/index.ts';
import { DomainError, isTimeZone } from '#shared/kernel/index.ts';
import { STATE_FOLDER } from './state-folder.ts';

const SET_UP_FILE = join(STATE_FOLDER, 'config.json');

const DOC = z.strictObject({
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
const SET_UP = z.extend(DOC, {
  /** More docs that this worker serves, each with what is its own. */
  docs: z.optional(z.array(DOC)),
});

/** What was settled for one doc; it holds no secret. */
export type DocSetUp = z.infer<typeof DOC>;
/** What `init` settled for this folder: its doc, and more docs that a pass serves. */
export type SetUp = z.infer<typeof SET_UP>;

/** What was settled for this folder, if anything. Errors: `CONFIG_UNREADABLE`. */
export function readSetUp(): SetUp | undefined {
  if (!existsSync(SET_UP_FILE)) return undefined;
  const read = z.safeParse(SET_UP, parseJson(readFileSync(SET_UP_FILE, 'utf8')));
  const [issue] = read.error?.issues ?? [];
  if (!read.success) throw unreadable(issue?.path.join('.') ?? '');
  const ids = listDocs(read.data).map(({ doc }) => doc);
  // Twice the same doc with two stores would be two ledgers of one doc.
  if (new Set(ids).size < ids.length) throw unreadable('docs: one is there twice');
  return read.data;
}

/** What was settled for a doc, if it is one of this folder. Errors: as {@link readSetUp}. */
export function readDocSetUp(docId: string): DocSetUp | undefined {
  const setUp = readSetUp();
  return setUp && listDocs(setUp).find(({ doc }) => doc === docId);
}

/** Every doc of a folder, its own first. */
export const listDocs = ({ docs = [], ...first }: SetUp): readonly DocSetUp[] => [first, ...docs];

/** Settles the doc of this folder; the others stay. Answers the file. */
export const keepSetUp = (doc: DocSetUp): string => {
  const others = (readSetUp()?.docs ?? []).filter((other) => other.doc !== doc.doc);
  return write(others.length === 0 ? doc : { ...doc, docs: others });
};

/** Adds a doc to those this folder has, or settles it anew. Answers the file. */
export function addSetUp(doc: DocSetUp): string {
  const setUp = readSetUp();
  if (setUp === undefined || setUp.doc === doc.doc) return keepSetUp(doc);
  const { docs = [] } = setUp;
  const isKnown = docs.some((other) => other.doc === doc.doc);
  const next = isKnown
    ? docs.map((other) => (other.doc === doc.doc ? doc : other))
    : [...docs, doc];
  return write({ ...setUp, docs: next });
}

function write(setUp: SetUp): string {
  mkdirSync(STATE_FOLDER, { recursive: true, mode: 0o700 });
  writeFileSync(SET_UP_FILE, `${JSON.stringify(setUp, null, 2)}\n`, { mode: 0o600 });
  return SET_UP_FILE;
}

function unreadable(what: string): DomainError {
  const where = what === '' ? '' : ` (${what})`;
  return new DomainError(
    'CONFIG_UNREADABLE',
    `\`${SET_UP_FILE}\` cannot be read${where}: mend it, or write it anew with \`founder-hq init --doc URL\`.`,
  );
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
