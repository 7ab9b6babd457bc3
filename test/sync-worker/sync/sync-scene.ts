import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { createCodaApi } from '#shared/coda/index.ts';
import { FOUNDER_HQ_TABLES } from '#shared/doc/index.ts';
import {
  type Command,
  type CorrectionData,
  createCommand,
  toCommandRow,
} from '#shared/ledger/index.ts';
import { createPacedTransport } from '#worker/coda/index.ts';
import { createLocalDoc, type LocalDocOptions, type TypedCells } from '#worker/local-doc/index.ts';
import { openSqliteStore, sha256 } from '#worker/store/index.ts';
import { openTarget, type TickOptions, type TickReport, tick } from '#worker/sync/index.ts';

/** Monday morning, when a scene begins. */
export const NINE = Date.UTC(2026, 4, 4, 9);
/** Who presses the buttons. */
const DANA = { name: 'Dana', email: 'dana@studio.example' };
const STRICT_LAG_MS = 400_000;

type Draft = { readonly task?: string; readonly note?: string; readonly atMs?: number };

/** A doc with one workflow and one task, a worker beside it, and a clock that only waiting moves. */
export async function createSyncScene(options: Partial<LocalDocOptions> = {}) {
  let nowMs = NINE;
  const clock = () => nowMs;
  const wait = async (ms: number) => {
    nowMs += ms;
  };
  const folder = mkdtempSync(join(tmpdir(), 'founder-hq-sync-'));
  const isStrict = options.profile === 'strict';
  const doc = createLocalDoc({
    file: ':memory:',
    profile: 'instant',
    tables: FOUNDER_HQ_TABLES,
    people: [DANA],
    seed: 7,
    clock,
    ...options,
  });
  const pacing = isStrict ? {} : ({ buckets: 'unlimited' } as const);
  const paced = createPacedTransport(doc.transport, { clock, wait, random: () => 0, ...pacing });
  const api = createCodaApi(paced.transport);
  const store = await openSqliteStore({ file: join(folder, 'ledger.db') });
  onTestFinished(async () => {
    await store.close();
    doc.close();
    rmSync(folder, { recursive: true });
  });

  const lagMs = isStrict ? STRICT_LAG_MS : 0;
  const base = isStrict ? {} : { holdMs: 0 };
  const runTick = async (change: Partial<TickOptions> = {}): Promise<TickReport> => {
    const target = change.target ?? (await openTarget(api, doc.docId));
    const { guardWrites } = paced;
    return tick({ store, target, clock, wait, lagMs, guardWrites, ...base, ...change });
  };
  /** Ticks, and lets time pass between them, until the doc shows all the ledger says. */
  const settle = async (): Promise<TickReport> => {
    for (let left = 20; left > 0; left -= 1) {
      const report = await runTick();
      if (report.isSettled) return report;
      nowMs += lagMs + 1;
    }
    throw new Error('the ticks do not come to an end');
  };

  const insert = (command: Command) => {
    doc.person.insertRow('Ledger', { ...toCommandRow(command, `${command.type} · Dana`) });
    return command.key;
  };
  /** A button pressed now by Dana, inserted as the Pack inserts it. */
  const press = (
    type: 'StartRun' | 'PauseRun' | 'ResumeRun' | 'FinishRun',
    { task = 'Interview', note, atMs = nowMs }: Draft = {},
  ) => {
    const data = { task, person: 'Dana', ...(note === undefined ? {} : { note }) };
    return insert(createCommand({ type, data, atMs, by: DANA.email }, sha256));
  };
  const logHours = (hours: number, day: string, entry = 1) => {
    const data = { task: 'Interview', person: 'Dana', hours, day, note: 'by hand', entry };
    return insert(createCommand({ type: 'LogHours', data, atMs: nowMs, by: DANA.email }, sha256));
  };

  const correct = (data: CorrectionData) =>
    insert(createCommand({ type: 'CorrectRun', data, atMs: nowMs, by: DANA.email }, sha256));

  const add = (table: string, cells: TypedCells) => doc.person.insertRow(table, cells);
  const rows = (table: string) => doc.person.readRows(table).map(({ cells }) => cells);
  const rowOf = (table: string, column: string, value: string) => {
    const found = doc.person.readRows(table).find(({ cells }) => cells[column] === value);
    if (found === undefined) throw new Error(`no row of ${table} has ${column} ${value}`);
    return found;
  };
  const outcomeOf = (key: string) =>
    rows('Ledger').find((row) => row['key'] === key && row['kind'] === 'settled')?.['outcome'];

  add('people', { name: 'Dana', email: DANA.email });
  add('workflows', { name: 'Audit', external_id: 'W1', status: 'Active' });
  add('process_templates', { name: 'Audit v1', workflow: 'Audit' });
  add('projects', { name: 'Acme', process_template: 'Audit v1' });
  const task = { project: 'Acme', estimated_hours: 2 };
  add('tasks', { name: 'Interview', external_id: 'T1', status: 'In progress', ...task });
  await wait(isStrict ? STRICT_LAG_MS : 0);
  const parts = { doc, api, store, clock, wait, folder, counts: paced.counts };
  return { ...parts, runTick, settle, press, logHours, correct, add, rows, rowOf, outcomeOf };
}
