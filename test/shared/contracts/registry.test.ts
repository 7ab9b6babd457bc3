import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import {
  CONTRACT_NAMES,
  currentVersion,
  isContractName,
  parseAnyContract,
  parseContract,
} from '#shared/contracts/index.ts';
import { type Contract, readDocument, toCurrentVersion } from '#shared/contracts/registry.ts';

// A contract that has come to its third version: `hours` became `ms`, and then an owner was asked for.
const first = z.strictObject({ schema: z.literal('note.v1'), hours: z.number() });
const second = z.strictObject({ schema: z.literal('note.v2'), ms: z.int() });
const third = z.strictObject({ schema: z.literal('note.v3'), ms: z.int(), owner: z.string() });
const note: Contract<z.output<typeof third>> = {
  schema: third,
  older: [
    { schema: first, upgrade: ({ hours }) => ({ ms: Number(hours) * 3_600_000 }) },
    { schema: second, upgrade: ({ ms }) => ({ ms, owner: 'nobody' }) },
  ],
};
const read = (input: unknown) => readDocument('note', note, input);
const newest = { schema: 'note.v3', ms: 5_400_000, owner: 'nobody' };

describe('readDocument', () => {
  it('gives a document of any version in the newest', () => {
    expect(toCurrentVersion(note)).toBe(3);
    expect(read({ schema: 'note.v1', hours: 1.5 })).toEqual({ ok: true, value: newest });
    expect(read('{"schema":"note.v2","ms":5400000}')).toEqual({ ok: true, value: newest });
    expect(read({ ...newest, owner: 'dana' })).toEqual({
      ok: true,
      value: { ...newest, owner: 'dana' },
    });
  });

  it.each([
    ['a version that is not yet', { schema: 'note.v4' }, 'SCHEMA_UNKNOWN', '$.schema'],
    ['version zero', { schema: 'note.v0' }, 'SCHEMA_UNKNOWN', '$.schema'],
    ['a schema that is no text', { schema: ['note.v3'] }, 'SCHEMA_UNKNOWN', '$.schema'],
    ['no schema', { ms: 1 }, 'SCHEMA_UNKNOWN', '$.schema'],
    ['another contract', { schema: 'task.v1' }, 'SCHEMA_MISMATCH', '$.schema'],
    [
      'a fault in an older version',
      { schema: 'note.v1', hours: '1' },
      'CONTRACT_INVALID',
      '$.hours',
    ],
    ['a fault an upgrade makes', { schema: 'note.v1', hours: 1e-9 }, 'CONTRACT_INVALID', '$.ms'],
    ['a list', [], 'CONTRACT_INVALID', '$'],
    ['null', null, 'CONTRACT_INVALID', '$'],
    ['a text that is no JSON', '{', 'TEXT_UNREADABLE', '$'],
    ['a value that is no JSON', { schema: 'note.v3', ms: 1n }, 'VALUE_NOT_JSON', '$.ms'],
  ])('refuses %s', (_, input, code, path) => {
    expect(read(input)).toMatchObject({ ok: false, refusal: { code, path } });
  });

  it('names what was expected and what was received', () => {
    const of = (schema: z.ZodType, value: unknown) => {
      const result = readDocument(
        'note',
        { schema: z.looseObject({ value: schema }) },
        {
          schema: 'note.v1',
          value,
        },
      );
      return result.ok ? 'passed' : Object.values(result.refusal).slice(1).join(' | ');
    };
    expect(of(z.string(), 1)).toBe('$.value | string | `1`');
    expect(of(z.string(), undefined)).toBe('$.value | string | nothing');
    expect(of(z.enum(['a', 'b']), 'c')).toBe('$.value | one of `a`, `b` | `c`');
    expect(of(z.number().max(3), 4)).toBe('$.value | at most 3 | `4`');
    expect(of(z.number().lt(3), 3)).toBe('$.value | less than 3 | `3`');
    expect(of(z.number().min(3), 2)).toBe('$.value | at least 3 | `2`');
    expect(of(z.number().gt(3), 3)).toBe('$.value | more than 3 | `3`');
    expect(of(z.string().min(1, 'words'), '')).toBe('$.value | words | ``');
    expect(of(z.strictObject({}), { 'a b': null })).toBe('$.value["a b"] | no such field | `null`');
    expect(of(z.array(z.number()), [1, { a: 1 }])).toBe('$.value[1] | number | an object');
    expect(of(z.string().regex(/a/, 'an a'), 'b')).toBe('$.value | an a | `b`');
    expect(of(z.array(z.number()), true)).toBe('$.value | array | `true`');
  });
});

describe('parseContract', () => {
  it('knows the seventeen contracts and fourteen beside them, all at version 1', () => {
    expect(CONTRACT_NAMES).toHaveLength(31);
    expect(CONTRACT_NAMES.map(currentVersion)).toEqual(CONTRACT_NAMES.map(() => 1));
    expect(CONTRACT_NAMES.slice(0, 17)).toEqual([
      'run_config',
      'run_state',
      'task',
      'routing_decision',
      'schedule_entry',
      'progress_snapshot',
      'execution_event',
      'patch_ledger_entry',
      'error_capture',
      'tool_result',
      'workstream_state',
      'phase_state',
      'ws_step',
      'ws_dependency',
      'doc_metadata',
      'test_execution_record',
      'validation_record',
    ]);
  });

  it('refuses a name nobody knows, even one that every object has', () => {
    expect(isContractName('task')).toBe(true);
    expect(isContractName('constructor')).toBe(false);
    const unknown = parseAnyContract({ schema: 'constructor.v1' });
    expect(unknown).toMatchObject({ refusal: { code: 'SCHEMA_UNKNOWN', path: '$.schema' } });
    expect(parseAnyContract('[')).toMatchObject({ refusal: { code: 'TEXT_UNREADABLE' } });
    expect(parseContract({ schema: 'task.v2' }, 'task')).toMatchObject({
      refusal: { code: 'SCHEMA_UNKNOWN', received: '`task.v2`' },
    });
  });
});
