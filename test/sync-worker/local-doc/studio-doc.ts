import type { CodaAnswer, CodaRequest } from '#shared/coda/index.ts';
import {
  type Behaviour,
  createLocalDoc,
  type LocalDoc,
  type LocalDocOptions,
  type TableSpec,
} from '#worker/local-doc/index.ts';

/** One column of every type, and a relation. */
const STUDIO_TABLES: readonly TableSpec[] = [
  {
    name: 'projects',
    columns: [
      { name: 'name', type: 'text', isDisplay: true },
      { name: 'secret', type: 'text', isHidden: true },
    ],
  },
  {
    name: 'tasks',
    columns: [
      { name: 'name', type: 'text', isDisplay: true },
      { name: 'external_id', type: 'text' },
      { name: 'project', type: 'lookup', lookupTable: 'projects' },
      { name: 'projects', type: 'lookup', lookupTable: 'projects', isArray: true },
      { name: 'hours', type: 'number' },
      { name: 'share', type: 'percent' },
      { name: 'price', type: 'currency', currencyCode: 'USD' },
      { name: 'done', type: 'checkbox' },
      { name: 'due', type: 'date' },
      { name: 'started', type: 'dateTime' },
      { name: 'effort', type: 'duration' },
      { name: 'status', type: 'select', options: ['Open', 'Done'] },
      { name: 'tags', type: 'select', options: ['a', 'b'], isArray: true },
      { name: 'owner', type: 'person' },
      { name: 'page', type: 'link' },
      { name: 'picture', type: 'imageReference' },
      { name: 'count', type: 'number', isCalculated: true },
      { name: 'finish', type: 'button', press: { status: 'Done', done: true } },
    ],
  },
];

/** A moment to begin at: 2025-12-01T09:00Z. */
export const START_MS = Date.UTC(2025, 11, 1, 9);

/** A local doc in memory on a clock of the test's own, and short ways to ask it. */
export interface StudioDoc {
  readonly doc: LocalDoc;
  /** Lets time pass. */
  wait(ms: number): void;
  ask(method: CodaRequest['method'], path: string, rest?: Ask): Promise<CodaAnswer>;
  /** The path of a table below the doc. */
  rowsOf(table: string): string;
  /** Inserts rows of cells by column name. */
  insert(table: string, rows: readonly Cells[], rest?: Insert): Promise<CodaAnswer>;
  /** All rows that reads see, by column name. */
  list(table: string, query?: Query): Promise<readonly Row[]>;
}

type Cells = Readonly<Record<string, unknown>>;
type Query = Readonly<Record<string, string>>;
interface Ask {
  readonly query?: Query;
  readonly body?: unknown;
}
interface Insert {
  readonly keyColumns?: readonly string[];
  readonly query?: Query;
}

/** A row of a list answer. */
export interface Row {
  readonly id: string;
  readonly name: string;
  readonly updatedAt: string;
  readonly values: Readonly<Record<string, unknown>>;
}

/** The body of an answer, as loosely as a test reads it. */
export const bodyOf = (answer: CodaAnswer): Record<string, unknown> =>
  answer.body as Record<string, unknown>;

/** Cells as the API takes them. */
export const toCells = (cells: Cells) =>
  Object.entries(cells).map(([column, value]) => ({ column, value }));

/** The same steps under both settings of one switch: what each shows stands side by side. */
export async function bothWays<Seen>(
  on: Partial<Behaviour>,
  off: Partial<Behaviour>,
  see: (doc: StudioDoc) => Promise<Seen>,
): Promise<{ readonly on: Seen; readonly off: Seen }> {
  return {
    on: await see(createStudioDoc({ behaviour: on })),
    off: await see(createStudioDoc({ behaviour: off })),
  };
}

/** A studio's doc. */
export function createStudioDoc(options: Partial<LocalDocOptions> = {}): StudioDoc {
  let nowMs = START_MS;
  const doc = createLocalDoc({
    file: ':memory:',
    profile: 'instant',
    seed: 7,
    tables: STUDIO_TABLES,
    views: [{ name: 'open tasks', viewOf: 'tasks', filter: { column: 'status', text: 'Open' } }],
    people: [{ name: 'Dana', email: 'dana@example.com' }],
    clock: () => nowMs,
    ...options,
  });
  const ask: StudioDoc['ask'] = (method, path, rest = {}) =>
    doc.transport({ method, path: path.replace('/doc/', `/docs/${doc.docId}/`), ...rest });
  const rowsOf = (table: string) => `/docs/${doc.docId}/tables/${encodeURIComponent(table)}/rows`;
  return {
    doc,
    ask,
    rowsOf,
    wait(ms) {
      nowMs += ms;
    },
    insert: (table, rows, { keyColumns, query } = {}) =>
      ask('POST', rowsOf(table), {
        body: { rows: rows.map((cells) => ({ cells: toCells(cells) })), keyColumns },
        ...(query === undefined ? {} : { query }),
      }),
    async list(table, query = {}) {
      const answer = await ask('GET', rowsOf(table), {
        query: { useColumnNames: 'true', limit: '500', ...query },
      });
      return bodyOf(answer)['items'] as Row[];
    },
  };
}
