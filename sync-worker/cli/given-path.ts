import { existsSync } from 'node:fs';
import { resolve } from 'node:path';

/** A path as it was typed: from the folder npm was called in, since npm itself runs its scripts in the project's. */
export function givenPath(path: string): string {
  const fromCaller = resolve(process.env['INIT_CWD'] ?? '.', path);
  return !existsSync(path) && existsSync(fromCaller) ? fromCaller : path;
}

/** The path of a file still to be written, as it was typed: from the folder npm was called in. */
export const givenNewPath = (path: string): string => resolve(process.env['INIT_CWD'] ?? '.', path);
