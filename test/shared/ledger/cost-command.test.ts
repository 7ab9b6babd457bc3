import { describe, expect, it } from 'vitest';
import {
  COST_COMMAND_DATA,
  createCommand,
  type LedgerRow,
  type RecordCostCommand,
  readCommandRow,
  toCommandRow,
} from '#shared/ledger/index.ts';
import { at, sha256 } from './press.ts';

type Data = RecordCostCommand['data'];
const HOSTING: Data = {
  target: 'Acme',
  amount: '49.90',
  currency: 'EUR',
  category: 'Software',
  day: '2026-03-02',
  note: 'hosting',
  entry: 1,
};
const record = (data: Partial<Data> = {}, { by = 'dana', seconds = 0 } = {}) =>
  createCommand(
    { type: 'RecordCost', by, atMs: at(seconds), data: { ...HOSTING, ...data } },
    sha256,
  );
const toRow = (command: RecordCostCommand, cells: Partial<LedgerRow> = {}): LedgerRow => ({
  ...toCommandRow(command, 'Cost'),
  outcome: '',
  seq: '',
  ...cells,
});
const read = (row: LedgerRow) => readCommandRow(row, COST_COMMAND_DATA, sha256);

describe('RecordCost', () => {
  it('is the same cost from whoever and whenever, and whatever kind it is called', () => {
    const { key } = record();
    expect(record({}, { by: 'lee', seconds: 90_000 }).key).toBe(key);
    expect(record({ category: 'Hosting' }).key).toBe(key);
  });

  it.each([
    { amount: '49.9' },
    { amount: '049.900' },
    { amount: ' 49.90' },
    { note: 'hosting ' },
    { target: 'Acme\n' },
  ])('is the same cost with %j', (data) => {
    expect(record(data).key).toBe(record().key);
  });

  it.each([
    ['100', '1'],
    ['100', '10'],
    ['0.5', '5'],
    ['-49.9', '49.9'],
    ['1.05', '1.5'],
  ])('is not the same with %s as with %s', (amount, other) => {
    expect(record({ amount }).key).not.toBe(record({ amount: other }).key);
  });

  it('is read without the blanks around it, and is not taken for one changed by hand', () => {
    const asked = record({ note: 'lunch ', person: ' Dana' });
    expect(read(toRow(asked))).toMatchObject({
      ok: true,
      value: { key: asked.key, data: { note: 'lunch', person: 'Dana' } },
    });
  });

  it.each([
    { target: 'Birch' },
    { amount: '49.91' },
    { currency: 'USD' },
    { day: '2026-03-03' },
    { note: '' },
    { entry: 2 },
    { person: 'Lee' },
  ])('is another cost with %j', (data) => {
    expect(record(data).key).not.toBe(record().key);
  });

  it('stands in the stream of what it is for, and is read back as it was asked', () => {
    const command = record({ target: 'ACME ' });
    expect(toRow(command).stream).toBe('cost/acme');
    expect(read(toRow(record()))).toEqual({ ok: true, value: record() });
  });

  it.each([
    { target: ' ' },
    { amount: '' },
    { category: 'c'.repeat(65) },
    { note: 'n'.repeat(201) },
    { entry: 0 },
    { entry: 1.5 },
  ])('is malformed with %j', (data) => {
    const refusal = {
      code: 'MALFORMED',
      detail: expect.stringContaining(Object.keys(data)[0] ?? ''),
    };
    expect(read(toRow(record(data)))).toEqual({ ok: false, refusal });
  });

  it('is refused where its amount was changed by hand', () => {
    const data = JSON.stringify({ ...HOSTING, amount: '4.99' });
    expect(read(toRow(record(), { data }))).toMatchObject({
      ok: false,
      refusal: { code: 'EDITED' },
    });
  });
});
