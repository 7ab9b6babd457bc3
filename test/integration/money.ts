import {
  type CostEntry,
  openPriceBook,
  type PriceBook,
  type Reservation,
  type ReservationCommand,
  reservationDecider,
} from '#shared/cost/index.ts';
import { toInstant } from '#shared/kernel/index.ts';
import type { DocumentStep } from '#shared/ledger/index.ts';
import type { Asked } from '#shared/lifecycle/index.ts';
import { idOf } from '../shared/ledger/record/work-scene.ts';
import { at, toJson } from './order.ts';

/** A book with one price: 15 micros for each token the editor writes. */
const PRICES: PriceBook = {
  priceBookVersion: '2026-03',
  entries: [
    {
      priceId: 'editor-output',
      resourceName: 'editor',
      usageType: 'output',
      unit: 'token',
      priceMicros: 15_000_000n,
      perQuantity: 1_000_000,
      currency: 'EUR',
      validFrom: toInstant(0),
    },
  ],
};

/** The prices of {@link PRICES}, ready to be asked. */
export function openPrices() {
  const opened = openPriceBook(PRICES);
  if (!opened.ok) throw new Error(opened.refusal.code);
  return { priceBookVersion: PRICES.priceBookVersion, priceOf: opened.value };
}

/** What a cost line says before it is priced. */
export interface Used {
  readonly name: string;
  readonly run: string;
  readonly workstream: string;
  readonly task: string;
  readonly resourceName: string;
  readonly quantity: number;
  readonly asked: Asked;
}

/** A measured use that nobody has priced yet. */
export const toMeasured = (used: Used): CostEntry => ({
  entryId: idOf(used.name),
  entryType: 'charge',
  idempotencyKey: used.name,
  projectId: 'acme-site',
  runId: idOf(used.run),
  workstreamId: idOf(used.workstream),
  taskId: idOf(used.task),
  resourceType: 'tool_usage',
  resourceName: used.resourceName,
  usageType: 'output',
  quantity: String(used.quantity),
  unit: 'token',
  source: 'measured',
  occurredAt: used.asked.at,
  recordedAt: used.asked.at,
});

/** The document of a cost line and the event that tells of it. */
export function toCostStep(entry: CostEntry, asked: Asked): DocumentStep {
  const { entryId, resourceType, reverses } = entry;
  const amount = toMicrosText(entry.amountMicros);
  const facts = { entryId, resourceType, ...amount, priced: entry.amountMicros !== undefined };
  return {
    table: 'costs',
    id: entryId,
    document: toJson({ schema: 'cost_entry.v1', ...entry, ...amount }),
    ...asked,
    type: reverses === undefined ? 'cost_recorded' : 'cost_reversed',
    facts: toJson({ ...facts, reverses, currency: entry.currency }),
  };
}

/** A reservation one command further on, its document and the event that tells of it. */
export function moveReservation(
  command: ReservationCommand,
  before: Reservation = reservationDecider.initial,
): { readonly reservation: Reservation; readonly step: DocumentStep } {
  const decided = reservationDecider.decide(command, before);
  if (!decided.ok) throw new Error(decided.refusal.code);
  const reservation = decided.value.reduce(reservationDecider.evolve, before);
  const { version: _version, lastAt: _lastAt, settledMicros, ...told } = reservation;
  const amount = toMicrosText(reservation.amountMicros);
  const settled = settledMicros === undefined ? {} : { settledMicros: String(settledMicros) };
  const { reservationId, currency } = reservation;
  return {
    reservation,
    step: {
      table: 'reservations',
      id: reservationId,
      document: toJson({ schema: 'reservation.v1', ...told, ...amount, ...settled }),
      at: command.at,
      by: command.by,
      type: decided.value[0]?.type ?? '',
      stream: `budget/${reservation.budgetIds.join()}`,
      facts: { reservationId, currency, ...amount, ...settled },
    },
  };
}

/** The document of {@link PRICES}. */
export const toPriceStep = (): DocumentStep => ({
  table: 'price_books',
  id: PRICES.priceBookVersion,
  document: toJson({
    schema: 'price_book.v1',
    priceBookVersion: PRICES.priceBookVersion,
    entries: PRICES.entries.map((price) => ({
      ...price,
      priceMicros: `${price.priceMicros}`,
    })),
  }),
  ...at(0),
});

const toMicrosText = (amountMicros?: bigint): { readonly amountMicros?: string } =>
  amountMicros === undefined ? {} : { amountMicros: String(amountMicros) };
