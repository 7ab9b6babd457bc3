import { closeSync, openSync, writeSync } from 'node:fs';
import { resolve } from 'node:path';
import { DomainError } from '#shared/kernel/index.ts';
import type { Delimiter, RefusedRow } from '#worker/import/index.ts';
import { givenNewPath, givenPath } from './given-path.ts';

/** A file of the rows that were refused, as they stood, so that it can be mended and imported in their place. */
export interface RefusedFile {
  /** Begins the file anew, once the header of the source has been read. */
  readonly begin: (header: readonly string[], delimiter: Delimiter) => void;
  readonly write: (row: RefusedRow, fields: readonly string[]) => void;
  readonly close: () => void;
}

/** Before the columns of the source; an import reads nothing from them. */
const REASON_COLUMNS = ['refused_line', 'refused_reason'];

/** Errors: `FILE_EXISTS` where the rows would go over the file they come from. */
export function createRefusedFile(file: string, source: string): RefusedFile {
  const path = givenNewPath(file);
  if (path === resolve(givenPath(source))) {
    const text = `\`--refused ${file}\` is the file that is imported: name another, or its good rows are lost.`;
    throw new DomainError('FILE_EXISTS', text);
  }
  let descriptor: number | undefined;
  let separator: Delimiter = ',';
  const writeLine = (fields: readonly string[]): void => {
    const cells = fields.map((field) => toCell(field, separator)).join(separator);
    if (descriptor !== undefined) writeSync(descriptor, `${cells}\n`);
  };
  return {
    begin: (header, delimiter) => {
      descriptor = openSync(path, 'w');
      separator = delimiter;
      writeLine([...REASON_COLUMNS, ...header]);
    },
    write: ({ line, reason }, fields) => writeLine([String(line), reason, ...fields]),
    close: () => {
      if (descriptor !== undefined) closeSync(descriptor);
    },
  };
}

const toCell = (text: string, delimiter: Delimiter): string =>
  text.includes(delimiter) || /["\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
