import type { ColumnInfo, TableInfo } from '#shared/coda/index.ts';
import type { BoundTable } from './bound-table.ts';
import type { ColumnSpec, ColumnType, TableSpec } from './column.ts';
import type { DocFinding } from './doc-finding.ts';
import { isKnownAs, type NameMatch } from './name-match.ts';

/** The formats of the API a cell of each type is read from without loss; the first is what the column should be. */
const READABLE_FORMATS: Readonly<Record<ColumnType, readonly string[]>> = {
  text: ['text', 'canvas', 'email', 'link', 'select'],
  number: ['number', 'slider', 'scale'],
  percent: ['percent'],
  currency: ['currency'],
  date: ['date', 'dateTime'],
  dateTime: ['dateTime'],
  checkbox: ['checkbox'],
  select: ['select', 'text', 'lookup'],
  lookup: ['lookup'],
  person: ['person', 'text', 'email'],
};

/** What is odd about how a table was found; `views` are those of the doc, which only read like tables. */
export function judgeTable(
  spec: TableSpec,
  match: NameMatch<TableInfo>,
  views: readonly TableInfo[],
): readonly DocFinding[] {
  const severity = spec.isOptional ? 'info' : 'error';
  const table = spec.name;
  switch (match.kind) {
    case 'missing': {
      const view = views.find(({ name }) => isKnownAs(spec, name));
      if (view !== undefined) return [judgeView(spec, view)];
      const message = `The doc has no table \`${table}\`.`;
      const fix = `Make a table named \`${table}\`, or give that name to the one that holds these rows.`;
      return [{ code: 'TABLE_MISSING', severity, table, message, fix }];
    }
    case 'ambiguous': {
      const message = `Several tables could be \`${table}\`: ${listIds(match.candidates)}.`;
      const fix = 'Keep the name on the right one and rename the others.';
      return [{ code: 'TABLE_AMBIGUOUS', severity, table, message, fix }];
    }
    case 'found': {
      const rename = judgeName(spec, match);
      return rename === undefined ? [] : [{ code: 'TABLE_RENAMED', table, ...rename }];
    }
  }
}

function judgeView({ name, isOptional }: TableSpec, view: TableInfo): DocFinding {
  const message = `\`${view.name}\` is a view and no table, so no row can be added to it.`;
  const fix = `Give the view another name, and the name \`${name}\` to the table it shows.`;
  const severity = isOptional ? 'warning' : 'error';
  return { code: 'TABLE_IS_VIEW', severity, table: name, message, fix };
}

/** What is odd about how a column was found, and about what it holds. */
export function judgeColumn(
  table: TableSpec,
  spec: ColumnSpec,
  match: NameMatch<ColumnInfo>,
): readonly DocFinding[] {
  const where = { table: table.name, column: spec.name };
  switch (match.kind) {
    case 'missing': {
      if (spec.isOptional) return [];
      const message = `Table \`${table.name}\` has no column \`${spec.name}\`.`;
      const fix = `Add a column \`${spec.name}\` of type ${spec.type}, or give the renamed one its name back.`;
      return [{ code: 'COLUMN_MISSING', severity: 'error', ...where, message, fix }];
    }
    case 'ambiguous': {
      const severity = spec.isOptional ? 'warning' : 'error';
      const message = `Several columns of \`${table.name}\` could be \`${spec.name}\`: ${listIds(match.candidates)}.`;
      const fix = 'Keep the name on the right one and rename the others.';
      return [{ code: 'COLUMN_AMBIGUOUS', severity, ...where, message, fix }];
    }
    case 'found': {
      const rename = judgeName(spec, match);
      const renamed: readonly DocFinding[] =
        rename === undefined ? [] : [{ code: 'COLUMN_RENAMED', ...where, ...rename }];
      return [
        ...renamed,
        ...judgeFormat(table, spec, match.found),
        ...judgeFormula(table, spec, match.found),
      ];
    }
  }
}

