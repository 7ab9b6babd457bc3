import { describe, expect, it } from 'vitest';
import { FOUNDER_HQ_TABLES, type FounderHqTable, tableSpec } from '#shared/doc/index.ts';

const toKey = (name: string) => name.toLowerCase().replace(/[\s_]/g, '');
const repeated = (names: readonly string[]) =>
  names.filter((name, at) => names.indexOf(name) !== at);

describe('FOUNDER_HQ_TABLES', () => {
  it('stands in an order in which rows find their targets', () => {
    const order: readonly string[] = FOUNDER_HQ_TABLES.map(({ name }) => name);
    for (const table of FOUNDER_HQ_TABLES) {
      for (const { lookupTable } of table.columns) {
        if (lookupTable === undefined || lookupTable === table.name) continue;
        expect(order.indexOf(lookupTable)).toBeGreaterThanOrEqual(0);
        expect(order.indexOf(lookupTable)).toBeLessThan(order.indexOf(table.name));
      }
    }
  });

  it('gives no name or alias twice, or a doc could not be told apart', () => {
    const tables = FOUNDER_HQ_TABLES.flatMap(({ name, aliases }) => [name, ...aliases]);
    expect(repeated(tables.map(toKey))).toEqual([]);
    for (const { columns } of FOUNDER_HQ_TABLES) {
      const names = columns.flatMap(({ name, aliases }) => [name, ...aliases]);
      expect(repeated(names.map(toKey))).toEqual([]);
    }
  });

  it.each(FOUNDER_HQ_TABLES.map(({ name }) => name))('says enough to make %s', (name) => {
    const { columns } = tableSpec(name);
    expect(columns.filter(({ isDisplay }) => isDisplay === true)).toHaveLength(1);
    for (const column of columns) {
      expect(column.lookupTable !== undefined).toBe(column.type === 'lookup');
      expect(column.options !== undefined).toBe(column.type === 'select');
      expect(column.unit !== undefined).toBe(
        ['number', 'percent', 'currency'].includes(column.type),
      );
    }
  });

  it('keeps the Ledger in text, so that no import guesses a type wrong', () => {
    const { columns } = tableSpec('Ledger');
    expect(columns.map(({ name }) => name).join(' ')).toBe(
      'title kind state key stream type at by data outcome seq',
    );
    expect(new Set(columns.map(({ type }) => type))).toEqual(new Set(['text']));
  });

  it('has a key where rows are found again after a crash', () => {
    const keyed: readonly FounderHqTable[] = ['people', 'workflows', 'projects', 'tasks'];
    const keys = keyed.map((name) => tableSpec(name).columns.find(({ isKey }) => isKey === true));
    expect(keys.map((column) => column?.name)).toEqual(keyed.map(() => 'external_id'));
    expect(tableSpec('execution_runs').columns[0]).toMatchObject({ name: 'run_id', isKey: true });
  });

  it('stops on a table nobody knows', () => {
    expect(() => tableSpec('invoices' as FounderHqTable)).toThrow('no table `invoices`');
  });
});
