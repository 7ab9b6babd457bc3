import type { Client } from 'pg';
import { quoteName } from './schema-name.ts';

/** How long to wait before listening again, growing with each try in vain. Units: ms. */
const PAUSES_MS = [100, 300, 1_000, 3_000, 10_000];

/** What a watch needs of its surroundings. */
export interface WatchParts {
  readonly schema: string;
  readonly connect: () => Promise<Client>;
}

/**
 * Calls back after events were appended, by whomever. It rests on a conversation of its own; when that is lost it listens
 * again, and calls back since something may have been appended meanwhile. The result ends the watch.
 */
export async function watchEvents(
  { schema, connect }: WatchParts,
  onAppended: () => void,
): Promise<() => Promise<void>> {
  let isOver = false;
  let client: Client | undefined;
  let pause: NodeJS.Timeout | undefined;
  const listen = async (): Promise<void> => {
    const next = await connect();
    next.on('notification', onAppended);
    next.on('end', () => {
      if (client === next) retry(0);
    });
    await next.query(`LISTEN ${quoteName(schema)}`);
    client = next;
    if (isOver) await next.end();
  };
  const retry = (attempt: number): void => {
    if (isOver) return;
    client = undefined;
    pause = setTimeout(
      () => {
        listen().then(onAppended, () => retry(attempt + 1));
      },
      PAUSES_MS[Math.min(attempt, PAUSES_MS.length - 1)],
    );
    pause.unref();
  };
  await listen();
  return async () => {
    isOver = true;
    clearTimeout(pause);
    await client?.end();
  };
}
