/**
 * How often the tasks after each point of a history lie above those before it: what every rank test of
 * "before against after" is read from. A value, so that one more task gives a new one.
 */
export interface RankScan {
  /** In order of completion. */
  readonly values: readonly number[];
  /** At index i: the pairs in which one of the tasks after index i lies above one up to it, an equal pair counted half. */
  readonly wins: readonly number[];
  /** Σ(c³ − c) over the groups of c equal values. */
  readonly ties: number;
}

/** A cut of a history in two, and how far what comes after it has moved. */
export interface Split {
  /** How many tasks come before the cut. */
  readonly before: number;
  /** In standard deviations of a history without change; positive where the later tasks lie higher. */
  readonly z: number;
}

/** The scan of no tasks. */
export const EMPTY_SCAN: RankScan = { values: [], wins: [], ties: 0 };

/**
 * The scan of a whole history: the wins after a cut are the sum of the ranks there less the smallest
 * such sum could be, equal values sharing the mean of their ranks.
 * Cost: n·log n once, whatever the number of cuts.
 */
export function toRankScan(values: readonly number[]): RankScan {
  const { ranks, ties } = toMidranks(values);
  const wins: number[] = [];
  let after = 0;
  let rankSum = 0;
  for (const rank of ranks.reverse()) {
    wins.push(rankSum - (after * (after + 1)) / 2);
    after += 1;
    rankSum += rank;
  }
  return { values, wins: wins.reverse(), ties };
}

/** The scan with one more task at its end. Cost: one pass over the history, without a sort. */
export function extendScan(scan: RankScan, added: number): RankScan {
  let below = 0;
  let equal = 0;
  const wins = scan.values.map((earlier, index) => {
    if (earlier < added) below += 1;
    if (earlier === added) equal += 1;
    return (scan.wins[index] ?? 0) + below + equal / 2;
  });
  // (c + 1)³ − (c + 1) is larger than c³ − c by 3c(c + 1).
  const ties = scan.ties + 3 * equal * (equal + 1);
  return { values: [...scan.values, added], wins: [...wins, 0], ties };
}

/**
 * The Mann–Whitney z of the tasks after a cut against all before it: (U − nm/2) ÷ √var with
 * var = nm/12·((N + 1) − Σ(c³ − c) ÷ (N(N − 1))), no correction for continuity. Zero where all values are equal.
 * Range: `before` from 1 to one less than all.
 * Source: Mann and Whitney, "On a test of whether one of two random variables is stochastically larger
 * than the other" (1947); ties as in Lehmann, "Nonparametrics" (1975).
 */
export function scoreSplit(scan: RankScan, before: number): number {
  const all = scan.values.length;
  const pairs = before * (all - before);
  const variance = (pairs / 12) * (all + 1 - scan.ties / (all * (all - 1)));
  if (variance <= 0) return 0;
  return ((scan.wins[before - 1] ?? 0) - pairs / 2) / Math.sqrt(variance);
}

/**
 * The cut after which the history differs most from before, among those with enough on both sides; the
 * latest of several. Undefined where no cut has enough.
 * Source: the change-point form of the test, Pettitt, "A non-parametric approach to the change-point
 * problem" (1979); asked after every observation, Hawkins and Deng, "A nonparametric change-point control
 * chart" (2010).
 */
export function findStrongestSplit(
  scan: RankScan,
  least: { readonly before: number; readonly after: number },
): Split | undefined {
  let strongest: Split | undefined;
  for (let before = least.before; before <= scan.values.length - least.after; before += 1) {
    const z = scoreSplit(scan, before);
    if (strongest === undefined || Math.abs(z) >= Math.abs(strongest.z)) strongest = { before, z };
  }
  return strongest;
}

function toMidranks(values: readonly number[]): { ranks: number[]; ties: number } {
  const order = [...values.entries()].sort(([, left], [, right]) => left - right);
  const ranks = values.map(() => 0);
  let ties = 0;
  let start = 0;
  while (start < order.length) {
    let end = start;
    while (order[end]?.[1] === order[start]?.[1]) end += 1;
    for (const [index] of order.slice(start, end)) ranks[index] = (start + 1 + end) / 2;
    ties += (end - start) ** 3 - (end - start);
    start = end;
  }
  return { ranks, ties };
}
