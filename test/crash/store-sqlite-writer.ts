/**
 * A process that writes events, a document folded from them and an outbox row, step by step, and says each key on standard
 * output once it is durable. Asked to halt, it stands still in one step between its last write and its commit, and says so.
 * Arguments: file, name, the round to halt in or 0.
 */
import { writeSync } from 'node:fs';
import { toInstant } from '#shared/kernel/index.ts';
import { openSqliteStore } from '#worker/store/index.ts';

const [file = '', name = '', halt = '0'] = process.argv.slice(2);
const TOOLS = 5;
const store = await openSqliteStore({ file });

for (let round = 1; ; round += 1) {
  const toolId = `tool-${round % TOOLS}`;
  const stream = `breaker/${toolId}`;
  const key = `${name}/${round}`;
  const faults = (await store.readStream(stream)).length + 1 + (round % 3);
  await store.transaction(async (transaction) => {
    const event = {
      type: 'breaker_tripped',
      at: toInstant(round),
      actor: name,
      payload: { round },
    };
    const events = Array.from({ length: 1 + (round % 3) }, () => event);
    await transaction.append(stream, events, { expectedVersion: 'any', idempotencyKey: key });
    await transaction.putRecords('breakers', [
      { id: toolId, document: { toolId, state: 'closed', faults } },
    ]);
    const item = { id: `Ledger/${toolId}`, table: 'Ledger', key: toolId, cells: { faults } };
    await transaction.putOutbox([item]);
    if (round === Number(halt)) {
      writeSync(1, `halt ${key}\n`);
      await new Promise(() => setInterval(() => {}, 60_000));
    }
  });
  writeSync(1, `${key}\n`);
}
