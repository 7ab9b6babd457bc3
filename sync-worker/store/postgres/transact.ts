import type { Client } from 'pg';
import { assert, DomainError } from '#shared/kernel/index.ts';
import type { ChainHead } from '#shared/ledger/index.ts';
import { createTransactionQueue } from '../transaction-queue.ts';
import { lockHead } from './ledger-table.ts';
import { isAfterFailure, isUnreachable } from './postgres-error.ts';
import type { Session } from './session.ts';
import type { Step } from './step.ts';

type Work<Value> = (step: Step) => Promise<Value>;

/** The one conversation a store writes over. */
export interface Writer {
  /** Runs work in a durable transaction, one at a time: what begins while another is open waits until it has landed. */
  run<Value>(work: Work<Value>): Promise<Value>;
  /** Waits for the transactions that were begun and ends the conversation. */
  close(): Promise<void>;
}

/** Makes the writer over a connection that stands; when it is lost, the next transaction connects anew. */
export function createWriter(
  first: Client,
  reconnect: () => Promise<Client>,
  name: string,
): Writer {
  let client: Client | undefined = first;
  const queue = createTransactionQueue();
  const runNext = async <Value>(work: Work<Value>): Promise<Value> => {
    client ??= await reconnect();
    const current = client;
    try {
      return await runInTransaction(current, work, name);
    } catch (error) {
      const isClean = await current.query('ROLLBACK').then(
        () => true,
        () => false,
      );
      if (!isClean) {
        client = undefined;
        await current.end().catch(() => undefined);
      }
      throw error;
    }
  };
  return {
    run: (work) => queue.run(() => runNext(work)),
    async close() {
      await queue.idle();
      await client?.end();
      client = undefined;
    },
  };
}

async function runInTransaction<Value>(
  session: Session,
  work: Work<Value>,
  name: string,
): Promise<Value> {
  const head = await begin(session);
  const sent: Promise<unknown>[] = [];
  const send: Step['send'] = (question) => {
    const answer = session.query(question);
    answer.catch(() => undefined);
    sent.push(answer);
  };
  const value = await work({ session, head, send }).catch(async (error: unknown) => {
    // What the server refuses after a write that failed, it refuses for that write's sake.
    if (isAfterFailure(error)) await Promise.all(sent);
    throw error;
  });
  // It goes out without waiting for what was sent: the server answers in order, and after a failure it lands nothing.
  const committed = session.query({ text: 'COMMIT' });
  const [{ command }] = await Promise.all([committed, ...sent]).catch((cause: unknown) => {
    if (!isUnreachable(cause)) throw cause;
    const message = `\`${name}\` was lost while a step landed: whether it did is told by its idempotency key; run again`;
    throw new DomainError('STORE_UNREACHABLE', message, { retryable: true, cause });
  });
  // After a failure that was passed over, the server answers a commit by rolling back, and says no more than this.
  assert(command === 'COMMIT', `expected \`COMMIT\`, received \`${command}\``);
  return value;
}

/** Begins by locking the head: whoever waits, waits here, so that no work is given up for a deadlock with another writer. */
async function begin(session: Session): Promise<ChainHead> {
  const [, head] = await Promise.all([session.query({ text: 'BEGIN' }), lockHead(session)]);
  return head;
}
