import { type CostEntry, openPriceBook, type PriceBook } from '#shared/cost/index.ts';
import { toInstant } from '#shared/kernel/index.ts';
import type { Asked } from '#shared/lifecycle/index.ts';
import { idOf } from '../shared/ledger/record/work-scene.ts';

/** A book with one price: 15 micros for each token the editor writes. */
export const PRICES: PriceBook = {
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
