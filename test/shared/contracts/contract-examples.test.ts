import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import {
  CONTRACT_NAMES,
  parseAnyContract,
  parseContract,
  toJsonSchema,
} from '#shared/contracts/index.ts';
import { listInvalid, readInvalid, readValid } from './examples.ts';

const ajv = new Ajv({ strict: true, keywords: ['x-machine', 'x-transitions'] });
const outside = new Map(CONTRACT_NAMES.map((name) => [name, ajv.compile(toJsonSchema(name))]));

describe.each(CONTRACT_NAMES)('the examples of %s', (name) => {
  it.each(readValid(name))('pass here and under the exported schema', (document) => {
    const read = parseContract(JSON.stringify(document), name);
    expect(read).toEqual({ ok: true, value: document });
    expect(parseAnyContract(document)).toEqual(read);
    expect(JSON.stringify(read)).toContain(JSON.stringify(document));
    outside.get(name)?.(document);
    expect(outside.get(name)?.errors ?? []).toEqual([]);
  });

  it('name at least three ways to be wrong', () => {
    expect(readInvalid(name).length).toBeGreaterThanOrEqual(3);
  });
});

describe('an invalid example', () => {
  it.each(listInvalid())('$name: $says', ({ name, code, path, document }) => {
    const read = parseContract(document, name);
    expect(read.ok ? 'passed' : { ...read.refusal }).toMatchObject({ code, path });
  });
});
