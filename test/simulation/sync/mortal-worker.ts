import { type CodaTransport, createCodaApi } from '#shared/coda/index.ts';
import { createPacedTransport } from '#worker/coda/index.ts';
import type { Store } from '#worker/store/index.ts';
import { openTarget, type TickReport, tick } from '#worker/sync/index.ts';
import { createLife, type Life, toMortalStore } from './mortal-store.ts';
import type { SyncWorld } from './sync-world.ts';

const LAG_MS = 400_000;
const HOLD_MS = 60_000;

/** What may happen to a tick while it runs. */
export interface Fate {
  /** Whether a person has looked at the rows that seem to be gone, and takes them for deleted. @default false */
  readonly acceptDeletes?: boolean;
  /** The step at which the process is killed; a request and a call of the store are a step each. @default never */
  readonly killAtStep?: number;
  /** The request during which the process is stopped for so long that others take over. @default never */
  readonly stallAtRequest?: number;
  /** Of the requests that change rows, the one during which it is. @default never */
  readonly stallAtWrite?: number;
  /** What others do in that time; whether one of them held the doc after it. */
  readonly meanwhile?: () => Promise<boolean>;
}

/** What became of a tick. */
export type TickEnd = {
  /** Requests that change rows and were begun after another worker had taken over. */
  readonly writesWhenFenced: number;
} & (
  | { readonly kind: 'done'; readonly report: TickReport; readonly contentWrites: number }
  | { readonly kind: 'killed' }
  | { readonly kind: 'failed'; readonly error: unknown }
);

/** Runs one tick of a worker that owns nothing but what the store keeps. */
export async function runMortalTick(
  world: SyncWorld,
  store: Store,
  fate: Fate = {},
): Promise<TickEnd> {
  const life = createLife(fate);
  const { acceptDeletes = false } = fate;
  const clock = () => world.nowMs;
  const wait = async (ms: number) => {
    life.step();
    world.pass(ms);
  };
  const tally = { writesWhenFenced: 0, hasHeld: false };
  const transport = createFatefulTransport(world, life, { ...fate, tally });
  const pacing = { clock, wait, random: () => world.random.next() };
  const paced = createPacedTransport(transport, pacing);
  try {
    const api = createCodaApi(paced.transport);
    const target = await openTarget(api, world.doc.docId);
    // What happens before it takes the lease overtakes nobody.
    tally.hasHeld = true;
    const options = {
      store: toMortalStore(store, life),
      target,
      clock,
      wait,
      lagMs: LAG_MS,
      holdMs: HOLD_MS,
      acceptDeletes,
      guardWrites: paced.guardWrites,
    };
    const report = await tick(options);
    const { writesWhenFenced } = tally;
    return { kind: 'done', report, contentWrites: paced.counts().contentWrites, writesWhenFenced };
  } catch (error) {
    const { writesWhenFenced } = tally;
    return life.isOver()
      ? { kind: 'killed', writesWhenFenced }
      : { kind: 'failed', error, writesWhenFenced };
  }
}

interface Tally {
  writesWhenFenced: number;
  hasHeld: boolean;
}

/** Time passes and people go on while a request is under way; a killed process may have sent it or not. */
function createFatefulTransport(
  world: SyncWorld,
  life: Life,
  { meanwhile, tally, ...fate }: Fate & { readonly tally: Tally },
): CodaTransport {
  const isStop = createStop(fate);
  let isOvertaken = false;
  return async (request) => {
    life.step();
    const isWrite = request.method !== 'GET';
    if (isOvertaken && isWrite) tally.writesWhenFenced += 1;
    world.pass(world.random.between(20, 1_500));
    if (world.random.chance(0.04)) world.act();
    if (isStop(isWrite)) {
      isOvertaken = (await meanwhile?.()) === true && tally.hasHeld;
      // It was under way already, and comes to the doc after whatever the other one, done or not, has written.
      if (isWrite) world.lateWrites += 1;
    }
    const answer = await world.transport(request);
    life.step();
    return answer;
  };
}

/** Whether the process is stopped during the next request. */
function createStop({
  stallAtRequest,
  stallAtWrite,
}: Pick<Fate, 'stallAtRequest' | 'stallAtWrite'>): (isWrite: boolean) => boolean {
  let requests = 0;
  let writes = 0;
  return (isWrite) => {
    requests += 1;
    if (!isWrite) return requests === stallAtRequest;
    writes += 1;
    return requests === stallAtRequest || writes === stallAtWrite;
  };
}
