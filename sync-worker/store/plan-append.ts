import { assert, type Sha256 } from '#shared/kernel/index.ts';
import {
  type ChainHead,
  createSeal,
  type Envelope,
  type NewEvent,
  type SealedTogether,
} from '#shared/ledger/index.ts';
import type { AppendOptions, AppendResult, RawEvent } from './port.ts';

/** An append as the port states it, in one value. */
export interface AppendRequest {
  readonly stream: string;
  readonly events: readonly NewEvent[];
  readonly options: AppendOptions;
}

/** What an append is judged by, read while nobody else can move the head. */
export interface AppendFacts {
  /** All events of the append that was made with the same key, oldest first. */
  readonly earlier: readonly Envelope[];
  /** Where the stream stands, 0 before its first event. */
  readonly version: number;
  readonly head: ChainHead;
}

/** What an append answers and what it writes. */
export interface AppendPlan {
  readonly result: AppendResult;
  /** The sealed events, in order; none unless the answer is `appended`. */
  readonly rows: readonly RawEvent[];
  /** Where the chain ends then. */
  readonly head: ChainHead;
}

/** Judges an append and seals its events. Every store appends by it, so that the same request gets the same answer anywhere. */
export function planAppend(
  { stream, events, options }: AppendRequest,
  { earlier, version, head }: AppendFacts,
  sha256: Sha256,
): AppendPlan {
  assert(events.length > 0, `expected an event to append to \`${stream}\`, received none`);
  const { expectedVersion } = options;
  const shared = toShared(stream, options.idempotencyKey);
  if (earlier.length > 0) {
    return { result: answerRepeat(earlier, { shared, events }, sha256), rows: [], head };
  }
  if (expectedVersion !== 'any' && expectedVersion !== version) {
    return { result: { kind: 'conflict', version }, rows: [], head };
  }
  const seal = createSeal(shared);
  let { position, hash } = head;
  const rows = events.map((event, index): RawEvent => {
    position += 1;
    const body = seal(event, { position, version: version + index + 1, previousHash: hash });
    hash = sha256(body);
    return { position, body, hash };
  });
  const result = { kind: 'appended', position, version: version + events.length } as const;
  return { result, rows, head: { position, hash } };
}

const toShared = (stream: string, idempotencyKey: string | undefined): SealedTogether =>
  idempotencyKey === undefined ? { stream } : { stream, idempotencyKey };

interface Asked {
  readonly shared: SealedTogether;
  readonly events: readonly NewEvent[];
}

function answerRepeat(earlier: readonly Envelope[], asked: Asked, sha256: Sha256): AppendResult {
  const last = earlier.at(-1);
  assert(last !== undefined, 'a repeat has an earlier append');
  const shared = toShared(last.stream, last.idempotencyKey);
  const storedHash = hashContent({ shared, events: earlier }, sha256);
  const givenHash = hashContent(asked, sha256);
  return storedHash === givenHash
    ? { kind: 'exists', position: last.position }
    : { kind: 'mismatch', storedHash, givenHash };
}

/** The hash of what was asked: the events without the places they were given. */
function hashContent({ shared, events }: Asked, sha256: Sha256): string {
  const seal = createSeal(shared);
  const nowhere = { position: 0, version: 0, previousHash: '' };
  return sha256(events.map((event) => seal(event, nowhere)).join('\n'));
}
