/** Of some known texts the one that takes the fewest typed letters to get to; the first of several alike. */
export function findNearest(text: string, known: readonly string[]): string | undefined {
  const distances = known.map((candidate) => ({ candidate, typed: countEdits(text, candidate) }));
  return distances.reduce<(typeof distances)[number] | undefined>(
    (best, one) => (best === undefined || one.typed < best.typed ? one : best),
    undefined,
  )?.candidate;
}

/** Letters to add, drop or change. Source: Levenshtein (1966), by the row-wise method of Wagner and Fischer (1974). */
function countEdits(from: string, to: string): number {
  let above = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (let row = 0; row < from.length; row += 1) {
    const current = [row + 1];
    for (let column = 0; column < to.length; column += 1) {
      const dropped = (above[column + 1] ?? 0) + 1;
      const added = (current[column] ?? 0) + 1;
      const changed = (above[column] ?? 0) + (from.charAt(row) === to.charAt(column) ? 0 : 1);
      current.push(Math.min(dropped, added, changed));
    }
    above = current;
  }
  return above.at(-1) ?? 0;
}
