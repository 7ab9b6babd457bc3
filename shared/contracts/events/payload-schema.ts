import * as z from 'zod';
import { assert } from '#shared/kernel/index.ts';
import type { PayloadField } from './event-catalogue.ts';
import type { EventKind } from './event-kind.ts';
import { PAYLOAD_FIELDS } from './payload-fields.ts';

/**
 * What a payload of that kind must at least carry. More is allowed: a birth carries its definition, and a fold's own
 * fields ride along.
 */
export function toPayloadSchema({ payload }: EventKind): z.ZodType<Record<string, unknown>> {
  return z.looseObject(Object.fromEntries(payload.map(toField)));
}

function toField(field: PayloadField): readonly [string, z.ZodType] {
  const name = field.endsWith('?') ? field.slice(0, -1) : field;
  const kind = Object.entries(PAYLOAD_FIELDS).find(([known]) => known === name)?.[1];
  assert(kind !== undefined, `the payload field \`${name}\` has no kind`);
  return [name, name === field ? kind : kind.nullish()];
}
