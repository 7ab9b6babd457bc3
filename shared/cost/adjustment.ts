import { type Instant, msToHours } from '#shared/kernel/index.ts';
import { canonicalJson } from '#shared/ledger/index.ts';
import type { CostLeaf } from './cost-leaf.ts';
import { microsToText } from './micros-text.ts';
import { formatMicros } from './money.ts';
import type { CostCell } from './roll-up.ts';

/** How a leaf of a closed month differs from what is known of it. */
export interface LeafChange {
  readonly leafId: string;
  /** Absent where the leaf was not there when the month was closed. */
  readonly before?: CostLeaf;
  /** Absent where it is not there any more. */
  readonly after?: CostLeaf;
}

/** A correction of a closed month. It stands in the report of the month it was recorded in, so that the closed one never moves. */
export interface Adjustment extends LeafChange {
  readonly adjustmentId: string;
  /** The month it corrects, such as `2026-03`. */
  readonly closedMonth: string;
  /** The month in whose report it stands. */
  readonly month: string;
  readonly recordedAt: Instant;
  readonly reason: string;
}

/**
 * What has changed in the leaves of one month, in the order of the leaves. What a leaf is called is no change: only its place, its
 * hours and its money are.
 */
export function findChanges(
  before: readonly CostLeaf[],
  after: readonly CostLeaf[],
): readonly LeafChange[] {
  const old = new Map(before.map((leaf) => [leaf.leafId, leaf]));
  const now = new Map(after.map((leaf) => [leaf.leafId, leaf]));
  const ids = [...new Set([...old.keys(), ...now.keys()])].sort();
  return ids.flatMap((leafId): LeafChange[] => {
    const [was, is] = [old.get(leafId), now.get(leafId)];
    if (contentOf(was) === contentOf(is)) return [];
    return [
      {
        leafId,
        ...(was === undefined ? {} : { before: was }),
        ...(is === undefined ? {} : { after: is }),
      },
    ];
  });
}

/** The leaves of a closed month with every change made to them since, oldest first. */
export function applyChanges(
  leaves: readonly CostLeaf[],
  changes: readonly LeafChange[],
): readonly CostLeaf[] {
  const known = new Map(leaves.map((leaf) => [leaf.leafId, leaf]));
  for (const { leafId, after } of changes) {
    if (after === undefined) known.delete(leafId);
    else known.set(leafId, after);
  }
  return [...known.values()];
}

/** A change as cells of the month it is shown in: the leaf as it was is taken out, and the leaf as it is put in. */
export function toChangeCells({ before, after }: LeafChange): readonly CostCell[] {
  return [
    ...(before === undefined ? [] : [toTakenOut(before)]),
    ...(after === undefined ? [] : [after]),
  ];
}

/** The exact negative of a leaf. What was unpriced leaves nothing behind that could be missing. */
function toTakenOut(leaf: CostLeaf): CostLeaf {
  const { costMicros, billableMicros, effortMs } = leaf;
  return {
    ...leaf,
    isUnbilled: false,
    costMicros: -(costMicros ?? 0n),
    ...(billableMicros === undefined ? {} : { billableMicros: -billableMicros }),
    ...(effortMs === undefined ? {} : { effortMs: 0 - effortMs }),
  };
}

/** What a change is, for a person to read: every difference by name. */
export function describeChange({ before, after }: LeafChange): string {
  if (before === undefined) return 'entered after the month was closed';
  if (after === undefined) return 'no longer in the month';
  return [
    ...describeHours(before, after),
    ...describeMoney('cost', before.costMicros, after.costMicros),
    ...describeMoney('billable value', before.billableMicros, after.billableMicros),
    ...describeBilling(before, after),
    ...describePlaces(before, after),
  ].join(', ');
}

function describeHours(before: CostLeaf, after: CostLeaf): readonly string[] {
  const [was, is] = [before.effortMs ?? 0, after.effortMs ?? 0];
  return was === is ? [] : [`hours ${msToHours(was)} → ${msToHours(is)}`];
}

function describeMoney(
  what: string,
  before: bigint | undefined,
  after: bigint | undefined,
): readonly string[] {
  const [was, is] = [before, after].map((micros) =>
    micros === undefined ? 'none' : formatMicros(micros),
  );
  return was === is ? [] : [`${what} ${was} → ${is}`];
}

/** Billable work without a rate and work that is not billable are both worth nothing yet, so the money does not tell them apart. */
function describeBilling(before: CostLeaf, after: CostLeaf): readonly string[] {
  const [was, is] = [before.isUnbilled === true, after.isUnbilled === true];
  if (was === is) return [];
  return [is ? 'billable at a rate nobody knows' : 'no billable rate is missing any more'];
}

function describePlaces(before: CostLeaf, after: CostLeaf): readonly string[] {
  const names = new Set([...Object.keys(before.dimensions), ...Object.keys(after.dimensions)]);
  const moved = [...names].filter((name) => {
    const [was, is] = [before.dimensions[name], after.dimensions[name]];
    // Money that was unknown had no currency, so a first one is no other.
    return was !== is && !(name === 'currency' && (was === '' || is === ''));
  });
  return moved.length === 0 ? [] : [`another ${moved.sort().join(', ')}`];
}

const contentOf = (leaf: CostLeaf | undefined): string => {
  if (leaf === undefined) return '';
  const { name: _, ...content } = leaf;
  return canonicalJson(microsToText(content));
};
