import { type Binding, createRowParser, READABLE_TABLES, toText } from '#shared/doc/index.ts';
import { type HealthFinding, toFinding } from './health-finding.ts';
import type { TableRows } from './read-tables.ts';

type BoundTable = NonNullable<ReturnType<Binding['tables']['get']>>;
type Rows = NonNullable<ReturnType<TableRows['get']>>;

/** What is odd about the rows of people: keys given twice, relations that are none, cells that cannot be read. */
export function judgeRows(binding: Binding, rows: TableRows): readonly HealthFinding[] {
  return READABLE_TABLES.flatMap((table) => {
    const bound = binding.tables.get(table);
    const ofTable = rows.get(table);
    if (bound === undefined || ofTable === undefined) return [];
    const parser = createRowParser(binding, table);
    for (const row of ofTable) parser.parse(row);
    return [
      ...judgeKeys(bound, ofTable),
      ...parser.findings().map((finding) => toRelationFinding(toFinding(finding), bound)),
    ];
  });
}

function toRelationFinding(finding: HealthFinding, { spec }: BoundTable): HealthFinding {
  const { lookupTable } = spec.columns.find(({ name }) => name === finding.column) ?? {};
  if (lookupTable === undefined) return finding;
  const fix = `Clear the text in the column’s cells and choose the rows of \`${lookupTable}\` from the list.`;
  return { ...finding, code: 'RELATION_IS_TEXT', fix };
}

/** Rows are found by their key, so what is written for one of two would be written to both. */
function judgeKeys({ spec, columns }: BoundTable, rows: Rows): readonly HealthFinding[] {
  return [...columns.values()].flatMap((column): readonly HealthFinding[] => {
    if (column.spec.isKey !== true) return [];
    const counts = new Map<string, number>();
    for (const { values } of rows) {
      const key = toText(values[column.columnId] ?? { kind: 'blank' });
      if (key !== '') counts.set(key, (counts.get(key) ?? 0) + 1);
    }
    const doubled = [...counts].filter(([, count]) => count > 1);
    const [first] = doubled;
    if (first === undefined) return [];
    const where = { table: spec.name, column: column.spec.name };
    const many = doubled.length === 1 ? '' : `, and ${doubled.length - 1} more`;
    const message = `${first[1]} rows of \`${spec.name}\` have the same ${column.spec.name} \`${first[0]}\`${many}.`;
    const fix = 'Delete the rows that were entered twice, or give each row a key of its own.';
    return [{ code: 'KEY_DOUBLED', severity: 'error', ...where, message, fix }];
  });
}
