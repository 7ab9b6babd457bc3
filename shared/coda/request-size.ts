import { assert, utf8Bytes } from '#shared/kernel/index.ts';
import type { Cell } from './wire-value.ts';

/** Rows in one write: more is not documented to work. */
export const MAX_BATCH_ROWS = 100;
/** Bytes of one write; the service refuses 2 MB, and headers and rounding want room. Units: bytes. */
export const MAX_BATCH_BYTES = 1_500_000;
/** Bytes of one row; the service refuses 85 KB. Units: bytes. */
export const MAX_ROW_BYTES = 85_000;

/** How much one write may carry. */
export interface BatchBounds {
  /** @default MAX_BATCH_ROWS */
  readonly maxRows?: number;
  /** Of all rows together, as JSON. @default MAX_BATCH_BYTES */
  readonly maxBytes?: number;
}

/**
 * Bytes a row takes in a write. JSON writes a newline as two characters, which is also how the service counts it.
 * Compare it with {@link MAX_ROW_BYTES} before sending: a refused batch does not say which row was too large.
 */
export const rowBytes = (cells: readonly Cell[]): number => utf8Bytes(JSON.stringify({ cells }));

/**
 * The rows in as few batches as the bounds and the order allow; joined, they are the rows again.
 * Errors: a row above `maxBytes` by itself is a bug and throws.
 */
export function splitIntoBatches<Row extends readonly Cell[]>(
  rows: readonly Row[],
  bounds: BatchBounds = {},
): readonly (readonly Row[])[] {
  const { maxRows = MAX_BATCH_ROWS, maxBytes = MAX_BATCH_BYTES } = bounds;
  const batches: Row[][] = [];
  let batch: Row[] = [];
  let filledBytes = 0;
  for (const row of rows) {
    // One more for the comma between two rows.
    const bytes = rowBytes(row) + 1;
    assert(bytes <= maxBytes, `a row of \`${bytes}\` bytes in batches of at most \`${maxBytes}\``);
    if (batch.length === maxRows || filledBytes + bytes > maxBytes) {
      batches.push(batch);
      batch = [];
      filledBytes = 0;
    }
    batch.push(row);
    filledBytes += bytes;
  }
  return batch.length === 0 ? batches : [...batches, batch];
}
