import { describe, expect, it } from 'vitest';
import { areInOrder } from '#shared/contracts/fields/rule.ts';
import { CONTRACT_LIVES, CONTRACT_NAMES, parseContract } from '#shared/contracts/index.ts';
import { type Fields, readValid, setAt } from './examples.ts';
import { listFieldPaths } from './hostile-values.ts';

const LIVED = CONTRACT_NAMES.filter((name) =>
  readValid(name).some((example) => Object.hasOwn(example, 'stateHistory')),
);
const BEFORE = '2026-03-01T00:00:00.000Z';
const AFTER = '2026-03-09T00:00:00.000Z';

describe.each(LIVED)('the history of %s', (name) => {
  const [example = {}] = readValid(name);
  const history: readonly Fields[] = Object.values(Object(example['stateHistory']));
  const last = history.length - 1;
  const pathOf = (changes: Fields) => {
    const document = { ...readValid(name)[0], ...changes };
    const read = parseContract(document, name);
    return read.ok ? 'passed' : read.refusal.path;
  };
  const pathWith = (keys: readonly (string | number)[], value: unknown) => {
    const read = parseContract(setAt(readValid(name)[0] ?? {}, keys, value), name);
    return read.ok ? 'passed' : read.refusal.path;
  };

  it('begins with the birth, into the first state, at createdAt', () => {
    const otherTrigger = CONTRACT_LIVES[name]?.life.triggers[0];
    expect(pathWith(['stateHistory', 0, 'trigger'], otherTrigger)).toBe('$.stateHistory');
    expect(pathWith(['stateHistory', 0, 'state'], history[1]?.['state'])).toBe('$.stateHistory');
    expect(pathOf({ createdAt: BEFORE })).toBe('$.stateHistory');
    expect(pathOf({ stateHistory: history.slice(1) })).toBe('$.stateHistory');
    expect(pathOf({ stateHistory: [] })).toBe('$.stateHistory');
  });

  it('runs in the order of time', () => {
    expect(pathWith(['stateHistory', last, 'at'], BEFORE)).toBe('$.stateHistory');
  });

  it('takes only steps the machine has', () => {
    expect(pathWith(['stateHistory', last, 'trigger'], 'create')).toBe('$.stateHistory');
    expect(pathOf({ stateHistory: [...history, ...history.slice(-1)] })).toBe('$.stateHistory');
  });

  it('ends in the state the record is in', () => {
    expect(pathOf({ state: history[0]?.['state'] })).toBe('$.state');
  });

  it('has no more steps than the record has versions', () => {
    expect(pathOf({ version: last })).toBe('$.version');
    expect(pathOf({ version: last + 1 })).toBe('passed');
    expect(pathOf({ version: last + 2 })).toBe('passed');
  });

  it('gives every stamp but createdAt its instant, and none that it does not know', () => {
    const stamps = name === 'patch_ledger_entry' ? ['closedAt'] : ['startedAt', 'endedAt'];
    for (const stamp of stamps) {
      expect(pathOf({ [stamp]: AFTER })).toBe(`$.${stamp}`);
      const isThere = (example[stamp] ?? null) !== null;
      expect(pathOf({ [stamp]: null })).toBe(isThere ? `$.${stamp}` : 'passed');
    }
  });
});

describe('the stamps of a record', () => {
  it('name the queue only where the machine has one', () => {
    const refused = (name: 'task' | 'ws_step', queuedAt: unknown) => {
      const read = parseContract({ ...readValid(name)[0], queuedAt }, name);
      return read.ok ? 'passed' : `${read.refusal.path} ${read.refusal.expected}`;
    };
    const [{ createdAt } = {}] = readValid('ws_step');
    expect(refused('ws_step', createdAt)).toBe('passed');
    const order = 'stamps in the order `createdAt`, `queuedAt`, `startedAt`, `endedAt`';
    expect(refused('ws_step', BEFORE)).toBe(`$.queuedAt ${order}`);
    expect(refused('ws_step', AFTER)).toBe(`$.queuedAt ${order}`);
    const first = 'the instant it first was queued, and nothing if it never was';
    expect(refused('task', AFTER)).toBe(`$.queuedAt ${first}`);
    expect(refused('task', undefined)).toBe(`$.queuedAt ${first}`);
  });

  it('are in order where each is no earlier than the one before that is there', () => {
    expect(areInOrder([])).toBe(true);
    expect(areInOrder(['a', null, 'a', undefined, 'b'])).toBe(true);
    expect(areInOrder(['b', null, 'a'])).toBe(false);
  });

  it('stand in every example of the seven records that have them', () => {
    expect(LIVED).toHaveLength(7);
    const paths = listFieldPaths(readValid('task')[0]).map((keys) => keys.join('.'));
    expect(paths).toEqual(expect.arrayContaining(['createdAt', 'stateHistory.0.actor.kind']));
  });
});
