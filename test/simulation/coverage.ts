import type { Decision, VisibleRow } from '#shared/ledger/index.ts';
import { baseSeq, type World } from './world.ts';

/** Looks at one desk in one reading: how many were judged, and why the others could not be. */
export interface Coverage {
  judged: number;
  /** A hand took away what the view would have to show. */
  damaged: number;
  /** Presses were late beyond the stated wait. */
  overtaken: number;
  /** It shows an answer and lacks the press that the answer rests on. */
  incomplete: number;
  /** A press the worker has not read is older than one it has decided. */
  outOfOrder: number;
  /** A command so old that it is shown and not counted. */
  late: number;
}

/** Before the first look. */
export const createCoverage = (): Coverage => ({
  judged: 0,
  damaged: 0,
  overtaken: 0,
  incomplete: 0,
  outOfOrder: 0,
  late: 0,
});

/** Why this desk's picture cannot be foretold in this reading; those are counted. */
export function whyNotJudged(
  world: World,
  rows: readonly VisibleRow[],
  deskId: string,
): Exclude<keyof Coverage, 'judged' | 'late'> | undefined {
  const { store } = world;
  const seq = baseSeq(rows, deskId);
  const damage = world.damage.get(deskId);
  const decided = store.decisions.filter((one) => one.deskId === deskId);
  const isHidden = decided.some(
    (one) => one.decided.position > seq && damage?.keys.has(one.command.key) === true,
  );
  if (isHidden || seq < (damage?.seq ?? 0)) return 'damaged';
  if (world.overtaken.has(deskId)) return 'overtaken';
  const clocked = decided.filter(({ command }) => command.type !== 'LogHours');
  const lastMs = Math.max(0, ...clocked.map(({ command }) => command.atMs));
  const keys = world.soundKeys(rows);
  if (isIncomplete(decided, keys, seq)) return 'incomplete';
  const isUnread = (key: string) => keys.has(key) && !store.everRead.has(key);
  const isOvertaken = world
    .pressesOf(deskId)
    .some(({ key, atMs }) => isUnread(key) && atMs < lastMs);
  return isOvertaken ? 'outOfOrder' : undefined;
}

/** A torn reading may show that a press was answered without effect, and lack the row of the press that left it none. */
function isIncomplete(
  decided: readonly Decision[],
  shown: ReadonlySet<string>,
  seq: number,
): boolean {
  const open = decided.filter((one) => one.decided.position > seq);
  const firstMissing = open.findIndex(({ command }) => !shown.has(command.key));
  const hasEffect = ({ outcome }: Decision) =>
    outcome.kind === 'accepted' || outcome.kind === 'same';
  return open.some(
    (one, index) =>
      firstMissing >= 0 && index > firstMissing && shown.has(one.command.key) && !hasEffect(one),
  );
}
