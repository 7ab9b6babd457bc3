import type * as z from 'zod';
import { accept, assert, type Result, refuse } from '#shared/kernel/index.ts';
import { toPlainJson } from './plain-json.ts';
import { readJsonText } from './read-json-text.ts';
import { type ContractRefusal, describe, toJsonPath } from './refusal.ts';

/** One contract: the schema of its newest version, and how older documents become newer ones. */
export interface Contract<Document = unknown> {
  readonly schema: z.ZodType<Document>;
  /** Version 1 first; as many as there are versions before the newest. @default none, the contract is at version 1 */
  readonly older?: readonly OlderVersion[];
}

/** A version that is read and no longer written. */
export interface OlderVersion {
  readonly schema: z.ZodType<Record<string, unknown>>;
  /** A document of this version as one of the next. It gets only what its schema let pass, and need not set `schema`. */
  readonly upgrade: (document: Readonly<Record<string, unknown>>) => Record<string, unknown>;
}

/** The version that writers of a contract write. */
export const toCurrentVersion = ({ older = [] }: Contract): number => older.length + 1;

/**
 * Reads a document of one contract, JSON text or a value, in any version up to the newest, and gives it in the newest.
 * Refusals: all of `ContractRefusalCode`; the first fault is told.
 */
export function readDocument<Document>(
  name: string,
  contract: Contract<Document>,
  input: unknown,
): Result<Document, ContractRefusal> {
  const named = readNamed(input);
  if (!named.ok) return named;
  const { name: found, version } = named.value;
  let { document } = named.value;
  if (found !== name) {
    return refuse(schemaFault('SCHEMA_MISMATCH', `a document of \`${name}\``, document));
  }
  const newest = toCurrentVersion(contract);
  if (version > newest) {
    return refuse(schemaFault('SCHEMA_UNKNOWN', `a version up to ${newest}`, document));
  }
  for (const [place, { schema, upgrade }] of (contract.older ?? []).entries()) {
    if (place + 1 < version) continue;
    const judged = judge(schema, document);
    if (!judged.ok) return judged;
    document = { ...upgrade(judged.value), schema: `${name}.v${place + 2}` };
  }
  return judge(contract.schema, document);
}

/** A document that says which contract it keeps. */
export interface NamedDocument {
  readonly document: Readonly<Record<string, unknown>>;
  readonly name: string;
  readonly version: number;
}

/** Reads as far as the document's `schema`, so that a reader who expects none can choose. */
export function readNamed(input: unknown): Result<NamedDocument, ContractRefusal> {
  const read = typeof input === 'string' ? readJsonText(input) : toPlainJson(input);
  if (!read.ok) return read;
  const { value } = read;
  if (!isRecord(value)) {
    const facts = { path: '$', expected: 'an object', received: describe(value) };
    return refuse({ code: 'CONTRACT_INVALID', ...facts });
  }
  const [, name, version] = SCHEMA_NAME.exec(String(value['schema'])) ?? [];
  if (name === undefined || typeof value['schema'] !== 'string') {
    return refuse(schemaFault('SCHEMA_UNKNOWN', 'a contract such as `task.v1`', value));
  }
  return accept({ document: value, name, version: Number(version) });
}

const SCHEMA_NAME = /^([a-z][a-z_]{0,62})\.v([1-9]\d{0,3})$/;

/** The refusal of a document whose `schema` is not what it should be. */
export const schemaFault = (
  code: 'SCHEMA_UNKNOWN' | 'SCHEMA_MISMATCH',
  expected: string,
  document: Readonly<Record<string, unknown>>,
): ContractRefusal => ({
  code,
  path: '$.schema',
  expected,
  received: describe(document['schema']),
});

function judge<Document>(
  schema: z.ZodType<Document>,
  document: unknown,
): Result<Document, ContractRefusal> {
  const judged = schema.safeParse(document);
  if (judged.success) return accept(judged.data);
  const [issue] = judged.error.issues;
  assert(issue !== undefined, 'a document was refused without a reason');
  const path = toFaultPath(issue);
  const expected = toExpectation(issue);
  const received = describe(valueAt(document, path));
  return refuse({ code: 'CONTRACT_INVALID', path: toJsonPath(path), expected, received });
}

/** An unknown field is complained about where it stands, not at the object around it. */
const toFaultPath = (issue: z.core.$ZodIssue): readonly PropertyKey[] =>
  issue.code === 'unrecognized_keys' ? [...issue.path, ...issue.keys.slice(0, 1)] : issue.path;

function toExpectation(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return issue.expected;
    case 'invalid_value':
      return `one of ${issue.values.map((value) => `\`${String(value)}\``).join(', ')}`;
    case 'too_big':
      return `${issue.inclusive === false ? 'less than' : 'at most'} ${issue.maximum}`;
    case 'too_small':
      return issue.origin === 'string'
        ? issue.message
        : `${issue.inclusive === false ? 'more than' : 'at least'} ${issue.minimum}`;
    case 'unrecognized_keys':
      return 'no such field';
    case 'invalid_format':
    case 'not_multiple_of':
    case 'invalid_union':
    case 'invalid_key':
    case 'invalid_element':
    case 'custom':
      return issue.message;
  }
}

function valueAt(document: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (at, key) =>
      (isRecord(at) || Array.isArray(at)) && Object.hasOwn(at, key)
        ? Reflect.get(at, key)
        : undefined,
    document,
  );
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
