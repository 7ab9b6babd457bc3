/**
 * A process that consumes a ledger's events and says on standard output which it has dealt with. When it has dealt with a
 * given one it says so and stands still before its cursor is saved, to be killed there.
 * Arguments: where the store lies, doc, position to halt after, position to end after.
 */
import { writeSync } from 'node:fs';
import { createEventBus } from '#worker/events/index.ts';
import { openStore, type Store } from '#worker/store/index.ts';

const [place = '', docId = '', haltAfter = '', endAfter = ''] = process.argv.slice(2);
const say = (line: string | number): void => void writeSync(1, `${line}\n`);
const opened = await openStore({ store: place, docId });
let dealtWith = 0;
const store: Store = {
  ...opened,
  async transaction(...step) {
    if (dealtWith === Number(haltAfter)) {
      say('halted');
      await new Promise(() => setInterval(() => {}, 60_000));
    }
    return opened.transaction(...step);
  },
};
const bus = await createEventBus({
  store,
  clock: Date.now,
  wait: async () => {},
  onFailure: (_, error) => {
    throw error;
  },
});
const subscribed = await bus.subscribe({
  subscriberId: 'alerts',
  handler: ({ position }) => {
    dealtWith = position;
    say(position);
  },
});
if (!subscribed.ok) throw new Error(subscribed.refusal.code);
await subscribed.value.reach(Number(endAfter));
await bus.stop();
await store.close();
