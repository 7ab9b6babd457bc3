import type { ChainHead } from '#shared/ledger/index.ts';
import type { Question, Session } from './session.ts';

/** A transaction that holds the head of the ledger, as its work sees it. */
export interface Step {
  readonly session: Session;
  readonly head: ChainHead;
  /** Sends a write whose answer nobody waits for before the step lands; the step fails with it. */
  readonly send: (question: Question) => void;
}
