import { randomUUID } from 'node:crypto';
import { existsSync, statfsSync, statSync, unlinkSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { HealthFinding } from './health-finding.ts';

/** A folder with less room than this fails soon; one with little room, some day. Units: bytes. */
const ROOM_NEEDED = 20_000_000;
const ROOM_WANTED = 200_000_000;
const OTHERS_MAY = 0o077;

/** Where the worker keeps what it must find again, and what of it nobody else should read. */
export interface FolderFacts {
  readonly folder: string;
  /** Files that tell rates, hours or a token, where they are there. */
  readonly privateFiles: readonly string[];
  /** What the disk has left. Units: bytes. @default the disk's own answer */
  readonly readRoom?: (folder: string) => number;
}

/** Whether what the worker keeps can be written, has room, and is this account's alone. */
export function judgeFolder({
  folder,
  privateFiles,
  readRoom = readDiskRoom,
}: FolderFacts): readonly HealthFinding[] {
  const place = existsSync(folder) ? folder : dirname(resolve(folder));
  const unwritable = judgeWriting(folder, place);
  if (unwritable !== undefined) return [unwritable];
  return [...judgeRoom(place, readRoom(place)), ...privateFiles.flatMap(judgeRights)];
}

/** Rights alone do not tell: only a file that was written does. */
function judgeWriting(folder: string, place: string): HealthFinding | undefined {
  const file = join(place, `doctor-${randomUUID()}`);
  try {
    writeFileSync(file, '', { mode: 0o600 });
    unlinkSync(file);
    return undefined;
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
    const isFile = statSync(folder, { throwIfNoEntry: false })?.isDirectory() === false;
    const message = isFile
      ? `\`${folder}\` is a file, and the worker needs a folder of that name.`
      : `Nothing can be written in \`${folder}\` (${code}).`;
    const fix = isFile
      ? 'Give that file another name.'
      : 'Give this account the right to write there, free space, or run this in another folder.';
    return { code: 'FOLDER_CLOSED', severity: 'error', message, fix };
  }
}

function judgeRoom(folder: string, room: number): readonly HealthFinding[] {
  if (room >= ROOM_WANTED) return [];
  const message = `The disk of \`${folder}\` has ${Math.floor(room / 1_000_000)} MB left.`;
  const fix = 'Free some space: a ledger that finds no room takes nothing in.';
  return [{ code: 'DISK_LOW', severity: room < ROOM_NEEDED ? 'error' : 'warning', message, fix }];
}

function judgeRights(file: string): readonly HealthFinding[] {
  // Windows keeps rights elsewhere and shows every file as open to all.
  if (process.platform === 'win32') return [];
  const mode = statSync(file, { throwIfNoEntry: false })?.mode ?? 0;
  if ((mode & OTHERS_MAY) === 0) return [];
  const message = `\`${file}\` can be read by others on this computer (${(mode & 0o777).toString(8)}), and tells hours, rates or a token.`;
  return [{ code: 'FILE_OPEN', severity: 'warning', message, fix: `Run: chmod 600 '${file}'` }];
}

function readDiskRoom(folder: string): number {
  const { bavail, bsize } = statfsSync(folder);
  return bavail * bsize;
}
