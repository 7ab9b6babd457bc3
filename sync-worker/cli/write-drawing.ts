import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { DomainError } from '#shared/kernel/index.ts';
import { givenNewPath } from './given-path.ts';

/**
 * Writes a drawing, over an older one or an empty file only. Returns where it lies.
 * Errors: `FILE_EXISTS` where the file holds something else.
 */
export function writeDrawing(file: string, svg: string): string {
  const path = givenNewPath(file);
  if (existsSync(path) && !isDrawing(readFileSync(path, 'utf8'))) {
    const text = `\`${path}\` is there already and no drawing: move it, or name another file.`;
    throw new DomainError('FILE_EXISTS', text);
  }
  writeFileSync(path, svg);
  return path;
}

const isDrawing = (text: string): boolean => text === '' || text.startsWith('<svg');
