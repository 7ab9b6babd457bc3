import type { Sha256 } from '#shared/kernel/index.ts';
import type { DeskEvent } from './desk.ts';

/** What a desk makes of a command now. Only `inapplicable` may turn out otherwise once an earlier press arrives. */
export type Verdict =
  | { readonly kind: 'accept'; readonly runId: string; readonly events: readonly DeskEvent[] }
  /** The position of the press it doubles; absent while that one is undecided. */
  | { readonly kind: 'same'; readonly position?: number }
  | { readonly kind: 'superseded' }
  | { readonly kind: 'inapplicable'; readonly code: string; readonly reason: string }
  | { readonly kind: 'already_so' };

/** What a desk is judged by beside itself. */
export interface DeskFacts {
  readonly sha256: Sha256;
  /** The gates a run must pass before it is done, by name. Only a worker knows them; a reader of the doc sees the end it asked for. */
  readonly gatesOf?: (run: { readonly runId: string; readonly task: string }) => readonly string[];
  /** Whether the doc has a task of that name or id. Only who reads its tasks knows. @default every one */
  readonly knowsTask?: (task: string) => boolean;
}
