/** The sum of a list of numbers, in its order; 0 for none. */
export const sumOf = (numbers: readonly number[]): number =>
  numbers.reduce((sum, number) => sum + number, 0);

/** A sorted copy of a list of numbers. */
export const sortAscending = (numbers: readonly number[]): readonly number[] =>
  [...numbers].sort((one, other) => one - other);

/** How many of an ascending list are below a value: the place of the first that is not. Cost: the logarithm of its length. */
export const countBelow = (ascending: readonly number[], value: number): number =>
  countLeading(ascending, (number) => number < value);

/** How many of an ascending list are at most a value: the place of the first above it. Cost: the logarithm of its length. */
export const countUpTo = (ascending: readonly number[], value: number): number =>
  countLeading(ascending, (number) => number <= value);

function countLeading(numbers: readonly number[], isCounted: (number: number) => boolean): number {
  let low = 0;
  let high = numbers.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (isCounted(numbers[middle] ?? Number.NaN)) low = middle + 1;
    else high = middle;
  }
  return low;
}
