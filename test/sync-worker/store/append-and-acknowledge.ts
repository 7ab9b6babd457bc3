import { openSqliteStore } from '#worker/store/index.ts';
import { eventOf } from './append-event.ts';

/**
 * A process that appends under its own name and says so on standard output, a line for each transaction that is durable.
 * Arguments: file, name, how many.
 */
const [file = '', name = '', count = '0'] = process.argv.slice(2);
const store = await openSqliteStore({ file });
for (let round = 1; round <= Number(count); round += 1) {
  const key = `${name}/${round}`;
  await store.transaction(async (transaction) => {
    const events = [eventOf(round), eventOf(round)];
    await transaction.append('shared', events, { expectedVersion: 'any', idempotencyKey: key });
    await transaction.append(name, [eventOf(round)], { expectedVersion: round - 1 });
    await transaction.put('round', name, round);
  });
  process.stdout.write(`${key}\n`);
}
await store.close();
