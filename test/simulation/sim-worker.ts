import {
  type Decision,
  type Desk,
  decideInbox,
  type Outcome,
  parseAnchorRow,
  parseCommandRow,
  planPush,
  type Sent,
  type VisibleRow,
  type Waiting,
  type Write,
} from '#shared/ledger/index.ts';
import { sha256 } from './sha256.ts';

export const DOC_ID = 'doc-1';

/** What survives every crash: the ledger, what it folds to, and what was read and sent. */
export class SimStore {
  readonly decisions: Decision[] = [];
  readonly outcomes = new Map<string, Outcome>();
  readonly inbox = new Map<string, Waiting>();
  readonly everRead = new Map<string, number>();
  readonly sent = new Map<string, Sent>();
  desks: ReadonlyMap<string, Desk> = new Map();
  position = 0;
  fence = 0;
}

/** The steps after which a worker may die. */
export type Step = 'read' | 'decided' | 'planned' | 'sent';

/** A worker as the ledger knows it: it holds nothing but a fence number and its own idea of the time. */
export class SimWorker {
  readonly store: SimStore;
  private readonly fence: number;

  constructor(store: SimStore) {
    this.store = store;
    store.fence += 1;
    this.fence = store.fence;
  }

  get isFenced(): boolean {
    return this.fence !== this.store.fence;
  }

  /** Reads and decides; the writes it would send are returned, so that the world can lose, delay or keep them. */
  tick(rows: readonly VisibleRow[], nowMs: number, dieAfter: Step): readonly Write[] {
    if (this.isFenced || rows.some((row) => (parseAnchorRow(row)?.docId ?? DOC_ID) !== DOC_ID))
      return [];
    this.receive(rows, nowMs);
    if (dieAfter === 'read') return [];
    this.decide(nowMs);
    if (dieAfter === 'decided') return [];
    const writes = this.plan(rows, nowMs);
    return dieAfter === 'planned' ? [] : writes;
  }

  private receive(rows: readonly VisibleRow[], nowMs: number): void {
    const { everRead, inbox, outcomes } = this.store;
    for (const row of rows) {
      const read = row.kind === 'command' ? parseCommandRow(row, sha256) : undefined;
      if (read === undefined || !read.ok || outcomes.has(row.key) || inbox.has(row.key)) continue;
      everRead.set(row.key, nowMs);
      inbox.set(row.key, { command: read.value, firstSeenMs: nowMs });
    }
  }

  private decide(nowMs: number): void {
    const { store } = this;
    const { decisions, desks } = decideInbox({
      waiting: [...store.inbox.values()],
      desks: store.desks,
      headPosition: store.position,
      nowMs,
      sha256,
    });
    for (const decision of decisions) {
      store.decisions.push(decision);
      store.outcomes.set(decision.command.key, decision.outcome);
      store.inbox.delete(decision.command.key);
      store.position = decision.decided.position;
    }
    store.desks = desks;
  }

  private plan(rows: readonly VisibleRow[], nowMs: number): readonly Write[] {
    const { store } = this;
    const writes = planPush({
      rows,
      desks: store.desks,
      outcomeOf: (key) => store.outcomes.get(key),
      isWaiting: (key) => store.inbox.has(key),
      isPublished: () => true,
      anchor: { docId: DOC_ID, position: store.position, hash: '', epoch: 1 },
      sent: store.sent,
      nowMs,
      sha256,
    });
    for (const write of writes) {
      store.sent.set(write.id, { cells: write.kind === 'delete' ? {} : write.cells, atMs: nowMs });
    }
    return writes;
  }
}
