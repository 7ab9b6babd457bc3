/** Why a text or a value is not the document it should be: where, what was expected there, and what stood there. */
export interface ContractRefusal {
  readonly code: ContractRefusalCode;
  /** JSON path from `$`, such as `$.candidates[2].score`. */
  readonly path: string;
  readonly expected: string;
  /** A short description; a text is shown by its first characters only. */
  readonly received: string;
}

/** What kind of fault it is. */
export type ContractRefusalCode =
  | JsonRefusalCode
  /** A name or a version that no reader here knows. */
  | 'SCHEMA_UNKNOWN'
  /** A document of another contract than the one asked for. */
  | 'SCHEMA_MISMATCH'
  /** A field that is missing, unknown or not of its form, or fields that do not fit together. */
  | 'CONTRACT_INVALID';

/** What is wrong with JSON before any contract is asked. */
export type JsonRefusalCode =
  | 'TEXT_TOO_LONG'
  | 'TEXT_UNREADABLE'
  | 'NESTED_TOO_DEEP'
  | 'KEY_REPEATED'
  | 'KEY_FORBIDDEN'
  | 'NUMBER_UNSAFE'
  | 'CHARACTER_FORBIDDEN'
  | 'VALUE_NOT_JSON';

/** A refusal that JSON itself is the reason for. */
export interface JsonRefusal extends ContractRefusal {
  readonly code: JsonRefusalCode;
}

const MOST_SHOWN = 60;

/** The JSON path of a value, from `$`. */
export function toJsonPath(keys: readonly PropertyKey[]): string {
  const steps = keys.map((key) => {
    if (typeof key === 'number') return `[${key}]`;
    const name = String(key);
    return /^[A-Za-z_]\w*$/.test(name) ? `.${name}` : `[${JSON.stringify(shorten(name))}]`;
  });
  return `$${steps.join('')}`;
}

/** A short description of a value for a person. It asks no question that a hostile value could answer. */
export function describe(value: unknown): string {
  switch (typeof value) {
    case 'undefined':
      return 'nothing';
    case 'string':
    case 'number':
    case 'boolean':
    case 'bigint':
      return `\`${shorten(String(value))}\``;
    case 'object':
      return value === null ? '`null`' : describeObject(value);
    case 'function':
    case 'symbol':
      break;
  }
  return `a ${typeof value}`;
}

function describeObject(value: object): string {
  try {
    return Array.isArray(value) ? `a list of ${value.length}` : 'an object';
  } catch {
    // A revoked proxy throws even at this question.
    return 'an object';
  }
}

const shorten = (text: string): string =>
  text.length <= MOST_SHOWN ? text : `${text.slice(0, MOST_SHOWN)}…`;