/** Relations that point to another table than the one that was bound. */
export function judgeTargets(doc: {
  readonly bound: ReadonlyMap<string, BoundTable>;
  /** Every column that was looked at, by `table id` and `column id` with a space between. */
  readonly formats: ReadonlyMap<string, ColumnInfo>;
  readonly tableIds: ReadonlyMap<string, TableInfo>;
}): readonly DocFinding[] {
  return [...doc.bound.values()].flatMap((table) =>
    [...table.columns.values()].flatMap(({ spec, columnId }): readonly DocFinding[] => {
      const target = doc.bound.get(spec.lookupTable ?? '');
      const actualId = doc.formats.get(`${table.tableId} ${columnId}`)?.format.tableId;
      const actual = doc.tableIds.get(actualId ?? '');
      // A relation may point to a view of the right table, and the API does not say whose view it is.
      if (target === undefined || actual === undefined || actual.isView) return [];
      if (actual.id === target.tableId) return [];
      const message = `\`${table.spec.name}.${spec.name}\` points to \`${actual.name}\`, not to \`${target.docName}\`.`;
      const fix = `Let the relation point to \`${target.docName}\`.`;
      const where = { table: table.spec.name, column: spec.name };
      return [{ code: 'COLUMN_TARGET', severity: severityOf(spec), ...where, message, fix }];
    }),
  );
}

const severityOf = (spec: ColumnSpec): DocFinding['severity'] =>
  spec.isOptional ? 'warning' : 'error';

const listIds = (candidates: readonly { readonly id: string; readonly name: string }[]): string =>
  candidates.map(({ id, name }) => `\`${name}\` (${id})`).join(', ');

function judgeName(
  spec: { readonly name: string; readonly aliases: readonly string[] },
  match: Extract<NameMatch<{ readonly name: string }>, { kind: 'found' }>,
): Pick<DocFinding, 'severity' | 'message' | 'fix'> | undefined {
  const { found, by } = match;
  if (by === 'name' || (by === 'id' && isKnownAs({ ...spec, aliases: [] }, found.name))) {
    return undefined;
  }
  const isStranger = by === 'id' && !isKnownAs(spec, found.name);
  return {
    severity: isStranger ? 'warning' : 'info',
    message: `\`${spec.name}\` is called \`${found.name}\` here; it was found by its ${isStranger ? 'id alone' : 'other name'}.`,
    fix: isStranger
      ? `Check that \`${found.name}\` still holds what \`${spec.name}\` should; if not, give that name to the right one.`
      : 'Nothing: it is used as it is.',
  };
}

function judgeFormat(
  table: TableSpec,
  spec: ColumnSpec,
  { format, name }: ColumnInfo,
): readonly DocFinding[] {
  if (READABLE_FORMATS[spec.type].includes(format.type)) return [];
  const message = `\`${table.name}.${name}\` is of type ${format.type}; expected ${spec.type}.`;
  const fix = `Change the column's type to ${spec.type}.`;
  const where = { table: table.name, column: spec.name };
  return [{ code: 'COLUMN_TYPE', severity: severityOf(spec), ...where, message, fix }];
}

function judgeFormula(
  table: TableSpec,
  spec: ColumnSpec,
  { isCalculated, name }: ColumnInfo,
): readonly DocFinding[] {
  const isWrittenTo = spec.owner === 'ledger' || spec.owner === 'derived' || spec.isKey === true;
  if (!isCalculated || !isWrittenTo || spec.isCalculated === true) return [];
  const message = `\`${table.name}.${name}\` is computed by a formula, so nothing can be written to it.`;
  const fix = 'Clear the formula to have it filled, or rename the column to keep the formula.';
  const where = { table: table.name, column: spec.name };
  return [{ code: 'COLUMN_CALCULATED', severity: severityOf(spec), ...where, message, fix }];
}
