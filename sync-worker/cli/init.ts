import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import {
  type ColumnSpec,
  FOUNDER_HQ_TABLES,
  readBinding,
  readLedgerRows,
} from '#shared/doc/index.ts';
import { DomainError } from '#shared/kernel/index.ts';
import { adoptCopy } from './adopt-copy.ts';
import { type Connection, connect, parseDocId } from './connection.ts';
import { givenNewPath } from './given-path.ts';
import { openDocStore } from './open-store.ts';
import { runTicks, type TicksReport } from './run-ticks.ts';
import { addSetUp, type DocSetUp, keepSetUp } from './set-up.ts';
import { addStoreOption, type StoreOptions, toPlace } from './store-option.ts';
import { parseZone } from './zone-option.ts';

const TITLES_SHOWN = 20;

interface InitFlags extends StoreOptions {
  readonly csv?: true;
  readonly columns?: true;
  readonly adopt?: true;
  readonly seal?: true;
  readonly apply?: true;
  readonly doc?: string;
  readonly add?: true;
  readonly zone?: string;
  readonly tokenFile?: string;
  readonly tokenCommand?: readonly string[];
  readonly out: string;
  readonly force?: true;
  readonly json?: true;
}

/** The tables a founder's doc does not have yet, and the file each is imported from. */
const FILES = [
  { table: 'Ledger', file: 'Ledger.csv' },
  { table: 'execution_runs', file: 'Execution Runs.csv' },
] as const;

const TOKEN_HELP = `
A token is never an option: who else uses this computer sees a command line. It comes from CODA_API_TOKEN, else
from the file or program that is settled here:
  --token-file ~/.config/founder-hq/token        (chmod 600)
  --token-command pass show founder-hq/token     (last on the line: all that follows is the program's)`;

/** Adds `founder-hq init`: what a doc needs before the first pass. */
export function registerInit(program: Command): void {
  const init = program
    .command('init')
    .summary('settle which doc this folder is about, and make the tables it needs')
    .description(
      'With --doc, settles in `.founder-hq/config.json` what the other commands go by; it holds no secret. With --csv, writes one CSV file a table: in Coda type /import, choose CSV, pick the file, and keep the table’s name. With --columns, lists the columns that may be there and are used where they are.',
    )
    .option('--doc <url or id>', 'the doc of this folder')
    .option('--add', 'let a pass serve this doc too, beside the one of this folder')
    .option('--zone <zone>', 'whose days count where the doc does not tell its own', parseZone)
    .option('--token-file <path>', 'a file of yours alone with the token')
    .option('--token-command <words...>', 'a program that prints the token; no shell is used')
    .option('--csv', 'write the CSV files')
    .option('--columns', 'list the optional columns, with the type or formula of each')
    .option('--adopt', 'show what a copied doc brought along in its Ledger table')
    .option('--seal', 'show the presses that wait since before there was a worker')
    .option('--apply', 'do what --adopt or --seal show: drop those rows, decide those presses')
    .option('--out <folder>', 'where the files go', 'founder-hq-tables')
    .option('--force', 'write over files that are there')
    .option('--json', 'print one JSON object')
    .addHelpText('after', TOKEN_HELP)
    .addHelpText(
      'after',
      '\nExample:\n  npm run -s founder-hq -- init --csv --doc https://coda.io/d/Founder-HQ_dAbCdEfGhIj --zone Europe/Berlin',
    );
  addStoreOption(init).action(async (flags: InitFlags, command: Command) => {
    const { store, ...rest } = flags;
    // What the surroundings say is there for every command, and may hold a password.
    const isTyped = command.getOptionValueSource('store') === 'cli';
    // Here --doc only names the doc, and settles nothing.
    if (flags.adopt === true) await adopt(flags);
    else if (flags.seal === true) await seal(flags);
    else run(isTyped && store !== undefined ? { ...rest, store } : rest);
  });
}

function run(flags: InitFlags): void {
  const { csv, columns, doc } = flags;
  if (csv !== true && columns !== true && doc === undefined) {
    throw new DomainError(
      'NOTHING_ASKED',
      'Say what to make: `npm run -s founder-hq -- init --doc URL --csv` settles the doc and writes the tables as CSV files.',
    );
  }
  const begun: Begun = {
    settled: doc === undefined ? undefined : settle(doc, flags),
    made: csv === true ? writeTables(flags) : [],
    optional: columns === true ? listOptionalColumns() : [],
  };
  const text = flags.json === true ? JSON.stringify(toJson(begun)) : describe(begun).join('\n');
  process.stdout.write(`${text}\n`);
}

interface Begun {
  readonly settled: Settled | undefined;
  readonly made: readonly MadeTable[];
  readonly optional: readonly OptionalColumn[];
}

function toJson({ settled, made, optional }: Begun): unknown {
  const tables = made.map(({ table, path, columns }) => ({
    table,
    path,
    columns: columns.map(({ name, type }) => ({ name, type })),
  }));
  // What only makes tables was one list before there was more to tell.
  const isTables = settled === undefined && optional.length === 0;
  return isTables ? tables : { ...settled, tables, optional };
}

const describe = ({ settled, made, optional }: Begun): readonly string[] => [
  ...(settled === undefined ? [] : [`${settled.file}: doc ${settled.setUp.doc}`]),
  ...made.flatMap(describeTable),
  ...describeOptional(optional),
  ...(made.length === 0 ? [] : [NEXT_IMPORT]),
  ...(settled === undefined ? [] : [NEXT_DOCTOR]),
];

const NEXT_IMPORT =
  'Import each file into your doc as a table of the same name, set the types above, then run `npm run -s founder-hq -- sync --doc URL`.';
