import { itemAt } from './item-at.ts';
import type { PlanGraph } from './plan-graph.ts';

/** Tasks looked at together: one bit each, in whole 32-bit words. */
const TASKS_PER_PASS = 1024;
/** Bytes in the row of a node. */
const ROW_BYTES = TASKS_PER_PASS / 8;
const WORD_BYTES = 4;

/**
 * How many tasks wait for each task, directly or through others; exact.
 * Cost: edges × tasks ÷ 32 operations on words and 128 bytes of memory per node, whatever the number of tasks.
 */
export function countDependents(graph: PlanGraph): readonly number[] {
  const counts = Array.from({ length: graph.taskCount }, () => 0);
  scanReach(graph, (reach) => {
    for (const [task, count] of counts.entries()) counts[task] = count + reach.count(task);
  });
  return counts;
}

/** Of the given pairs of tasks, those where neither comes before the other, in the order given. Cost: as {@link countDependents}. */
export function findUnordered<Pair extends readonly [number, number, ...(readonly unknown[])]>(
  graph: PlanGraph,
  pairs: readonly Pair[],
): readonly Pair[] {
  const ordered = new Set<Pair>();
  if (pairs.length === 0) return [];
  scanReach(graph, (reach) => {
    for (const pair of pairs) {
      if (reach.has(pair[0], pair[1]) || reach.has(pair[1], pair[0])) ordered.add(pair);
    }
  });
  return pairs.filter((pair) => !ordered.has(pair));
}

/** Which of the tasks of one pass wait for a node. */
interface Reach {
  readonly count: (node: number) => number;
  readonly has: (node: number, waiting: number) => boolean;
}

/** Shows, pass by pass over the tasks, which of them each node comes before. */
function scanReach(graph: PlanGraph, look: (reach: Reach) => void): void {
  const backwards = [...graph.order].reverse();
  for (let first = 0; first < graph.taskCount; first += TASKS_PER_PASS) {
    const rows = new DataView(new ArrayBuffer(graph.ids.length * ROW_BYTES));
    for (const node of backwards) collect(graph, node, { rows, first });
    look({
      count: (node) => countBits(rows, node * ROW_BYTES),
      has: (node, waiting) => isSet(rows, node * ROW_BYTES, waiting - first),
    });
  }
}

/** A node comes before its successors and before all that they come before. */
function collect(
  graph: PlanGraph,
  node: number,
  { rows, first }: { readonly rows: DataView; readonly first: number },
): void {
  const row = node * ROW_BYTES;
  for (const next of itemAt(graph.successors, node)) {
    const nextRow = next * ROW_BYTES;
    for (let at = 0; at < ROW_BYTES; at += WORD_BYTES) {
      rows.setUint32(row + at, rows.getUint32(row + at) | rows.getUint32(nextRow + at));
    }
    if (next < graph.taskCount) setBit(rows, row, next - first);
  }
}

/** A bit outside the row belongs to another pass. */
const isInRow = (bit: number): boolean => bit >= 0 && bit < TASKS_PER_PASS;

function setBit(rows: DataView, row: number, bit: number): void {
  if (!isInRow(bit)) return;
  const at = row + (bit >>> 3);
  rows.setUint8(at, rows.getUint8(at) | (1 << (bit & 7)));
}

const isSet = (rows: DataView, row: number, bit: number): boolean =>
  isInRow(bit) && ((rows.getUint8(row + (bit >>> 3)) >>> (bit & 7)) & 1) === 1;

/** Source: Warren, "Hacker's Delight", figure 5-2. */
function countBits(rows: DataView, row: number): number {
  let count = 0;
  for (let at = 0; at < ROW_BYTES; at += WORD_BYTES) {
    const word = rows.getUint32(row + at);
    const pairs = word - ((word >>> 1) & 0x55555555);
    const nibbles = (pairs & 0x33333333) + ((pairs >>> 2) & 0x33333333);
    count += Math.imul((nibbles + (nibbles >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
  }
  return count;
}
