import { mkdir, open, readdir, rename, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { EventLedger } from './take-event.ts';
import { type EventsReport, type RefusedEvent, takeEvents } from './take-events.ts';

/** A folder that tools put files of events into. */
export interface EventFolder {
  readonly folder: string;
  /** Units: ms since 1970, of the clock that files are stamped by. */
  readonly nowMs: number;
  readonly keep?: (() => Promise<void>) | undefined;
}

/** What came of one file. */
export interface FileReport extends EventsReport {
  readonly name: string;
}

/** What came of a folder. */
export interface FolderReport {
  readonly files: readonly FileReport[];
  /** Files that are still being written, and wait. */
  readonly waiting: readonly string[];
}

const ENDINGS = ['.jsonl', '.ndjson'];
/** A file that was written to so lately may not be whole. Units: ms. */
const QUIET_MS = 2_000;
/** Files looked at in one pass; the others wait for the next. */
const FILES_MAX = 1_000;
const DONE = 'done';
const REFUSED = 'refused';

/**
 * Takes in every file of a folder that is whole, by name: it ends with a line break, and nobody has written to it for two seconds. Then it is
 * moved to `done/`, and its refused lines are written to `refused/` with the reason. A pass that ends in between is made again: what the ledger
 * has is known by its id. Errors: those of the store and of the disk.
 */
export async function takeFolder(
  { folder, nowMs, keep }: EventFolder,
  ledger: Omit<EventLedger, 'work'>,
): Promise<FolderReport> {
  const files: FileReport[] = [];
  const waiting: string[] = [];
  for (const name of await listFiles(folder)) {
    const path = join(folder, name);
    const before = await lookAt(path, nowMs);
    if (before === undefined) {
      waiting.push(name);
      continue;
    }
    const report = await takeEvents({ bytes: readBytes(path), keep }, ledger);
    files.push({ name, ...report });
    await writeRefused(join(folder, REFUSED), name, report.refused);
    const after = await stat(path);
    if (after.size === before) await moveTo(join(folder, DONE), path, name);
    else waiting.push(name);
  }
  return { files, waiting };
}

async function listFiles(folder: string): Promise<readonly string[]> {
  const found = await readdir(folder, { withFileTypes: true });
  return found
    .filter((entry) => entry.isFile() && !entry.name.startsWith('.'))
    .map(({ name }) => name)
    .filter((name) => ENDINGS.some((ending) => name.endsWith(ending)))
    .toSorted()
    .slice(0, FILES_MAX);
}

/** How long a file is that is whole; `undefined` for one that is not. Units: bytes. */
async function lookAt(path: string, nowMs: number): Promise<number | undefined> {
  const { size, mtimeMs } = await stat(path);
  if (mtimeMs > nowMs - QUIET_MS) return undefined;
  if (size === 0) return 0;
  const file = await open(path);
  try {
    const { buffer } = await file.read(Buffer.alloc(1), 0, 1, size - 1);
    return buffer.toString() === '\n' ? size : undefined;
  } finally {
    await file.close();
  }
}

async function* readBytes(path: string): AsyncGenerator<Uint8Array, void> {
  const file = await open(path);
  try {
    yield* file.createReadStream({ autoClose: false });
  } finally {
    await file.close();
  }
}

/** The lines as they stood, each beside the reason: mended, they can be put into the folder again. */
async function writeRefused(
  folder: string,
  name: string,
  refused: readonly RefusedEvent[],
): Promise<void> {
  if (refused.length === 0) return;
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, name), toLines(refused), { mode: 0o600 });
}

/** Refused lines as JSON lines. */
export const toLines = (refused: readonly RefusedEvent[]): string =>
  refused.map((line) => `${JSON.stringify(line)}\n`).join('');

/** Moves a file, beside another of the same name that is there already. */
async function moveTo(folder: string, path: string, name: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  const there = new Set(await readdir(folder));
  let free = name;
  for (let count = 2; there.has(free); count += 1) free = `${name}.${count}`;
  await rename(path, join(folder, free));
}
