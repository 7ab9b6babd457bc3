/** Holds what a store finds events by to the events themselves. Like the ledger's verifier, it shares no code with what wrote either. */

/** Neighbours in the ledger that a store finds by their stream or by their key. */
export interface IndexEntry {
  readonly firstPosition: number;
  readonly lastPosition: number;
  readonly stream: string;
  readonly firstVersion: number;
  readonly idempotencyKey?: string;
}

/** The first place where the index and the ledger differ: an entry that is missing, doubled, too much, or says something else. */
export interface IndexFault {
  readonly code: 'INDEX_WRONG';
  readonly position: number;
  readonly expected: string;
  readonly received: string;
}

/** A store's index. */
export interface IndexCase {
  /** Every entry, by first position; of those that come while it is read there may be any. */
  readonly entries: AsyncIterable<IndexEntry>;
  /** The position of the store's last event. */
  readonly readEnd: () => Promise<number>;
}

/** A check that follows the ledger, event by event. */
export interface IndexCheck {
  /** Takes the texts of the next events, which are known to be sound. */
  add(bodies: readonly string[]): Promise<void>;
  /** What was found, after the last event. */
  end(): Promise<IndexFault | undefined>;
  /** Lets go of the index, also before the end. */
  close(): Promise<void>;
}

/** Begins a check before the first event. What is appended meanwhile is held to the index by the next check. */
export function createIndexCheck({ entries, readEnd }: IndexCase): IndexCheck {
  const iterator = entries[Symbol.asyncIterator]();
  const next = async (): Promise<IndexEntry | undefined> => {
    const { done, value } = await iterator.next();
    return done === true ? undefined : value;
  };
  let endBefore: number | undefined;
  let position = 0;
  let entry: IndexEntry | undefined;
  let fault: IndexFault | undefined;
  const differ = (at: number, expected: string, received: string): void => {
    if (expected !== received) fault ??= { code: 'INDEX_WRONG', position: at, expected, received };
  };
  /** What the index says of an event; nothing where it came after the check began and may have none. */
  const findClaim = async (at: number, begun: number): Promise<string | undefined> => {
    const isNext = entry === undefined || at > entry.lastPosition;
    if (isNext) entry = await next();
    if (entry === undefined) return at > begun ? undefined : NONE;
    const isHere = at <= entry.lastPosition && (!isNext || at === entry.firstPosition);
    return isHere ? toClaim(entry, at) : toText(entry);
  };
  return {
    async add(bodies) {
      // Asked before the first entry: of every event up to here there has to be one.
      endBefore ??= await readEnd();
      let at = position;
      position += bodies.length;
      for (const body of bodies) {
        at += 1;
        const claim = fault === undefined ? await findClaim(at, endBefore) : undefined;
        if (claim === undefined) return;
        differ(at, toTold(body), claim);
      }
    },
    async end() {
      if (entry !== undefined && entry.lastPosition > position) {
        differ(position + 1, NONE, toText(entry));
      }
      for (let more = await next(); more !== undefined; more = await next()) {
        const isLater = more.firstPosition > position && more.lastPosition <= (await readEnd());
        if (isLater) continue;
        differ(more.firstPosition, NONE, toText(more));
        break;
      }
      return fault;
    },
    close: async () => void (await iterator.return?.()),
  };
}

const NONE = 'no entry';

/** What the index says of one of its events, in the words of {@link toTold}. */
const toClaim = (
  { firstPosition, firstVersion, stream, idempotencyKey }: IndexEntry,
  position: number,
): string =>
  JSON.stringify([stream, firstVersion + position - firstPosition, idempotencyKey ?? null]);

function toTold(body: string): string {
  const { stream, version, idempotencyKey } = JSON.parse(body);
  return JSON.stringify([stream, version, idempotencyKey ?? null]);
}

const toText = (entry: IndexEntry): string =>
  `${toClaim(entry, entry.firstPosition)} from ${entry.firstPosition} to ${entry.lastPosition}`;
