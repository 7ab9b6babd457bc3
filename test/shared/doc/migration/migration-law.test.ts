import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CellValue } from '#shared/coda/index.ts';
import {
  type MigrationChange,
  type MigrationDoc,
  type MigrationRow,
  type MigrationRows,
  type MigrationTable,
  type PlannedValue,
  planMigration,
} from '#shared/doc/index.ts';
import { type WrittenRow, writeDoc } from './written-doc.ts';

const FACTS = { decisions: new Map<string, string>(), settled: new Set<string>() };
const names = fc.constantFrom('Audit', 'Care', 'Website', 'Kick-off', 'Report');
const ids = (prefix: string, count: number) =>
  fc.constantFrom(...Array.from({ length: count }, (_, at) => `→ ${prefix}${at}`), '', '');
const table = (prefix: string, count: number, cells: Record<string, fc.Arbitrary<string>>) =>
  fc
    .array(fc.record({ name: names, ...cells }), { maxLength: count })
    .map((rows) =>
      Object.fromEntries(rows.map((row, at): [string, WrittenRow] => [`${prefix}${at}`, row])),
    );

/** Small docs with few names, so that much is implied and much is contradicted. */
const anyDoc = fc
  .record({
    service_blueprints: table('b', 3, {}),
    workflows: table('w', 4, { service_blueprint: ids('b', 3) }),
    process_templates: table('t', 3, { workflow: ids('w', 4) }),
    resource_templates: table('r', 2, {}),
    db_templates: table('a', 4, {
      checklist: fc.constantFrom('Call', ''),
      link: fc.constantFrom('x.pdf', '', ''),
    }),
    offers: table('o', 3, { service_blueprint: ids('b', 3) }),
    engagements: table('e', 3, { offer: ids('o', 3) }),
    projects: table('p', 5, {
      engagement: ids('e', 3),
      process_template: ids('t', 3),
      old_template: ids('a', 4),
    }),
    sprints: fc.constant({ s0: { name: 'W49', start_date: '2025-12-01', end_date: '2025-12-07' } }),
    tasks: table('k', 3, {
      sprint: ids('s', 1),
      scheduled_start_date: fc.constantFrom('', '2025-12-03', '2026-01-01'),
    }),
  })
  .map((written) => writeDoc(written));

/** The doc after some changes were carried out, as its reader would find it. */
function carryOut(doc: MigrationDoc, changes: readonly MigrationChange[]): MigrationDoc {
  const tables = new Map<MigrationTable, MigrationRows>(doc);
  for (const change of changes) {
    const { rows = [], columns = new Set<string>() } = tables.get(change.table) ?? {};
    const made: readonly MigrationRow[] =
      change.kind === 'row'
        ? [...rows, { rowId: change.key, name: change.name, cells: toCells(change.cells) }]
        : rows.map((row) => (row.rowId === change.rowId ? withCell(row, change) : row));
    tables.set(change.table, { rows: made, columns });
  }
  return tables;
}

const withCell = (
  row: MigrationRow,
  { column, after }: Extract<MigrationChange, { kind: 'cell' }>,
): MigrationRow => ({
  ...row,
  cells: new Map([...row.cells, ...toCells(new Map([[column, after]]))]),
});

const toCells = (values: ReadonlyMap<string, PlannedValue>): ReadonlyMap<string, CellValue> =>
  new Map([...values].map(([column, value]) => [column, toCell(value)]));

function toCell(value: PlannedValue): CellValue {
  if (value.kind === 'row')
    return { kind: 'link', rowId: value.rowId, name: value.name, tableId: '' };
  return { kind: 'text', text: value.kind === 'day' ? value.day : value.text };
}

const toText = ({ cells }: MigrationRow): string =>
  [...cells]
    .flatMap(([column, cell]) =>
      cell.kind === 'blank' ? [] : [`${column}=${JSON.stringify(cell)}`],
    )
    .toSorted()
    .join(' ');

/** What a doc says, whatever the order of its rows. */
const digest = (doc: MigrationDoc): readonly string[] =>
  [...doc]
    .flatMap(([name, { rows }]) => rows.map((row) => `${name} ${row.rowId} ${toText(row)}`))
    .toSorted();

/** Whether all that a change points to is there: nothing else can be sent. */
function isSendable(change: MigrationChange, doc: MigrationDoc): boolean {
  const values = change.kind === 'row' ? [...change.cells.values()] : [change.after];
  return values.every(
    (value) =>
      value.kind !== 'row' ||
      value.key === undefined ||
      doc.get(value.table)?.rows.some(({ rowId }) => rowId === value.key) === true,
  );
}

describe('a plan', () => {
  it('carried out is the doc it promised, in which nothing is left to write', () => {
    const law = fc.property(anyDoc, (doc) => {
      const { changes, after, questions } = planMigration(doc, FACTS);
      expect(digest(carryOut(doc, changes))).toEqual(digest(after));
      const again = planMigration(after, FACTS);
      expect(again.changes).toEqual([]);
      expect(again.questions).toEqual(questions);
    });
    fc.assert(law, { numRuns: 300 });
  });

  it('carried out in part and planned again leads to the same doc', () => {
    const law = fc.property(anyDoc, fc.infiniteStream(fc.boolean()), (doc, coins) => {
      const whole = planMigration(doc, FACTS);
      let part = doc;
      const begun: MigrationChange[] = [];
      for (const change of whole.changes) {
        const isSent = coins.next().value === true && isSendable(change, part);
        if (isSent) part = carryOut(part, [change]);
        else begun.push(change);
      }
      expect(digest(planMigration(part, { ...FACTS, begun }).after)).toEqual(digest(whole.after));
    });
    fc.assert(law, { numRuns: 300 });
  });

  it('overwrites nothing and takes no row away', () => {
    const law = fc.property(anyDoc, (doc) => {
      const { changes, after } = planMigration(doc, FACTS);
      const before = changes.flatMap((change) =>
        change.kind === 'cell' ? [change.before.kind] : [],
      );
      expect(before.filter((kind) => kind !== 'blank')).toEqual([]);
      for (const [name, { rows }] of doc) {
        const left = new Set(after.get(name)?.rows.map(({ rowId }) => rowId));
        expect(rows.every(({ rowId }) => left.has(rowId))).toBe(true);
      }
    });
    fc.assert(law, { numRuns: 300 });
  });
});
