import type { LedgerRow, VisibleRow } from '#shared/ledger/index.ts';
import type { Random } from './random.ts';

/** What nobody outside knows of the service: each seed draws one way, and the proof counts both. */
export interface Switches {
  /** A keyed upsert also matches rows that no snapshot shows yet. */
  readonly upsertSeesLive: boolean;
  /** One listing may show rows from two snapshots. */
  readonly readsTear: boolean;
  /** All rows of one request appear at the same moment. */
  readonly batchIsAtomic: boolean;
  /** Changes apply in the order they were sent. */
  readonly appliesInOrder: boolean;
  /** A write whose answer is lost is sent again by the platform. */
  readonly answersAreLost: boolean;
}

/** One change of the Ledger table, as it is asked for. */
export type Change =
  | { readonly kind: 'insert'; readonly cells: Partial<LedgerRow> }
  | { readonly kind: 'upsert'; readonly cells: Partial<LedgerRow> & { readonly key: string } }
  | { readonly kind: 'edit'; readonly rowId: string; readonly cells: Partial<LedgerRow> }
  | { readonly kind: 'delete'; readonly rowId: string };

interface Queued {
  readonly atMs: number;
  readonly order: number;
  readonly change: Change;
}
type Rows = Map<string, VisibleRow>;
type Applied = {
  readonly atMs: number;
  readonly rowId: string;
  readonly row: VisibleRow | undefined;
};

const BLANK: LedgerRow = {
  title: '',
  kind: '',
  state: '',
  key: '',
  stream: '',
  type: '',
  at: '',
  by: '',
  data: '',
  outcome: '',
  seq: '',
};

/** The Ledger table of a doc as its API shows it: changes apply late, and reads come from a snapshot that lags behind. */
export class SimDoc {
  /** What people see. */
  readonly live: Rows = new Map();
  lagMs = 0;
  private snapshot: Rows = new Map();
  private older: Rows = new Map();
  private snapshotMs = 0;
  private queue: Queued[] = [];
  private readonly applied: Applied[] = [];
  private shown = 0;
  private nextRow = 0;
  private nextOrder = 0;
  private lastApplyMs = 0;
  private readonly random: Random;
  private readonly switches: Switches;

  constructor(random: Random, switches: Switches) {
    this.random = random;
    this.switches = switches;
  }

  /** Queues changes of one request. Units: delayMs from now until they apply. */
  request(changes: readonly Change[], nowMs: number, delayMs: number): void {
    const together = this.applyTime(nowMs + delayMs);
    for (const change of changes) {
      const spread = this.switches.batchIsAtomic ? 0 : this.random.between(0, 40_000);
      const atMs = spread === 0 ? together : this.applyTime(together + spread);
      this.queue.push({ atMs, order: this.nextOrder, change });
      this.nextOrder += 1;
    }
  }

  /** A person's own edit: it is in the live doc at once. */
  editByPerson(change: Change, nowMs: number): void {
    this.apply(change, nowMs);
  }

  advance(nowMs: number): void {
    const due = this.queue.filter(({ atMs }) => atMs <= nowMs);
    this.queue = this.queue.filter(({ atMs }) => atMs > nowMs);
    for (const { change, atMs } of due.toSorted((a, b) => a.atMs - b.atMs || a.order - b.order)) {
      this.showUntil(atMs - this.lagMs);
      this.apply(change, atMs);
    }
    this.showUntil(nowMs - this.lagMs);
  }

  /** One listing: the snapshot's rows in no order, some of them possibly from the snapshot before. */
  read(): VisibleRow[] {
    const rows = [...this.snapshot.values()];
    const isTorn = this.switches.readsTear && this.random.chance(0.5);
    const seen = isTorn ? this.tear() : rows;
    if (this.random.chance(0.5)) this.older = new Map(this.snapshot);
    return this.random.shuffle(seen);
  }

  /** Whether nothing is on its way any more and reads show it all. */
  isQuiet(): boolean {
    return this.queue.length === 0 && this.shown === this.applied.length;
  }

  private tear(): VisibleRow[] {
    const half = this.random.between(0, 1);
    const ids = new Set([...this.snapshot.keys(), ...this.older.keys()]);
    return [...ids].flatMap((rowId) => {
      const page = Number(rowId.slice(2)) % 2 === half ? this.older : this.snapshot;
      const row = page.get(rowId);
      return row === undefined ? [] : [row];
    });
  }

  private applyTime(wantedMs: number): number {
    if (!this.switches.appliesInOrder) return wantedMs;
    this.lastApplyMs = Math.max(this.lastApplyMs, wantedMs);
    return this.lastApplyMs;
  }

  private showUntil(untilMs: number): void {
    this.snapshotMs = Math.max(this.snapshotMs, untilMs);
    for (; this.shown < this.applied.length; this.shown += 1) {
      const next = this.applied[this.shown];
      if (next === undefined || next.atMs > this.snapshotMs) return;
      if (next.row === undefined) this.snapshot.delete(next.rowId);
      else this.snapshot.set(next.rowId, next.row);
    }
  }

  private apply(change: Change, atMs: number): void {
    switch (change.kind) {
      case 'insert':
        return this.put(this.newRow(change.cells), atMs);
      case 'upsert': {
        const seen = this.switches.upsertSeesLive ? this.live : this.snapshot;
        const matches = [...seen.values()].filter(({ key }) => key === change.cells.key);
        if (matches.length === 0) return this.put(this.newRow(change.cells), atMs);
        for (const { rowId } of matches) this.merge(rowId, change.cells, atMs);
        return;
      }
      case 'edit':
        return this.merge(change.rowId, change.cells, atMs);
      case 'delete':
        this.live.delete(change.rowId);
        this.applied.push({ atMs, rowId: change.rowId, row: undefined });
    }
  }

  private merge(rowId: string, cells: Partial<LedgerRow>, atMs: number): void {
    const row = this.live.get(rowId);
    if (row !== undefined) this.put({ ...row, ...cells }, atMs);
  }

  private newRow(cells: Partial<LedgerRow>): VisibleRow {
    this.nextRow += 1;
    return { ...BLANK, ...cells, rowId: `i-${this.nextRow}` };
  }

  private put(row: VisibleRow, atMs: number): void {
    this.live.set(row.rowId, row);
    this.applied.push({ atMs, rowId: row.rowId, row });
  }
}
