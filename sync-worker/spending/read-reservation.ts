import { parseContract } from '#shared/contracts/index.ts';
import { type Reservation, reservationDecider } from '#shared/cost/index.ts';
import { DomainError } from '#shared/kernel/index.ts';
import type { Store, StoredRecord } from '#worker/store/index.ts';

/** A reservation as its document has it; one that was never made stands where it is before its birth. Errors: `STORE_CORRUPT`. */
export async function readReservation(
  store: Pick<Store, 'getRecord'>,
  reservationId: string,
): Promise<Reservation> {
  const record = await store.getRecord('reservations', reservationId);
  return record === undefined ? reservationDecider.initial : toReservation(record);
}

/** The reservations that hold money. Errors: `STORE_CORRUPT`. */
export async function listHeldReservations(
  store: Pick<Store, 'listRecords'>,
): Promise<readonly Reservation[]> {
  return (await store.listRecords('reservations', { state: 'held' })).map(toReservation);
}

function toReservation({ id, document }: StoredRecord): Reservation {
  const read = parseContract(document, 'reservation');
  if (!read.ok) {
    const text = `The reservation \`${id}\` is none (${read.refusal.path}).`;
    throw new DomainError('STORE_CORRUPT', text);
  }
  const { schema: _, metadata: __, amountMicros, settledMicros, ...told } = read.value;
  return {
    ...told,
    version: told.state === 'held' ? 1 : 2,
    amountMicros: BigInt(amountMicros),
    ...(settledMicros == null ? {} : { settledMicros: BigInt(settledMicros) }),
  };
}
