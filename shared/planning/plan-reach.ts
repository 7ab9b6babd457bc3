import type { PlanGraph } from './plan-graph.ts';

/** Tasks looked at together: one bit each, in whole 32-bit words. */
const TASKS_PER_PASS = 1024;
/** Words in the row of a node. */
const WIDTH = TASKS_PER_PASS / 32;

/**
 * How many tasks wait for each task, directly or through others; exact.
 * Cost: edges × tasks ÷ 32 operations on words and 128 bytes of memory per node, whatever the number of tasks.
 */
export function countDependents(graph: PlanGraph): readonly number[] {
  const counts = Array.from({ length: graph.taskCount }, () => 0);
  scanReach(graph, (reach) => {
    for (let task = 0; task < graph.taskCount; task += 1) {
      counts[task] = (counts[task] ?? 0) + reach.count(task);
    }
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
  const words = new Uint32Array(graph.ids.length * WIDTH);
  for (let first = 0; first < graph.taskCount; first += TASKS_PER_PASS) {
    words.fill(0);
    for (let place = graph.order.length - 1; place >= 0; place -= 1) {
      collect(graph, graph.order[place] ?? 0, { words, first });
    }
    look({
      count: (node) => countBits(words.subarray(node * WIDTH, (node + 1) * WIDTH)),
      has: (node, waiting) => isSet(words, node * WIDTH, waiting - first),
    });
  }
}

/** A node comes before its successors and before all that they come before. */
function collect(
  graph: PlanGraph,
  node: number,
  { words, first }: { readonly words: Uint32Array; readonly first: number },
): void {
  const row = node * WIDTH;
  for (const next of graph.successors[node] ?? []) {
    const nextRow = next * WIDTH;
    for (let word = 0; word < WIDTH; word += 1) {
      words[row + word] = (words[row + word] ?? 0) | (words[nextRow + word] ?? 0);
    }
    if (next < graph.taskCount) setBit(words, row, next - first);
  }
}

/** A bit outside the row belongs to another pass. */
function setBit(words: Uint32Array, row: number, bit: number): void {
  if (bit < 0 || bit >= TASKS_PER_PASS) return;
  const word = row + (bit >>> 5);
  words[word] = (words[word] ?? 0) | (1 << (bit & 31));
}

function isSet(words: Uint32Array, row: number, bit: number): boolean {
  if (bit < 0 || bit >= TASKS_PER_PASS) return false;
  return (((words[row + (bit >>> 5)] ?? 0) >>> (bit & 31)) & 1) === 1;
}

/** Source: Warren, "Hacker's Delight", figure 5-2. */
function countBits(words: Uint32Array): number {
  let count = 0;
  for (const word of words) {
    const pairs = word - ((word >>> 1) & 0x55555555);
    const nibbles = (pairs & 0x33333333) + ((pairs >>> 2) & 0x33333333);
    count += Math.imul((nibbles + (nibbles >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
  }
  return count;
}
