/** One gate of a list as somebody typed it, but for its blanks. */
export interface GateWords {
  readonly words: string;
  /** From 1. */
  readonly line: number;
}

/** What a list of gates names, whether or not it means anything: one a line, or several between semicolons. */
export const splitGates = (text: string): readonly GateWords[] =>
  text.split(/\r\n|\r|\n/).flatMap((line, index) =>
    line.split(';').flatMap((part) => {
      const words = part.trim().replace(/\s+/g, ' ');
      return words === '' ? [] : { words, line: index + 1 };
    }),
  );
