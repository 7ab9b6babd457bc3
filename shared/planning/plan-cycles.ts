import { itemAt } from './item-at.ts';
import type { PlanGraph } from './plan-graph.ts';

/**
 * The cycles of a plan, each a path of ids in which everything comes before the next and the last before the first: one through
 * every knot of things that wait for each other. A knot may hold very many; once this one is cut, the next check shows the rest.
 * Cost: nodes + edges.
 */
export function findCycles(graph: PlanGraph): readonly (readonly string[])[] {
  return findKnots(graph).flatMap((knot) => {
    const cycle = walkBack(graph, knot);
    return cycle.length === 0 ? [] : [toIds(graph, cycle)];
  });
}

/** Sets of nodes of which each comes before each other. Source: Kosaraju's two searches, as told by Sharir (1981). */
function findKnots(graph: PlanGraph): readonly (readonly number[])[] {
  const sound = new Set(graph.order);
  const finished = search([...graph.ids.keys()], graph.successors, sound).flat();
  return search(finished.reverse(), graph.predecessors, sound);
}

/** Depth first from each start that no search has met, answering what each search met in the order it was left. */
function search(
  starts: readonly number[],
  edges: PlanGraph['successors'],
  met: ReadonlySet<number>,
): readonly (readonly number[])[] {
  const seen = new Set(met);
  const left: number[][] = [];
  for (const start of starts) {
    if (seen.has(start)) continue;
    seen.add(start);
    const tree: number[] = [];
    const path = [{ node: start, next: 0 }];
    for (let top = path.at(-1); top !== undefined; top = path.at(-1)) {
      const node = itemAt(edges, top.node)[top.next];
      top.next += 1;
      if (node === undefined) {
        tree.push(top.node);
        path.pop();
      } else if (!seen.has(node)) {
        seen.add(node);
        path.push({ node, next: 0 });
      }
    }
    left.push(tree);
  }
  return left;
}

/** Goes from a node to one before it within the knot until it meets itself; a node that stands alone meets nothing. */
function walkBack(graph: PlanGraph, knot: readonly number[]): readonly number[] {
  const inside = new Set(knot);
  const path: number[] = [];
  const places = new Map<number, number>();
  let node = knot[0];
  while (node !== undefined && !places.has(node)) {
    places.set(node, path.length);
    path.push(node);
    node = itemAt(graph.predecessors, node).find((each) => inside.has(each));
  }
  return node === undefined ? [] : path.slice(places.get(node)).reverse();
}

/** Names each thing once, though a workstream has two points, and begins at the smallest id, so that equal cycles read alike. */
function toIds(graph: PlanGraph, cycle: readonly number[]): readonly string[] {
  const ids = [...new Set(cycle.map((node) => itemAt(graph.ids, node)))];
  const first = ids.reduce((least, id, place) => (id < itemAt(ids, least) ? place : least), 0);
  return [...ids.slice(first), ...ids.slice(0, first)];
}
