import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { DomainError } from '#shared/kernel/index.ts';
import { givenNewPath } from './given-path.ts';
import { PAGE_BEGINS } from './page/report-page.ts';

/**
 * Writes a drawing, over an older one or an empty file only. Returns where it lies.
 * Errors: `FILE_EXISTS` where the file holds something else.
 */
export const writeDrawing = (file: string, svg: string): string =>
  writeMade(file, svg, { begins: '<svg', what: 'drawing' });

/** Writes a report page, over an older one or an empty file only. Returns where it lies. Errors: as {@link writeDrawing}. */
export const writePage = (file: string, page: string): string =>
  writeMade(file, page, { begins: PAGE_BEGINS, what: 'report of this command' });

function writeMade(
  file: string,
  content: string,
  { begins, what }: { readonly begins: string; readonly what: string },
): string {
  const path = givenNewPath(file);
  const before = existsSync(path) ? readFileSync(path, 'utf8') : '';
  if (before !== '' && !before.startsWith(begins)) {
    const text = `\`${path}\` is there already and no ${what}: move it, or name another file.`;
    throw new DomainError('FILE_EXISTS', text);
  }
  writeFileSync(path, content);
  return path;
}
