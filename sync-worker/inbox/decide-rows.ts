import { toInstant } from '#shared/kernel/index.ts';
import {
  type CommandForms,
  type CommandIn,
  comparePresses,
  formatOutcome,
  type Outcome,
  PATIENCE_MS,
  type Pressed,
  readCommandRow,
  toDeskId,
  type VisibleRow,
} from '#shared/ledger/index.ts';
import { type LeaseMark, type Store, type StoreTransaction, sha256 } from '#worker/store/index.ts';

/** The rows of the Ledger table, and what their commands are decided on. */
export interface RowInbox {
  readonly store: Store;
  readonly rows: readonly VisibleRow[];
  readonly nowMs: number;
  readonly under: LeaseMark;
}

/** What a command comes to. */
export type RowVerdict =
  | Outcome
  /** What it is about may yet show up. */
  | { readonly kind: 'wait'; readonly code: string; readonly reason: string }
  /** It is done by this, in the transaction of its answer; returns the position of what was done. */
  | {
      readonly kind: 'do';
      readonly write: (transaction: StoreTransaction) => Promise<number>;
    };

/**
 * Decides the commands of some types, each by itself and once, by its key, in the order of the presses: those that are no matter of a
 * person's desk. One that has to wait does so for `PATIENCE_MS` from its press on, and is then refused.
 */
export async function decideRows<Forms extends CommandForms>(
  inbox: RowInbox,
  forms: Forms,
  judge: (command: CommandIn<Forms>) => Promise<RowVerdict>,
): Promise<{ readonly decided: number; readonly waiting: number }> {
  const { store, nowMs } = inbox;
  let decided = 0;
  let waiting = 0;
  for (const command of listCommands(inbox.rows, forms)) {
    if ((await store.findByKey(command.key)) !== undefined) continue;
    const verdict = await judge(command);
    if (verdict.kind === 'wait' && command.atMs + PATIENCE_MS > nowMs) waiting += 1;
    else {
      await keepVerdict(command, verdict, inbox);
      decided += 1;
    }
  }
  return { decided, waiting };
}

/** One command per key, however many rows carry it. */
function listCommands<Forms extends CommandForms>(
  rows: readonly VisibleRow[],
  forms: Forms,
): readonly CommandIn<Forms>[] {
  const commands = new Map<string, CommandIn<Forms>>();
  for (const row of rows) {
    const read = row.kind === 'command' ? readCommandRow(row, forms, sha256) : undefined;
    if (read?.ok === true) commands.set(read.value.key, read.value);
  }
  return [...commands.values()].sort(comparePresses);
}

async function keepVerdict(
  { key, type, data, by, atMs }: Pressed & { readonly type: string; readonly data: unknown },
  verdict: RowVerdict,
  { store, under }: RowInbox,
): Promise<void> {
  const said = JSON.parse(JSON.stringify(data));
  await store.transaction(
    async (transaction) => {
      const outcome = await carryOut(verdict, transaction);
      const payload = { key, type, data: said, outcome: formatOutcome(outcome) };
      const event = { type: 'command_decided', at: toInstant(atMs), actor: by, payload };
      const once = { expectedVersion: 'any', idempotencyKey: key } as const;
      await transaction.append(toDeskId(by), [event], once);
    },
    { under },
  );
}

async function carryOut(verdict: RowVerdict, transaction: StoreTransaction): Promise<Outcome> {
  switch (verdict.kind) {
    case 'do':
      return { kind: 'accepted', position: await verdict.write(transaction) };
    case 'wait':
      return { ...verdict, kind: 'refused' };
    case 'accepted':
    case 'same':
    case 'already_so':
    case 'superseded':
    case 'refused':
      return verdict;
  }
}
