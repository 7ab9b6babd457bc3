/** A generated page, by its path from the root. */
export interface Page {
  readonly path: string;
  readonly text: string;
}

/** The page of these lines, with a note above them that tells people not to edit it. */
export function toPage(path: string, source: string, lines: readonly string[]): Page {
  const note = `<!-- Generated from ${source} by \`npm run docs\`; changes by hand are lost. -->`;
  return { path, text: `${[note, ...lines].join('\n')}\n` };
}

/** The lines of a Markdown table; a bar inside a cell is escaped. */
export function toTable(
  head: readonly string[],
  rows: readonly (readonly string[])[],
): readonly string[] {
  return [toRow(head), toRow(head.map(() => '---')), ...rows.map(toRow)];
}

const toRow = (cells: readonly string[]): string => `| ${cells.map(toCell).join(' | ')} |`;
const toCell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ');
