import { EXIT, type ExitCode } from './exit-code.ts';
import { toRefusedLines } from './work-text.ts';

/** Which of the files of a command a row is of. */
export type GivenFile = 'tasks' | 'sessions' | 'history';

const CALLED: Readonly<Record<GivenFile, string>> = {
  tasks: 'task file',
  sessions: 'session file',
  history: 'history file',
};

/** A file whose rows were read. */
export interface FileRows {
  readonly file: GivenFile;
  readonly rowsRead: number;
  readonly rowsRefused: number;
}

/** How many rows of a file could be read, and how many could not. */
export const toFileRows = (
  file: GivenFile,
  rowsRead: number,
  refused: readonly { readonly file: string }[],
): FileRows => ({
  file,
  rowsRead,
  rowsRefused: refused.filter((row) => row.file === file).length,
});

/** The first file none of whose rows can be read, so that whatever rests on it would pass for an answer. */
export const findUnread = (files: readonly FileRows[]): GivenFile | undefined =>
  files.find(({ rowsRead, rowsRefused }) => rowsRead === 0 && rowsRefused > 0)?.file;

/** Says why nothing could be read, and ends with 1. */
export function sayUnread(
  file: GivenFile,
  refused: Parameters<typeof toRefusedLines>[0],
): ExitCode {
  const lines = [
    ...toRefusedLines(refused),
    `error: No row of the ${CALLED[file]} can be read.`,
    'next: mend what is wrong with each row, or check that it is the file you mean',
  ];
  process.stderr.write(`${lines.join('\n')}\n`);
  return EXIT.failed;
}
