import type { Envelope } from './envelope.ts';

/** How events become a state. */
export interface Fold<State> {
  readonly initial: State;
  /** The state after one more event. */
  readonly evolve: (state: State, event: Envelope) => State;
  /** Grows with every change of the fold; a snapshot made by another one is not used. */
  readonly foldVersion: number;
}

/** A stored fold of one stream, so that a long one need not be read from its start. */
export interface Snapshot<State> {
  readonly stream: string;
  /** Events folded in. */
  readonly version: number;
  readonly foldVersion: number;
  readonly state: State;
}

/** Events between two snapshots: what a reader has to fold at most, for one document more to write. */
export const SNAPSHOT_EVERY = 100;

/** The state a stream's events leave, from its start or from a snapshot on. Events a snapshot holds already are passed over. */
export function foldStream<State>(
  fold: Fold<State>,
  events: readonly Envelope[],
  snapshot?: Snapshot<State>,
): State {
  const usable = snapshot?.foldVersion === fold.foldVersion ? snapshot : undefined;
  const from = usable?.version ?? 0;
  return events
    .filter(({ version }) => version > from)
    .reduce(fold.evolve, usable?.state ?? fold.initial);
}

/** Whether a stream that grew from one version to another should be kept as a snapshot now. */
export const isSnapshotDue = (before: number, after: number): boolean =>
  Math.floor(before / SNAPSHOT_EVERY) < Math.floor(after / SNAPSHOT_EVERY);
