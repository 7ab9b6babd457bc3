import * as z from 'zod/mini';
import { pack } from '../pack/pack.ts';
import { type Page, toPage, toTable } from './page.ts';

/** The SDK types a finished schema's properties as unknown. */
const PROPERTIES = z.record(z.string(), z.object({ description: z.string() }));

type Block = Pick<
  (typeof pack.formulas)[number],
  'name' | 'description' | 'parameters' | 'examples'
>;

/** Every block of the Pack, in the words that the doc's formula editor shows. */
export function toPackPage(): Page {
  const buttons = pack.formulas.filter(({ isAction }) => isAction === true);
  const formulas = pack.formulas.filter(({ isAction }) => isAction !== true);
  return toPage('docs/reference/pack.md', '`pack/pack.ts`', [
    '# Blocks of the Pack',
    ...toPart('Sync tables', pack.syncTables.flatMap(toTableSection)),
    ...toPart('Formulas', formulas.flatMap(toBlockSection)),
    ...toPart('Buttons', buttons.flatMap(toBlockSection)),
  ]);
}

const toPart = (title: string, lines: readonly string[]): readonly string[] =>
  lines.length === 0 ? [] : ['', `## ${title}`, ...lines];

function toBlockSection({ name, description, parameters, examples }: Block): readonly string[] {
  const words = parameters.map((parameter) =>
    parameter.optional === true ? `${parameter.name}?` : parameter.name,
  );
  return [
    '',
    `### ${name}(${words.join(', ')})`,
    '',
    description,
    '',
    ...toTable(
      ['parameter', 'meaning'],
      parameters.map((parameter) => [parameter.name, parameter.description]),
    ),
    ...(examples ?? []).flatMap(({ params, result }) => [
      '',
      `    ${name}(${params.map(toText).join(', ')}) → ${toText(result)}`,
    ]),
  ];
}

function toTableSection(table: (typeof pack.syncTables)[number]): readonly string[] {
  const { name, description = '', getter, schema } = table;
  const properties = Object.entries(PROPERTIES.parse(schema.properties));
  return [
    ...toBlockSection({ name, description, parameters: getter.parameters, examples: [] }),
    '',
    ...toTable(
      ['column', 'meaning'],
      properties.map(([property, { description: meaning }]) => [property, meaning]),
    ),
  ];
}

const toText = (value: unknown): string => JSON.stringify(value) ?? '';
