import type { Sha256 } from '#shared/kernel/index.ts';
import {
  type Command,
  type DeskFacts,
  decideInbox,
  parseCommandRow,
  trimDesk,
  type VisibleRow,
  type Waiting,
} from '#shared/ledger/index.ts';
import type { LeaseMark, Store } from '#worker/store/index.ts';
import {
  type Books,
  keepDecision,
  keepDesk,
  keepWaiting,
  readBooks,
  readOutcomes,
} from './ledger-books.ts';

/** What deciding needs beside the books. */
export interface DecideFacts {
  readonly rows: readonly VisibleRow[];
  readonly nowMs: number;
  readonly holdMs: number;
  readonly sha256: Sha256;
  readonly under: LeaseMark;
  /** Whether the doc shows a run in Execution Runs, so that its desk may forget it. */
  readonly isPublished: (runId: string) => boolean;
  /** @default no run has gates */
  readonly gatesOf?: NonNullable<DeskFacts['gatesOf']>;
  /** @default every task is known */
  readonly knowsTask?: NonNullable<DeskFacts['knowsTask']>;
}

/** What came of it. */
export interface DecideReport {
  readonly books: Books;
  /** Commands read for the first time. */
  readonly received: number;
  readonly decided: number;
  readonly waiting: number;
}

/** Takes in new commands and decides what can be decided, all in one transaction. */
export async function decideCommands(store: Store, facts: DecideFacts): Promise<DecideReport> {
  const { nowMs, holdMs, sha256, under, isPublished } = facts;
  const books = await readBooks(store);
  const fresh = await findFresh(store, books, facts);
  const waiting = [...books.inbox.values(), ...fresh];
  const { position: headPosition } = await store.head();
  const { desks } = books;
  const { gatesOf = () => [], knowsTask = () => true } = facts;
  const recall = (runId: string) => books.runs.get(runId);
  const around = { headPosition, nowMs, holdMs, sha256, gatesOf, knowsTask, recall };
  const { decisions } = decideInbox({ waiting, desks, ...around });
  if (fresh.length === 0 && decisions.length === 0) {
    return { books, received: 0, decided: 0, waiting: waiting.length };
  }
  await store.transaction(
    async (transaction) => {
      await keepWaiting(transaction, fresh);
      const after = new Map(desks);
      for (const decision of decisions) {
        const { deskId } = decision;
        after.set(deskId, await keepDecision(transaction, decision, after.get(deskId)));
      }
      for (const deskId of new Set(decisions.map((one) => one.deskId))) {
        const desk = after.get(deskId);
        if (desk !== undefined) await keepDesk(transaction, trimDesk(desk, nowMs, isPublished));
      }
    },
    { under },
  );
  return {
    books: await readBooks(store),
    received: fresh.length,
    decided: decisions.length,
    waiting: waiting.length - decisions.length,
  };
}

/** One command per key that no one has read before, however many rows carry it. */
async function findFresh(
  store: Store,
  { inbox }: Books,
  { rows, nowMs, sha256 }: DecideFacts,
): Promise<readonly Waiting[]> {
  const commands = new Map<string, Command>();
  for (const row of rows) {
    const read = row.kind === 'command' ? parseCommandRow(row, sha256) : undefined;
    if (read?.ok === true && !inbox.has(row.key)) commands.set(row.key, read.value);
  }
  const known = await readOutcomes(store, commands.keys());
  return [...commands.values()]
    .filter(({ key }) => !known.has(key))
    .map((command) => ({ command, firstSeenMs: nowMs }));
}
