const NAME_MAX = 34;

/**
 * Lines of a table as wide as its widest cells, two blanks between columns.
 * Shape: the first row holds the heads; columns named by their place are texts, from the left, and the others numbers.
 */
export function toTable(
  rows: readonly (readonly string[])[],
  texts: readonly number[],
): readonly string[] {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0)),
  );
  return rows.map((row) =>
    row
      .map((cell, column) => {
        const width = widths[column] ?? 0;
        return texts.includes(column) ? cell.padEnd(width) : cell.padStart(width);
      })
      .join('  ')
      .trimEnd(),
  );
}

/** A name that leaves room for the figures beside it. */
export const shortenName = (name: string): string =>
  name.length > NAME_MAX ? `${name.slice(0, NAME_MAX - 1)}…` : name;
