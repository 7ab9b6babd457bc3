import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createCommand, parseCommandRow, toDeskId, toRunId } from '#shared/ledger/index.ts';
import { log, press, sha256, toRow } from './press.ts';

describe('createCommand', () => {
  it('gives one press one key, whatever the order of its arguments', () => {
    const { key } = press('StartRun', 'Audit', 0, { note: 'n', run: 'R' });
    const data = { run: 'R', note: 'n', person: 'Dana', task: 'Audit' };
    const { type, atMs, by } = press('StartRun', 'Audit', 0);
    expect(createCommand({ type, atMs, by, data }, sha256).key).toBe(key);
    expect(key).toMatch(/^[0-9A-HJKMNP-TV-Z]{26}$/);
  });

  it.each([
    ['another millisecond', press('StartRun', 'Audit', 0.001)],
    ['another account', press('StartRun', 'Audit', 0, { by: 'lee' })],
    ['another task', press('StartRun', 'Onboard', 0)],
    ['another button', press('FinishRun', 'Audit', 0)],
    ['a note', press('StartRun', 'Audit', 0, { note: 'n' })],
  ])('gives another key to a press with %s', (_, other) => {
    expect(other.key).not.toBe(press('StartRun', 'Audit', 0).key);
  });

  it('knows the same hours again at any time and from any account, but not with another entry', () => {
    const { key } = log(2, 0);
    expect(log(2, 90_000, { by: 'lee' }).key).toBe(key);
    expect(log(2, 0, { entry: 2 }).key).not.toBe(key);
    expect(log(2, 0, { day: '2026-03-03' }).key).not.toBe(key);
    expect(log(2, 0, { note: '' }).key).not.toBe(key);
  });

  it('gives the same key in every version, since docs keep it', () => {
    expect([press('StartRun', 'Audit', 0, { note: 'n' }).key, log(2, 0).key]).toEqual([
      '4M9FK0RKFD3YTW9SB8QYK0EHR3',
      '48GA72N2CMR9VBWJ7RWDDD6KZT',
    ]);
  });

  it('leaves an argument that is absent out of the key', () => {
    const { type, atMs, by, data, key } = press('StartRun', 'Audit', 0);
    const draft = { type, atMs, by, data: { ...data, note: undefined } };
    expect(createCommand(draft as typeof draft & { data: typeof data }, sha256).key).toBe(key);
  });
});

describe('parseCommandRow', () => {
  it('reads back what a button wrote', () => {
    const words = fc.string({ minLength: 1 });
    const law = fc.property(words, words, fc.string(), (task, person, note) => {
      const command = press('PauseRun', task, 5, { person, note });
      expect(parseCommandRow(toRow(command), sha256)).toEqual({ ok: true, value: command });
    });
    fc.assert(law);
    const hours = log(1.5, 5);
    expect(parseCommandRow(toRow(hours), sha256)).toEqual({ ok: true, value: hours });
  });

  it.each([
    ['NO_HANDLER', { type: 'PlanProject' }],
    ['NO_HANDLER', { type: 'toString' }],
    ['MALFORMED', { at: 'soon' }],
    ['MALFORMED', { at: '2026-02-30T09:00:00.000Z' }],
    ['MALFORMED', { by: '' }],
    ['MALFORMED', { data: '{' }],
    ['MALFORMED', { data: '{"task":"","person":"Dana"}' }],
    ['MALFORMED', { data: '{"task":"Audit","person":"Dana","hours":1}' }],
    ['EDITED', { data: '{"task":"Onboard","person":"Dana"}' }],
    ['EDITED', { at: '2026-03-02T09:00:01.000Z' }],
    ['EDITED', { by: 'lee' }],
    ['EDITED', { type: 'FinishRun' }],
    ['EDITED', { key: 'mine' }],
  ])('answers %s to a row with %j', (code, cells) => {
    const read = parseCommandRow(toRow(press('StartRun', 'Audit', 0), cells), sha256);
    expect(read).toMatchObject({ ok: false, refusal: { code } });
  });

  it.each([
    { hours: 0 },
    { hours: 24.5 },
    { hours: -1 },
    { day: '2026-02-30' },
    { day: '1969-12-31' },
    { day: '2100-01-01' },
    { entry: 0 },
    { entry: 1.5 },
  ])('answers MALFORMED to hours with %j', (data) => {
    const read = parseCommandRow(toRow(log(1, 0, data)), sha256);
    expect(read).toMatchObject({ ok: false, refusal: { code: 'MALFORMED' } });
  });

  it.each([{ hours: 24 }, { hours: 0.01 }, { day: '1970-01-01' }, { day: '2099-12-31' }])(
    'takes hours with %j',
    (data) => {
      expect(parseCommandRow(toRow(log(1, 0, data)), sha256).ok).toBe(true);
    },
  );

  it.each([
    ['hours', { hours: 25 }, 'Expected more than 0 and at most 24'],
    ['day', { day: '2100-01-01' }, 'Expected YYYY-MM-DD from 1970 to 2099'],
    ['entry', { entry: 0 }, 'Expected 1, 2, 3 …'],
  ])('names the field `%s` that is wrong and what it should be', (field, data, expected) => {
    const detail = `\`${field}\`: ${expected}`;
    expect(parseCommandRow(toRow(log(1, 0, data)), sha256)).toEqual({
      ok: false,
      refusal: { code: 'MALFORMED', detail },
    });
  });

  it.each([
    [{ type: 'PlanProject' }, 'no handler for `PlanProject`'],
    [{ by: '' }, '`at` must be an instant from 2000 to 2099 and `by` an account'],
    [{ by: 'lee' }, 'the row was changed by hand; press the button again'],
  ])('says what is wrong with %j', (cells, detail) => {
    const read = parseCommandRow(toRow(press('StartRun', 'Audit', 0), cells), sha256);
    expect(read).toMatchObject({ ok: false, refusal: { detail } });
  });
});

describe('a press of a clock that was never set', () => {
  const { type, by, data } = press('StartRun', 'Audit', 0);
  const pressedIn = (year: number) => {
    const command = createCommand({ type, by, data, atMs: Date.UTC(year, 5) }, sha256);
    return parseCommandRow(toRow(command), sha256);
  };

  it.each([1970, 1999, 2100, 9999])('is refused at once in %i', (year) => {
    expect(pressedIn(year)).toMatchObject({ ok: false, refusal: { code: 'MALFORMED' } });
  });

  it.each([2000, 2099])('is taken for true in %i', (year) => {
    expect(pressedIn(year)).toMatchObject({ ok: true });
  });
});

describe('toCommandRow', () => {
  it('says neither outcome nor seq, and whose desk it is for', () => {
    const { rowId: _, ...row } = toRow(press('StartRun', 'Audit', 0, { person: ' Dana ' }));
    expect(row).toMatchObject({
      kind: 'command',
      state: 'pending',
      stream: 'desk/dana',
      at: '2026-03-02T09:00:00.000Z',
      outcome: '',
      seq: '',
    });
  });
});

describe('toRunId and toDeskId', () => {
  it('derives the run from its key alone', () => {
    const { key } = press('StartRun', 'Audit', 0);
    expect(toRunId(key, sha256)).toBe(toRunId(key, sha256));
    expect(toRunId(key, sha256)).not.toBe(key);
  });

  it('is one desk however a name is written', () => {
    expect(toDeskId(' DANA ')).toBe(toDeskId('dana'));
  });
});
