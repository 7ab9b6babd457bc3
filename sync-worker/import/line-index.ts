/** Slots per id: below two of them, probes grow long. */
const SLOTS_PER_ID = 2;
const FIRST_CAPACITY = 1_024;

/**
 * Remembers on which line each id of a file stands. A `Map` of a million strings takes over 100 MB; this takes the bytes
 * of the ids and 16 more each, since a file of any size must be read beside everything else the program holds.
 * It is a hash table with open addressing over one growing block of UTF-8.
 */
export class LineIndex {
  #count = 0;
  /** By hash, and on from there: the number of an id plus one, or 0 where the slot is free. */
  #slots = new Uint32Array(FIRST_CAPACITY * SLOTS_PER_ID);
  #lines = new Uint32Array(FIRST_CAPACITY);
  /** Where the bytes of each id end; they begin where those of the id before end. */
  #ends = new Uint32Array(FIRST_CAPACITY);
  #bytes = Buffer.alloc(FIRST_CAPACITY * 16);

  /** The line an id stands on already; where it is new, undefined, and from now on it stands on this one. */
  findOrAdd(id: string, line: number): number | undefined {
    const start = this.#endOf(this.#count - 1);
    const end = start + this.#write(id, start);
    const slot = this.#findSlot(start, end);
    const known = this.#slots[slot] ?? 0;
    if (known > 0) return this.#lines[known - 1];
    this.#ends[this.#count] = end;
    this.#lines[this.#count] = line;
    this.#count += 1;
    this.#slots[slot] = this.#count;
    if (this.#count === this.#lines.length) this.#grow();
    return undefined;
  }

  #endOf(number: number): number {
    return number < 0 ? 0 : (this.#ends[number] ?? 0);
  }

  /** Writes an id behind the last one, where it stays if it is new. */
  #write(id: string, start: number): number {
    const byteLength = Buffer.byteLength(id);
    if (start + byteLength > this.#bytes.length) {
      const larger = Buffer.alloc(2 * this.#bytes.length + byteLength);
      this.#bytes.copy(larger);
      this.#bytes = larger;
    }
    return this.#bytes.write(id, start);
  }

  /** The slot of the id whose bytes stand from `start` to `end`, or the free one it belongs into. */
  #findSlot(start: number, end: number): number {
    const mask = this.#slots.length - 1;
    for (let slot = this.#hash(start, end) & mask; ; slot = (slot + 1) & mask) {
      const number = (this.#slots[slot] ?? 0) - 1;
      if (number < 0) return slot;
      const [from, to] = [this.#endOf(number - 1), this.#endOf(number)];
      if (this.#bytes.compare(this.#bytes, from, to, start, end) === 0) return slot;
    }
  }

  /** Source: FNV-1a, 32 bits (Fowler, Noll, Vo), with its high bits folded into the low ones that are used. */
  #hash(start: number, end: number): number {
    let hash = 0x811c9dc5;
    for (let at = start; at < end; at += 1) {
      hash = Math.imul(hash ^ (this.#bytes[at] ?? 0), 0x01000193);
    }
    return (hash ^ (hash >>> 15)) >>> 0;
  }

  #grow(): void {
    const capacity = 2 * this.#lines.length;
    this.#lines = extend(this.#lines, capacity);
    this.#ends = extend(this.#ends, capacity);
    this.#slots = new Uint32Array(capacity * SLOTS_PER_ID);
    for (let number = 0; number < this.#count; number += 1) {
      const slot = this.#findSlot(this.#endOf(number - 1), this.#endOf(number));
      this.#slots[slot] = number + 1;
    }
  }
}

function extend(numbers: Uint32Array<ArrayBuffer>, length: number): Uint32Array<ArrayBuffer> {
  const longer = new Uint32Array(length);
  longer.set(numbers);
  return longer;
}
