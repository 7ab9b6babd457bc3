import * as z from 'zod';
import { assert } from '#shared/kernel/index.ts';
import type { PayloadField } from './event-catalogue.ts';
import { findEventKind } from './event-kind.ts';
import { PAYLOAD_FIELDS } from './payload-fields.ts';

/**
 * What a payload of that event type lacks or has wrong; nothing for a type the catalogue does not know. More than the listed
 * fields is allowed: a birth carries its definition, and a fold's own fields ride along.
 */
export function judgePayload(type: string, payload: unknown): readonly z.core.$ZodIssue[] {
  return schemaOf(type).safeParse(payload).error?.issues ?? [];
}

/** Schemas made so far: most programs meet few of the types, and each of those often. */
const made = new Map<string, z.ZodType>();

function schemaOf(type: string): z.ZodType {
  const known = made.get(type);
  if (known !== undefined) return known;
  const kind = findEventKind(type);
  if (kind === undefined) return z.unknown();
  const schema = z.looseObject(Object.fromEntries(kind.payload.map(toField)));
  made.set(type, schema);
  return schema;
}

function toField(field: PayloadField): readonly [string, z.ZodType] {
  const name = field.endsWith('?') ? field.slice(0, -1) : field;
  const kind = Object.entries(PAYLOAD_FIELDS).find(([known]) => known === name)?.[1];
  assert(kind !== undefined, `the payload field \`${name}\` has no kind`);
  return [name, name === field ? kind : kind.nullish()];
}
