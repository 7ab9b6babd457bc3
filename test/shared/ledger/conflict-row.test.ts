import { describe, expect, it } from 'vitest';
import { toInstant } from '#shared/kernel/index.ts';
import { toConflictRow } from '#shared/ledger/conflict-row.ts';
import {
  type CellConflict,
  isConflictTold,
  planPush,
  SETTLED_KEPT_MS,
  type VisibleRow,
} from '#shared/ledger/index.ts';

const NOON_MS = Date.UTC(2026, 4, 4, 12);
const OPEN: CellConflict = {
  table: 'tasks',
  row: 'T1',
  column: 'actual_hours',
  doc: '5',
  ledger: '3',
  at: toInstant(NOON_MS),
};
const AGREED: CellConflict = { ...OPEN, agreedAt: toInstant(NOON_MS) };

const visible = (rowId: string, change: Partial<VisibleRow> = {}): VisibleRow => ({
  ...toConflictRow(OPEN),
  rowId,
  ...change,
});

const plan = (rows: readonly VisibleRow[], conflicts?: readonly CellConflict[]) =>
  planPush({
    rows,
    desks: new Map(),
    outcomeOf: () => undefined,
    isWaiting: () => false,
    isPublished: () => false,
    ...(conflicts === undefined ? {} : { conflicts }),
    anchor: { docId: 'd', position: 1, hash: 'h', epoch: 1 },
    sent: new Map(),
    nowMs: NOON_MS,
    sha256: (text) => text,
  }).map((write) => `${write.kind} ${write.id}`);

describe('the row of a conflict', () => {
  it('is written while the table does not say so, and not again', () => {
    const upsert = ['upsert conflict/tasks/T1/actual_hours', 'upsert state/ledger'];
    expect(plan([], [OPEN])).toEqual(upsert);
    expect(plan([visible('i-1')], [OPEN])).toEqual([]);
    expect(plan([visible('i-1', { state: 'mine' })], [OPEN])).toEqual(upsert);
    expect(plan([visible('i-1', { kind: 'settled' })], [OPEN])).toEqual(upsert);
    expect(plan([visible('i-1')], [AGREED])).toEqual(upsert);
  });

  it('stays once where there are two, and goes where nobody tells of it', () => {
    expect(plan([visible('i-2'), visible('i-1')], [OPEN])).toEqual(['delete delete/i-2']);
    expect(plan([visible('i-1')])).toEqual(['delete delete/i-1']);
  });

  it('is known by its key: a row that only says it is one may be another’s', () => {
    expect(plan([visible('i-1', { key: 'state/desk/dana' })])).toEqual([]);
    expect(plan([visible('i-1', { kind: 'command' })])).toContain('edit edit/i-1');
  });

  it('goes its own way beside a correction that was settled long ago, which no state row holds', () => {
    const longAgo = toInstant(NOON_MS - SETTLED_KEPT_MS - 1);
    const correction = { key: 'k', kind: 'settled', type: 'CorrectRun', at: longAgo } as const;
    expect(plan([visible('i-1'), visible('i-2', correction)], [OPEN])).toEqual([
      'delete delete/i-2',
    ]);
  });

  it('is told for two weeks after both sides agree', () => {
    expect([OPEN, AGREED].map((one) => isConflictTold(one, NOON_MS + SETTLED_KEPT_MS))).toEqual([
      true,
      true,
    ]);
    expect([OPEN, AGREED].map((one) => isConflictTold(one, NOON_MS + SETTLED_KEPT_MS + 1))).toEqual(
      [true, false],
    );
  });
});
