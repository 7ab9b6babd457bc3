import {
  applyDecision,
  type Decision,
  type Desk,
  decideInbox,
  emptyDesk,
  type Outcome,
  type OwnedRun,
  parseAnchorRow,
  planPush,
  type Sent,
  trimDesk,
  type VisibleRow,
  type Waiting,
  type Write,
} from '#shared/ledger/index.ts';
import { readCommand } from './row-memory.ts';
import { sha256 } from './sha256.ts';

export const DOC_ID = 'doc-1';

/** What survives every crash: the ledger, what it folds to, and what was read and sent. */
export class SimStore {
  readonly decisions: Decision[] = [];
  readonly outcomes = new Map<string, Outcome>();
  /** By key, by the clock of the worker that decided. */
  readonly decidedMs = new Map<string, number>();
  readonly inbox = new Map<string, Waiting>();
  readonly everRead = new Map<string, number>();
  readonly sent = new Map<string, Sent>();
  /** Desks with all that ever happened on them: what the laws are checked against. */
  desks: ReadonlyMap<string, Desk> = new Map();
  /** Desks as the worker keeps them, without what every reader has long seen. */
  readonly kept = new Map<string, Desk>();
  position = 0;
  fence = 0;
  /** Decisions of a worker that had lost its lease, and that were not taken. */
  fencedOff = 0;

  /** A run wherever it lies, its desk's state row included or not. */
  findRun(runId: string): OwnedRun | undefined {
    for (const { deskId, runs } of this.desks.values()) {
      const run = runs.find((one) => one.run.runId === runId);
      if (run !== undefined) return { deskId, run };
    }
    return undefined;
  }
}

/** The steps after which a worker may die. */
export type Step = 'read' | 'decided' | 'planned' | 'sent';

type Considered = ReturnType<typeof decideInbox>;

/** A worker as the ledger knows it: it holds nothing but a fence number and its own idea of the time. */
export class SimWorker {
  readonly store: SimStore;
  private readonly fence: number;

  constructor(store: SimStore) {
    this.store = store;
    store.fence += 1;
    this.fence = store.fence;
  }

  /** Reads and decides; the writes it would send are returned, so that the world can lose, delay or keep them. */
  tick(rows: readonly VisibleRow[], nowMs: number, dieAfter: Step): readonly Write[] {
    if (rows.some((row) => (parseAnchorRow(row)?.docId ?? DOC_ID) !== DOC_ID)) return [];
    this.receive(rows, nowMs);
    if (dieAfter === 'read') return [];
    this.commit(this.consider(nowMs), nowMs);
    if (dieAfter === 'decided') return [];
    const writes = this.plan(rows, nowMs);
    return dieAfter === 'planned' ? [] : writes;
  }

  receive(rows: readonly VisibleRow[], nowMs: number): void {
    const { everRead, inbox, outcomes } = this.store;
    for (const row of rows) {
      if (row.kind !== 'command' || outcomes.has(row.key) || inbox.has(row.key)) continue;
      const command = readCommand(row);
      if (command === undefined) continue;
      everRead.set(row.key, nowMs);
      inbox.set(row.key, { command, firstSeenMs: nowMs });
    }
  }

  /** What it would decide, from what the ledger says at this moment; nothing is kept yet. */
  consider(nowMs: number): Considered {
    const { inbox, kept: desks, position } = this.store;
    const waiting = [...inbox.values()];
    const recall = (runId: string): OwnedRun | undefined => this.store.findRun(runId);
    return decideInbox({ waiting, desks, headPosition: position, nowMs, sha256, recall });
  }

  /** Keeps what it decided, unless another worker has taken over since it looked. */
  commit({ decisions, desks }: Considered, nowMs: number): void {
    const { store } = this;
    const isFenced = this.fence !== store.fence;
    if (isFenced) store.fencedOff += decisions.length;
    if (isFenced) return;
    for (const decision of decisions) {
      store.decisions.push(decision);
      store.outcomes.set(decision.command.key, decision.outcome);
      store.decidedMs.set(decision.command.key, nowMs);
      store.inbox.delete(decision.command.key);
      store.position = decision.decided.position;
    }
    const full = new Map(store.desks);
    for (const decision of decisions) {
      const { deskId } = decision;
      full.set(deskId, applyDecision(full.get(deskId) ?? emptyDesk(deskId), decision));
    }
    store.desks = full;
    for (const deskId of new Set(decisions.map((decision) => decision.deskId))) {
      const desk = desks.get(deskId);
      if (desk !== undefined)
        store.kept.set(
          deskId,
          trimDesk(desk, nowMs, () => true),
        );
    }
  }

  private plan(rows: readonly VisibleRow[], nowMs: number): readonly Write[] {
    const { store } = this;
    const writes = planPush({
      rows,
      desks: store.kept,
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
