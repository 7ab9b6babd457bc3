import type { Clock } from '#shared/kernel/index.ts';
import type { Wait } from './wait.ts';

/** That the service has refused requests as too many, and is left alone. */
export interface Storm {
  /** Refusals since it last took anything. */
  readonly refusals: number;
  /** Units: ms since 1970. */
  readonly untilMs: number;
}

/** Where a storm is remembered: by one process, or by all that share it. */
export interface StormMemory {
  /** Nothing in good weather. */
  readonly read: () => Promise<Storm | undefined>;
  readonly keep: (storm: Storm | undefined) => Promise<void>;
  /** Runs a task while nobody else tries the service; nothing where somebody does. */
  readonly alone: <Value>(task: () => Promise<Value>) => Promise<Value | undefined>;
}

/** How requests are held back. */
export interface StormGateOptions {
  readonly clock: Clock;
  readonly wait: Wait;
  readonly memory: StormMemory;
  /** The longest pause that is waited for; a longer one is given up at once. Units: ms. */
  readonly patienceMs: number;
  /** From 0 up to 1, to spread repeats. */
  readonly random: () => number;
}

/** A request that is to pass. */
export interface Passing<Value> {
  readonly send: () => Promise<Value>;
  /** Waits for the request's turn within its limit and then runs what it is given. */
  readonly inTurn: <Inner>(task: () => Promise<Inner>) => Promise<Inner>;
  /** What the caller gets where the pause is too long to be waited for. Units: ms since 1970. */
  readonly tooLong: (untilMs: number) => Value;
}

/** Lets requests pass, and holds all of them back while the service refuses them. */
export interface StormGate {
  /** Sends a request in its turn, where a refusal came before it after the pause and alone. */
  readonly pass: <Value>(passing: Passing<Value>) => Promise<Value>;
  /** Tells that a request was refused as too early, and how long the service asks to be left alone. Units: ms. */
  readonly refused: (askedMs: number) => Promise<void>;
  /** Tells that a request was not refused. */
  readonly served: () => Promise<void>;
}

// A window has passed after ten seconds; somebody else of the same account may be using it up again.
const FIRST_PAUSE_MS = 10_000;
const LONGEST_PAUSE_MS = 300_000;
/** A pause that is to last longer was kept by a clock that is ahead, or by a service that nobody should wait for. Units: ms. */
const BELIEVED_MS = 3_600_000;
const BETWEEN_LOOKS_MS = 1_000;
const CALM: Storm = { refusals: 0, untilMs: 0 };

/**
 * A gate that is open in good weather. After a refusal one request at a time tries the service, each only when the pause is over, and each
 * refusal doubles it: eight requests, or workers, that each keep their own patience would be eight times the storm.
 */
export function createStormGate(options: StormGateOptions): StormGate {
  const { clock, wait, memory, patienceMs, random } = options;
  let turn: Promise<unknown> = Promise.resolve();

  const readStorm = async (): Promise<Storm | undefined> => {
    const storm = await memory.read();
    return storm !== undefined && storm.untilMs - clock() <= BELIEVED_MS ? storm : undefined;
  };

  /** Whoever waited for his turn may find that a storm has come up meanwhile. */
  const sendIf = async <Value>(
    isTime: (storm: Storm | undefined) => boolean,
    { send, inTurn }: Passing<Value>,
  ): Promise<{ readonly value: Value } | undefined> =>
    await inTurn(async () => (isTime(await readStorm()) ? { value: await send() } : undefined));

  const isOver = ({ untilMs }: Storm = CALM): boolean => untilMs <= clock();

  const passInStorm = async <Value>(passing: Passing<Value>): Promise<Value> => {
    for (;;) {
      const { untilMs } = (await readStorm()) ?? CALM;
      const leftMs = untilMs - clock();
      if (leftMs > patienceMs) return passing.tooLong(untilMs);
      if (leftMs > 0) await wait(leftMs);
      const sent = await memory.alone(() => sendIf(isOver, passing));
      if (sent !== undefined) return sent.value;
      await wait(BETWEEN_LOOKS_MS);
    }
  };

  const pass: StormGate['pass'] = async (passing) => {
    if ((await readStorm()) === undefined) {
      const sent = await sendIf((storm) => storm === undefined, passing);
      if (sent !== undefined) return sent.value;
    }
    const mine = turn.then(() => passInStorm(passing));
    // One that fails must not turn away everybody behind it.
    turn = mine.catch(() => undefined);
    return await mine;
  };

  return {
    pass,
    refused: async (askedMs) => {
      const before = await readStorm();
      // Those that were on their way together were refused once.
      if (before !== undefined && before.untilMs > clock()) return;
      const refusals = (before?.refusals ?? 0) + 1;
      const fullMs = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (refusals - 1));
      const pauseMs = Math.max(askedMs, Math.round(fullMs * (0.5 + random() / 2)));
      await memory.keep({ refusals, untilMs: clock() + pauseMs });
    },
    served: async () => {
      const storm = await memory.read();
      if (storm !== undefined && storm.untilMs <= clock()) await memory.keep(undefined);
    },
  };
}

/** A storm that only this process knows of. */
export function createOwnMemory(): StormMemory {
  let storm: Storm | undefined;
  return {
    read: async () => storm,
    keep: async (next) => {
      storm = next;
    },
    alone: (task) => task(),
  };
}
