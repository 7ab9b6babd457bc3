import { mkdir, stat, utimes, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { SentMark } from './load-model.ts';

/** A mark that is the age of a file: it costs one system call a request and outlives the process. */
export function createSentMark(file: string): SentMark {
  return {
    lastSentAt: () => stat(file).then(({ mtimeMs }) => mtimeMs, ifMissing),
    noteSent: async (atMs) => {
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, '');
      await utimes(file, atMs / 1_000, atMs / 1_000);
    },
  };
}

function ifMissing(error: unknown): undefined {
  if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
  throw error;
}
