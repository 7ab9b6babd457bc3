/**
 * Of some known texts the one that takes the fewest typed letters to get to; the first of several alike.
 * Errors: no known text at all is a bug and throws.
 */
export const findNearest = (text: string, known: readonly string[]): string =>
  known.reduce((best, one) => (countEdits(text, one) < countEdits(text, best) ? one : best));

/** Letters to add, drop or change. Source: Levenshtein (1966), by the row-wise method of Wagner and Fischer (1974). */
function countEdits(from: string, to: string): number {
  let above = Array.from({ length: to.length + 1 }, (_, column) => column);
  let last = to.length;
  for (let row = 0; row < from.length; row += 1) {
    last = row + 1;
    const current = [last];
    let corner = row;
    for (const [column, over] of above.slice(1).entries()) {
      const changed = corner + (from.charAt(row) === to.charAt(column) ? 0 : 1);
      last = Math.min(over + 1, last + 1, changed);
      current.push(last);
      corner = over;
    }
    above = current;
  }
  return last;
}
