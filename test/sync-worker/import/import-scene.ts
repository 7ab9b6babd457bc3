import { Readable } from 'node:stream';
import { type CodaTransport, createCodaApi } from '#shared/coda/index.ts';
import { FOUNDER_HQ_TABLES } from '#shared/doc/index.ts';
import { createPacedTransport } from '#worker/coda/index.ts';
import { type ImportDoc, type ImportReport, importHistory } from '#worker/import/index.ts';
import {
  createDocFromTables,
  type LocalDoc,
  type LocalDocOptions,
} from '#worker/local-doc/index.ts';

/** The header of {@link fileOf}. */
export const HEADER =
  'task_id,workflow,project,person,estimated_hours,actual_hours,estimated_on,started_on,completed_on';
/** The tables an import writes. */
export const TABLES = ['workflows', 'projects', 'people', 'tasks', 'execution_runs'];

/** A file of `count` tasks over three workflows, two projects and two people. */
export const fileOf = (count: number): string =>
  [
    HEADER,
    ...Array.from({ length: count }, (_, at) => {
      const day = `2026-03-${String((at % 28) + 1).padStart(2, '0')}`;
      return `T${at},@audit ${at % 3},=Acme ${at % 2},Dana ${at % 2},${at % 5},${at / 4},${day},${day},${day}`;
    }),
  ].join('\n');

/** A doc, a clock that only waiting moves, and an import into it. */
export function createScene(options: Partial<LocalDocOptions> = {}) {
  let nowMs = Date.UTC(2026, 4, 1);
  let sentAt: number | undefined;
  const isStrict = options.profile === 'strict';
  const clock = () => nowMs;
  const wait = async (ms: number) => {
    nowMs += ms;
  };
  const doc = createDocFromTables(FOUNDER_HQ_TABLES, { seed: 7, clock, ...options });
  const load = (
    file: string,
    change: Partial<ImportDoc> & { transport?: CodaTransport } = {},
  ): Promise<ImportReport> => {
    const { transport: carrier = doc.transport, ...rest } = change;
    const buckets = isStrict ? {} : ({ buckets: 'unlimited' } as const);
    const { transport } = createPacedTransport(carrier, {
      clock,
      wait,
      random: () => 0,
      ...buckets,
    });
    const sentMark = {
      lastSentAt: async () => sentAt,
      noteSent: async (atMs: number) => {
        sentAt = atMs;
      },
    };
    return importHistory({
      source: Readable.from([Buffer.from(file)]),
      doc: {
        api: createCodaApi(transport),
        docId: doc.docId,
        clock,
        wait,
        lagMs: isStrict ? 400_000 : 0,
        sentMark,
        ...rest,
      },
    });
  };
  return { doc, load, wait };
}

/** Everything the five tables say, whatever the order of rows; relations by the names they show. */
export const digestOf = (doc: LocalDoc): readonly string[] =>
  TABLES.flatMap((table) =>
    doc.person.readRows(table).map(({ cells }) => `${table} ${JSON.stringify(cells)}`),
  ).toSorted();