const NEXT_DOCTOR = 'See whether all is sound: npm run -s founder-hq -- doctor';

interface Settled {
  readonly file: string;
  readonly setUp: DocSetUp;
}

/** Settles what commands in this folder go by; a server is named without its password. */
function settle(doc: string, flags: InitFlags): Settled {
  const { store = '', zone, tokenFile, tokenCommand, add } = flags;
  if ((URL.parse(store)?.password ?? '') !== '') {
    throw new DomainError(
      'STORE_WITH_PASSWORD',
      'The server’s password would lie in a file: leave it out of --store, and set PGPASSWORD or FOUNDER_HQ_STORE instead.',
    );
  }
  const setUp: DocSetUp = {
    doc: parseDocId(doc),
    ...(store === '' ? {} : { store }),
    ...(zone === undefined ? {} : { zone }),
    ...(tokenFile === undefined ? {} : { tokenFile: givenNewPath(tokenFile) }),
    ...(tokenCommand === undefined ? {} : { tokenCommand: [...tokenCommand] }),
  };
  return { file: add === true ? addSetUp(setUp) : keepSetUp(setUp), setUp };
}

interface MadeTable {
  readonly table: string;
  readonly path: string;
  readonly columns: readonly ColumnSpec[];
}

function writeTables({ out, force }: InitFlags): readonly MadeTable[] {
  mkdirSync(out, { recursive: true });
  return FILES.map(({ table, file }) => {
    const path = join(out, file);
    if (existsSync(path) && force !== true) {
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
}

const describeTable = ({ path, columns }: MadeTable): readonly string[] => [
  `${path}: ${columns.length} columns`,
  ...columns
    .filter(({ type }) => type !== 'text')
    .map((column) => `  set the type of ${column.name} to ${describeType(column)}`),
];

interface OptionalColumn {
  readonly table: string;
  readonly column: string;
  readonly type: string;
  /** Who fills it. */
  readonly filledBy: string;
}

const FILLED_BY: Readonly<Record<ColumnSpec['owner'], string>> = {
  doc: 'you',
  ledger: 'the worker',
  derived: 'the worker',
  auto: 'a formula of the doc',
};

/** The columns that are used where they are and not missed where they are not. */
const listOptionalColumns = (): readonly OptionalColumn[] =>
  FOUNDER_HQ_TABLES.flatMap(({ name: table, columns }) =>
    columns
      .filter(({ isOptional }) => isOptional)
      .map((column) => ({
        table,
        column: column.name,
        type: describeType(column),
        filledBy: FILLED_BY[column.owner],
      })),
  );

function describeOptional(columns: readonly OptionalColumn[]): readonly string[] {
  const tables = [...new Set(columns.map(({ table }) => table))];
  return tables.flatMap((table) => [
    `${table}:`,
    ...columns
      .filter((one) => one.table === table)
      .map(({ column, type, filledBy }) => `  ${column}: ${type}, filled by ${filledBy}`),
  ]);
}

function describeType({ type, unit, lookupTable, options }: ColumnSpec): string {
  if (lookupTable !== undefined) return `a relation to ${lookupTable}`;
  if (options !== undefined) return `${type} (${options.join(', ')})`;
  return unit === undefined || type !== 'number' ? type : `${type} (${unit})`;
}

async function adopt(flags: InitFlags): Promise<void> {
  const connection = await connect(flags, { env: process.env });
  const adoption = await adoptCopy(connection, { isApplied: flags.apply === true });
  const { from, kinds, titles, isApplied } = adoption;
  const counts = Object.entries(kinds).map(([kind, count]) => `${count} ${kind}`);
  const shown = titles.slice(0, TITLES_SHOWN).map((title) => `  ${title}`);
  const rest = titles.length - shown.length;
  const text = [
    `${titles.length} rows of the Ledger table came along from doc ${from}: ${counts.join(', ')}`,
    ...shown,
    ...(rest > 0 ? [`  and ${rest} more`] : []),
    isApplied
      ? 'They are dropped; the ledger of the other doc keeps them all.'
      : 'Nothing was changed. Drop them with --apply; the ledger of the other doc keeps them all.',
  ];
  process.stdout.write(`${flags.json === true ? JSON.stringify(adoption) : text.join('\n')}\n`);
}

async function seal(flags: InitFlags): Promise<void> {
  const connection = await connect(flags, { env: process.env });
  const waiting = await listPresses(connection);
  const pass = flags.apply === true ? await decideAll(connection, flags) : undefined;
  const text = [
    `${waiting.length} presses of buttons wait to be decided`,
    ...waiting.slice(0, TITLES_SHOWN).map((title) => `  ${title}`),
    pass === undefined
      ? 'Nothing was changed. Decide them all with --apply; each is settled once, and its run is published.'
      : `${pass.commands} commands decided, ${pass.last.waiting} waiting; ${pass.events} events added to the ledger`,
  ];
  const json = { waiting, ...(pass === undefined ? {} : { decided: pass.commands }) };
  process.stdout.write(`${flags.json === true ? JSON.stringify(json) : text.join('\n')}\n`);
}

/** What people asked for and nobody has decided, as they know it. Errors: those of the API. */
async function listPresses({ api, docId }: Connection): Promise<readonly string[]> {
  const binding = await readBinding(api, docId, { tables: ['Ledger'] });
  const rows = await readLedgerRows({ api, docId, binding });
  return rows.filter(({ kind }) => kind === 'command').map(({ title, at }) => `${at}  ${title}`);
}

async function decideAll(connection: Connection, flags: InitFlags): Promise<TicksReport> {
  const store = await openDocStore(connection.docId, flags);
  try {
    return await runTicks(connection, store, toPlace(flags));
  } finally {
    await store.close();
  }
}
