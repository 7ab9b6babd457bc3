import { COST_SOURCES, type CostEntry } from './cost-entry.ts';

/** A use that stands for every use of that resource in the attempt. */
export const WHOLE_USE = 'total';

/**
 * The entries a sum takes, in the order given. An amount the seller reported beats a measured one of the same use of the same resource
 * in the same step attempt, and a measured one an estimate; the beaten ones stay recorded. Two entries of one source never beat
 * each other. A reversal goes with the entry it takes back, and one that is taken back beats nothing.
 */
export function countedEntries(entries: readonly CostEntry[]): readonly CostEntry[] {
  const reversed = new Set(entries.map(({ reverses }) => reverses));
  const best = new Map<string, number>();
  for (const entry of entries) {
    const use = useOf(entry, entry.usageType);
    const isStanding = entry.entryType === 'charge' && !reversed.has(entry.entryId);
    if (use === undefined || !isStanding || entry.amountMicros === undefined) continue;
    best.set(use, Math.min(rankOf(entry), best.get(use) ?? COST_SOURCES.length));
  }
  const isBeaten = (entry: CostEntry): boolean =>
    entry.entryType !== 'adjustment' &&
    [entry.usageType, WHOLE_USE].some(
      (use) => (best.get(useOf(entry, use) ?? '') ?? COST_SOURCES.length) < rankOf(entry),
    );
  return entries.filter((entry) => !isBeaten(entry));
}

/** What entries must share to be of the same use; what belongs to no attempt is like nothing else. */
function useOf({ stepAttemptId, resourceName }: CostEntry, usageType: string): string | undefined {
  return stepAttemptId === undefined
    ? undefined
    : JSON.stringify([stepAttemptId, resourceName, usageType]);
}

/** A reversal has the source of what it takes back, and so its rank. */
const rankOf = ({ source }: CostEntry): number => COST_SOURCES.indexOf(source);
