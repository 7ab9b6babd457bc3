import type { ApiRow } from '#shared/coda/index.ts';
import { assert, type Instant, toInstant } from '#shared/kernel/index.ts';
import type { BoundTable } from './bound-table.ts';
import { type CellFault, type Codec, DECODERS, type Decoded, toText } from './cell-decoder.ts';

/** Columns whose codec is the one asked for are read by it; a cell that cannot be read is put aside by name. */
export class CellReader {
  readonly #row: ApiRow;
  readonly #table: BoundTable;
  readonly #faults = new Map<string, CellFault>();

  constructor(table: BoundTable, row: ApiRow) {
    this.#table = table;
    this.#row = row;
  }

  /** The cell's value; undefined where it is blank, unreadable, or the doc has no such column. */
  read<Name extends Codec>(codec: Name, column: string): Decoded[Name] | undefined {
    const bound = this.#table.columns.get(column);
    const spec = bound?.spec ?? this.#table.spec.columns.find(({ name }) => name === column);
    assert(spec?.codec === codec, `expected \`${column}\` of codec \`${codec}\`, received none`);
    const cell = bound === undefined ? undefined : this.#row.values[bound.columnId];
    if (cell === undefined) return undefined;
    const result = DECODERS[codec](cell);
    if (result.ok) return result.value;
    this.#faults.set(column, result.refusal);
    return undefined;
  }

  /** The words of a cell exactly as the doc gives them, "" where blank or missing. */
  verbatim(column: string): string {
    const bound = this.#table.columns.get(column);
    const cell = bound === undefined ? undefined : this.#row.values[bound.columnId];
    return cell === undefined ? '' : toText(cell);
  }

  /** When the row was made; undefined where the doc does not tell. */
  get rowCreatedAt(): Instant | undefined {
    const epochMs = Date.parse(this.#row.createdAt);
    return Number.isNaN(epochMs) ? undefined : toInstant(epochMs);
  }

  /** What could not be read so far, by column. */
  get faults(): ReadonlyMap<string, CellFault> {
    return this.#faults;
  }
}
