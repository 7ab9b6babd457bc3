import { createCodaApi } from '#shared/coda/index.ts';
import { FOUNDER_HQ_TABLES } from '#shared/doc/index.ts';
import { createDocFromTables } from '#worker/local-doc/index.ts';
import { openSqliteStore, type Store } from '#worker/store/index.ts';
import {
  importTime,
  readTimeCsv,
  type TimeCsv,
  type TimeOptions,
  type TimeReading,
} from '#worker/time/index.ts';

/** The bytes of a text, each time anew. */
const textOf = (text: string) =>
  async function* () {
    yield Buffer.from(text);
  };

/** Reads a text as the export of a tracker, its clocks in Berlin. */
export const read = (text: string, more: Partial<TimeCsv> = {}): Promise<TimeReading> =>
  readTimeCsv({ open: textOf(text), timeZone: 'Europe/Berlin', ...more });

/** A doc with a project of two tasks and two people, its ledger, and imports into it. */
export async function createTimeScene(file: string) {
  const doc = createDocFromTables(FOUNDER_HQ_TABLES);
  const { person } = doc;
  person.insertRow('projects', { name: 'Audit Acme' });
  person.insertRow('people', { name: 'Dana Reed', email: 'dana@acme.example' });
  person.insertRow('people', { name: 'Sam Ode', email: 'sam@acme.example' });
  const tasks = [
    { name: 'Interviews', external_id: 'T-1', estimated_hours: 2 },
    { name: 'Report', external_id: 'T-2' },
  ];
  for (const task of tasks) person.insertRow('tasks', { project: 'Audit Acme', ...task });
  const store: Store = await openSqliteStore({ file });
  const target = {
    api: createCodaApi(doc.transport),
    docId: doc.docId,
    store,
    load: { clock: () => 0, wait: async () => {}, lagMs: 0 },
  };
  return {
    doc,
    store,
    bring: (reading: TimeReading, options: TimeOptions = {}) =>
      importTime(reading, target, options),
    runs: () => person.readRows('execution_runs'),
    close: async () => {
      await store.close();
      doc.close();
    },
  };
}
