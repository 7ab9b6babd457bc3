import type * as z from 'zod';
import { type Result, refuse } from '#shared/kernel/index.ts';
import {
  CONTRACT_SCHEMAS,
  type ContractDocument,
  type ContractName,
  isContractName,
  OLDER_VERSIONS,
} from './contract-schemas.ts';
import type { ContractRefusal } from './refusal.ts';
import { readDocument, readNamed, schemaFault, toCurrentVersion } from './registry.ts';

/**
 * Reads a document of a contract, JSON text or a value, whatever its version, and gives it in the newest.
 * The document is a copy: nothing of the input lives on in it. Refusals: all of `ContractRefusalCode`.
 */
export function parseContract<Name extends ContractName>(
  input: unknown,
  expected: Name,
): Result<ContractDocument<Name>, ContractRefusal> {
  const older = OLDER_VERSIONS[expected] ?? [];
  return readDocument(expected, { schema: SCHEMAS[expected], older }, input);
}

/** Reads a document of any contract; which one, it says itself. */
export function parseAnyContract(
  input: unknown,
): Result<ContractDocument<ContractName>, ContractRefusal> {
  const named = readNamed(input);
  if (!named.ok) return named;
  const { name, document } = named.value;
  if (!isContractName(name))
    return refuse(schemaFault('SCHEMA_UNKNOWN', 'a contract known here', document));
  return parseContract(document, name);
}

/** The version that writers of a contract write. */
export const currentVersion = (name: ContractName): number =>
  toCurrentVersion({ schema: SCHEMAS[name], older: OLDER_VERSIONS[name] ?? [] });

/** Said by name, so that the schema of a name is known to give the document of that name. */
const SCHEMAS: { readonly [Name in ContractName]: z.ZodType<ContractDocument<Name>> } =
  CONTRACT_SCHEMAS;
