import { DomainError } from '#shared/kernel/index.ts';
import type { Envelope } from '#shared/ledger/index.ts';
import { fromKeyText } from '../key-text.ts';
import type { IndexedAppend, RawEvent } from '../port.ts';
import { readEvent } from '../read-event.ts';
import { integerOf, type Row, textOf } from './column.ts';

/** An event out of the table of events. Errors: `DomainError` `STORE_CORRUPT`. */
export const toRaw = (row: Row): RawEvent => ({
  position: integerOf(row, 'position'),
  body: textOf(row, 'body'),
  hash: textOf(row, 'hash'),
});

/** An append out of the table of appends. Errors: `DomainError` `STORE_CORRUPT`. */
export function toAppend(row: Row): IndexedAppend {
  const key = row['idempotency_key'];
  return {
    firstPosition: integerOf(row, 'first_position'),
    lastPosition: integerOf(row, 'last_position'),
    stream: fromKeyText(textOf(row, 'stream')),
    firstVersion: integerOf(row, 'first_version'),
    ...(typeof key === 'string' ? { idempotencyKey: fromKeyText(key) } : {}),
  };
}

/** The event of a row. Errors: `DomainError` `STORE_CORRUPT` where its text is none, or says that it lies elsewhere. */
export function readPlaced(raw: RawEvent): Envelope {
  const event = readEvent(raw);
  if (event.position === raw.position) return event;
  throw toMisfit(raw.position, { expected: raw, received: event });
}

/**
 * The events of appends that follow one another in a stream from a version on. An append says where events lie; that these are
 * the ones it means, their own texts must say too.
 * Errors: `DomainError` `STORE_CORRUPT`, naming the position where text and append differ, or where an event is missing.
 */
export function readClaimed(
  appends: readonly IndexedAppend[],
  readRange: (firstPosition: number, lastPosition: number) => readonly RawEvent[],
  version: number,
): readonly Envelope[] {
  let due = { version };
  return appends.flatMap(({ firstPosition, lastPosition, firstVersion, ...shared }) => {
    if (firstVersion !== due.version) {
      throw toMisfit(firstPosition, { expected: due, received: { version: firstVersion } });
    }
    due = { version: firstVersion + lastPosition - firstPosition + 1 };
    const events = readRange(firstPosition, lastPosition).map(readPlaced);
    events.forEach((event, index) => {
      const claim = { ...shared, position: firstPosition + index, version: firstVersion + index };
      if (!isSame(claim, event))
        throw toMisfit(event.position, { expected: claim, received: event });
    });
    const end = firstPosition + events.length;
    if (end !== lastPosition + 1) throw toMissing(end);
    return events;
  });
}

type Place = Partial<Pick<Envelope, 'position' | 'stream' | 'version' | 'idempotencyKey'>>;

const isSame = (one: Place, other: Place): boolean =>
  one.position === other.position &&
  one.stream === other.stream &&
  one.version === other.version &&
  one.idempotencyKey === other.idempotencyKey;

function toMisfit(
  at: number,
  { expected, received }: { readonly expected: Place; readonly received: Place },
): DomainError {
  const facts = `expected \`${toText(expected)}\`, received \`${toText(received)}\``;
  const text = `the index of the ledger does not fit event ${at} (${facts})`;
  return new DomainError('STORE_CORRUPT', `${text}; \`founder-hq verify\` says more`);
}

const toMissing = (at: number): DomainError =>
  new DomainError(
    'STORE_CORRUPT',
    `the ledger holds no event ${at}, though its index says so; restore it from a backup`,
  );

const toText = ({ position, stream, version, idempotencyKey }: Place): string =>
  JSON.stringify({ position, stream, version, idempotencyKey });
