import { FOUNDER_HQ_TABLES } from '#shared/doc/index.ts';
import { type Page, toPage, toTable } from './page.ts';

type Table = (typeof FOUNDER_HQ_TABLES)[number];
type Column = Table['columns'][number];

const OWNER: Readonly<Record<Column['owner'], string>> = {
  doc: 'the doc',
  ledger: 'the ledger',
  derived: 'computed by the worker',
  auto: 'computed by the doc',
};

/** Every table and column of a Founder HQ doc that is read or written. */
export function toDocTablesPage(): Page {
  return toPage('docs/reference/doc-tables.md', '`shared/doc`', [
    '# Tables and columns of a Founder HQ doc',
    '',
    'Tables and columns are found by their id where it is known, else by name, else by one of the other names; case,',
    'spaces and underscores never matter. An optional one is used when present. Each column has one owner: nobody else',
    'writes it.',
    ...FOUNDER_HQ_TABLES.flatMap(toSection),
  ]);
}

function toSection({ name, aliases, isOptional, columns }: Table): readonly string[] {
  const also = aliases.length === 0 ? '' : ` Also found as ${aliases.join(', ')}.`;
  return [
    '',
    `## ${name}`,
    '',
    `${isOptional ? 'Optional.' : 'Needed.'}${also}`,
    '',
    ...toTable(
      ['column', 'type', 'unit', 'owner', '', 'other names'],
      columns.map((column) => [
        column.name,
        toType(column),
        column.unit ?? '',
        OWNER[column.owner],
        toTraits(column),
        column.aliases.join(', '),
      ]),
    ),
  ];
}

function toType({ type, lookupTable, options }: Column): string {
  if (lookupTable !== undefined) return `relation → ${lookupTable}`;
  return options === undefined ? type : `${type}: ${options.join(', ')}`;
}

function toTraits({ isOptional, isKey, isDisplay }: Column): string {
  const traits = [
    isOptional && 'optional',
    isKey === true && 'key',
    isDisplay === true && 'display',
  ];
  return traits.filter((trait) => trait !== false).join(', ');
}
