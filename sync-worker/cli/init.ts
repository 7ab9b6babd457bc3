import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import { type ColumnSpec, FOUNDER_HQ_TABLES } from '#shared/doc/index.ts';
import { DomainError } from '#shared/kernel/index.ts';

interface InitFlags {
  readonly csv?: true;
  readonly out: string;
  readonly force?: true;
  readonly json?: true;
}

/** The tables a founder's doc does not have yet, and the file each is imported from. */
const FILES = [
  { table: 'Ledger', file: 'Ledger.csv' },
  { table: 'execution_runs', file: 'Execution Runs.csv' },
] as const;

/** Adds `founder-hq init`: what a doc needs before the first pass. */
export function registerInit(program: Command): void {
  program
    .command('init')
    .summary('make the tables a real doc needs, as CSV files to import')
    .description(
      'Writes one CSV file a table. In Coda: type /import, choose CSV, pick the file, and keep the table’s name. Then set the column types that are listed.',
    )
    .option('--csv', 'write the CSV files')
    .option('--out <folder>', 'where they go', 'founder-hq-tables')
    .option('--force', 'write over files that are there')
    .option('--json', 'print one JSON object')
    .addHelpText('after', '\nExample:\n  npm run -s founder-hq -- init --csv')
    .action(run);
}

function run(flags: InitFlags): void {
  if (flags.csv !== true) {
    throw new DomainError(
      'NOTHING_ASKED',
      'Say what to make: `npm run -s founder-hq -- init --csv` writes the tables as CSV files.',
    );
  }
  mkdirSync(flags.out, { recursive: true });
  const made = FILES.map(({ table, file }) => {
    const path = join(flags.out, file);
    if (existsSync(path) && flags.force !== true) {
      throw new DomainError(
        'FILE_EXISTS',
        `\`${path}\` is there already: move it, or add --force.`,
      );
    }
    const columns: readonly ColumnSpec[] =
      FOUNDER_HQ_TABLES.find(({ name }) => name === table)?.columns ?? [];
    // A header alone: Coda makes every column text, which is what the Ledger must stay.
    writeFileSync(path, `${columns.map(({ name }) => name).join(',')}\r\n`);
    return { table, path, columns };
  });
  const lines = made.flatMap(({ path, columns }) => [
    `${path}: ${columns.length} columns`,
    ...columns
      .filter(({ type }) => type !== 'text')
      .map((column) => `  set the type of ${column.name} to ${describeType(column)}`),
  ]);
  const next =
    'Import each file into your doc as a table of the same name, set the types above, then run `npm run -s founder-hq -- sync --doc URL`.';
  const json = made.map(({ table, path, columns }) => ({
    table,
    path,
    columns: columns.map(({ name, type }) => ({ name, type })),
  }));
  process.stdout.write(
    flags.json === true ? `${JSON.stringify(json)}\n` : `${[...lines, next].join('\n')}\n`,
  );
}

function describeType({ type, lookupTable, options }: ColumnSpec): string {
  if (lookupTable !== undefined) return `a relation to ${lookupTable}`;
  return options === undefined ? type : `${type} (${options.join(', ')})`;
}
