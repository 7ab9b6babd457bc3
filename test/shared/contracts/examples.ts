import { readFileSync } from 'node:fs';
import { CONTRACT_NAMES, type ContractName } from '#shared/contracts/index.ts';

/** A JSON object. */
export type Fields = Record<string, unknown>;

/** A change of a valid example that makes it invalid, and how it must be refused. */
export interface InvalidExample {
  readonly says: string;
  readonly code: string;
  readonly path: string;
  /** Which of the valid examples is changed. @default 0, the first */
  readonly of?: number;
  /** Values by JSON path. */
  readonly set?: Fields;
  /** JSON paths of fields to take out. */
  readonly remove?: readonly string[];
}

/** The valid examples of a contract, freshly read. */
export const readValid = (name: ContractName): readonly Fields[] => read(`${name}.valid.json`);
/** The invalid examples of a contract. */
export const readInvalid = (name: ContractName): readonly InvalidExample[] =>
  read(`${name}.invalid.json`);

/** Every invalid example with the document it stands for. */
export const listInvalid = () =>
  CONTRACT_NAMES.flatMap((name) =>
    readInvalid(name).map((example) => ({
      ...example,
      name,
      document: change(readValid(name)[example.of ?? 0] ?? {}, example),
    })),
  );

/** The keys of a JSON path such as `$.candidates[2].score`. */
const toKeys = (path: string): readonly (string | number)[] =>
  [...path.matchAll(/\.(\w+)|\[(\d+)\]/g)].map(([, name, place]) => name ?? Number(place));

/** The document with a value put at a path; the document given is changed. */
export function setAt(
  document: Fields,
  keys: readonly (string | number)[],
  value: unknown,
): Fields {
  const holder = keys
    .slice(0, -1)
    .reduce<object>((at, key) => Object(Reflect.get(at, key)), document);
  Reflect.set(holder, keys.at(-1) ?? '', value);
  return document;
}

function change(document: Fields, { set = {}, remove = [] }: InvalidExample): Fields {
  for (const [path, value] of Object.entries(set)) setAt(document, toKeys(path), value);
  for (const path of remove) setAt(document, toKeys(path), undefined);
  const copy: Fields = JSON.parse(JSON.stringify(document));
  return copy;
}

const FOLDER = new URL('../../../docs/contracts/examples/', import.meta.url);

const texts = new Map<string, string>();

function read(file: string) {
  const text = texts.get(file) ?? readFileSync(new URL(file, FOLDER), 'utf8');
  texts.set(file, text);
  return JSON.parse(text);
}
