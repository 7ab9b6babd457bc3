import { toInstant } from '#shared/kernel/index.ts';
import type { ExecutionEvent, NewEvent } from '#shared/ledger/index.ts';
import {
  createEventBus,
  type EventBus,
  type EventBusOptions,
  type SubscribeOptions,
} from '#worker/events/index.ts';
import type { Store } from '#worker/store/index.ts';
import { append } from '../store/append-event.ts';

/** An event of a type, with a number to tell it by. */
export const eventOf = (number: number, type = 'run_started'): NewEvent => ({
  type,
  at: toInstant(1_700_000_000_000 + number),
  actor: 'dana@example.com',
  payload: { number },
});

/** A bus whose waits take no time and are written down. */
export function openBus(store: Store, options: Partial<EventBusOptions> = {}) {
  const waitsMs: number[] = [];
  const failures: [string, unknown][] = [];
  const bus = createEventBus({
    store,
    clock: () => 1_700_000_000_000,
    wait: async (ms) => void waitsMs.push(ms),
    onFailure: (subscriberId, error) => void failures.push([subscriberId, error]),
    ...options,
  });
  return { bus, waitsMs, failures };
}

/** Subscribes, and expects that it may. */
export async function subscribe(bus: EventBus, options: SubscribeOptions) {
  const result = await bus.subscribe(options);
  if (!result.ok) throw new Error(JSON.stringify(result.refusal));
  return result.value;
}

/** Writes down what it is given, and fails where it is told to. */
export function createRecorder(isFailing: (event: ExecutionEvent) => boolean = () => false) {
  const seen: number[] = [];
  const handler = async (event: ExecutionEvent) => {
    seen.push(event.position);
    if (isFailing(event)) throw new Error(`cannot deal with ${event.position}`);
  };
  return { seen, handler };
}

/** Appends events of one type, one after the other. */
export async function appendMany(store: Store, count: number, type = 'run_started') {
  const events = Array.from({ length: count }, (_, index) => eventOf(index, type));
  await append(store, 'run/01RUN', events);
}
