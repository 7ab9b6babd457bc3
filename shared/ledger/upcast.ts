import { accept, type Result, refuse } from '#shared/kernel/index.ts';
import type { Envelope } from './envelope.ts';
import type { Json } from './json.ts';

/** Turns the payload of one older shape of an event into that of the next. */
export interface Upcaster {
  /** Type of the event, without its shape's number. */
  readonly type: string;
  /** The shape it reads; it writes the next. Range: integer ≥ 1. */
  readonly from: number;
  /** The payload in the next shape; it judges nothing. */
  readonly upcast: (payload: Json) => Json;
}

/** Why an event cannot be read: it was written by a newer program. */
export interface ShapeUnknown {
  readonly code: 'EVENT_SHAPE_UNKNOWN';
  readonly type: string;
  readonly shape: number;
  readonly newestShape: number;
}

/**
 * An event in the newest shape of its type, its hash and place untouched. The shape's number stands behind the type from the
 * second on, `run_queued.v2`, so that an event without one is of the first and no older ledger has to be rewritten.
 * Refusals: `EVENT_SHAPE_UNKNOWN` for a shape newer than the upcasters lead to; it is never guessed at.
 */
export function upcast(
  event: Envelope,
  upcasters: readonly Upcaster[],
): Result<Envelope, ShapeUnknown> {
  const { type, shape } = splitType(event.type);
  const mine = upcasters.filter((one) => one.type === type).sort((a, b) => a.from - b.from);
  const newestShape = (mine.at(-1)?.from ?? 0) + 1;
  if (shape > newestShape) return refuse({ code: 'EVENT_SHAPE_UNKNOWN', type, shape, newestShape });
  const payload = mine
    .filter(({ from }) => from >= shape)
    .reduce((older, one) => one.upcast(older), event.payload);
  return accept({ ...event, type, payload });
}

/** The type an event of a shape is written under. */
export const toShapedType = (type: string, shape: number): string =>
  shape === 1 ? type : `${type}.v${shape}`;

function splitType(text: string): { readonly type: string; readonly shape: number } {
  const [, type = text, shape = '1'] = /^(.+)\.v([1-9]\d*)$/.exec(text) ?? [];
  return { type, shape: Number(shape) };
}
