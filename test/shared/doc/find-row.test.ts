import { describe, expect, it } from 'vitest';
import { findRow, type TaskRow } from '#shared/doc/index.ts';

const task = (rowId: string, name: string, externalId?: string): TaskRow => ({
  rowId,
  name,
  status: '',
  ...(externalId === undefined ? {} : { externalId }),
});
const TASKS = [
  task('i-1', 'Audit'),
  task('i-2', 'Audit', '7'),
  task('i-3', '7'),
  task('i-4', 'i-1'),
];
const find = (reference: string) => {
  const match = findRow(TASKS, reference);
  return match.kind === 'found' ? match.row.rowId : match.kind;
};

describe('findRow', () => {
  it('goes by row id, then external id, then name', () => {
    expect(['i-1', '7', 'i-4'].map(find)).toEqual(['i-1', 'i-2', 'i-4']);
  });

  it('does not choose between two of one name, and finds nothing by half a name', () => {
    expect(findRow(TASKS, 'Audit')).toEqual({ kind: 'ambiguous', rows: TASKS.slice(0, 2) });
    expect(['Aud', ''].map(find)).toEqual(['missing', 'missing']);
  });

  it('takes a name in any case where no name is exact', () => {
    const named = [
      task('i-1', 'Audit Acme'),
      task('i-2', 'audit birch'),
      task('i-3', 'Audit Birch'),
    ];
    const rowIds = [' audit acme ', 'Audit Birch'].map((reference) => {
      const match = findRow(named, reference);
      return match.kind === 'found' ? match.row.rowId : match.kind;
    });
    expect(rowIds).toEqual(['i-1', 'i-3']);
  });
});
