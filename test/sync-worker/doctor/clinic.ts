import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { text } from 'node:stream/consumers';
import { afterAll, onTestFinished, vi } from 'vitest';
import { type ColumnSpec, FOUNDER_HQ_TABLES, type TableSpec } from '#shared/doc/index.ts';
import { registerDoctor } from '#worker/cli/doctor.ts';
import { registerSync } from '#worker/cli/sync.ts';
import type { Examination } from '#worker/doctor/index.ts';
import {
  createLocalDoc,
  type LocalDocOptions,
  type TokenGrant,
  type TypedCells,
} from '#worker/local-doc/index.ts';
import { runCommand } from '../cli/run-command.ts';

const STATE = '.founder-hq';
/** A token as the guide asks for: for this doc alone. */
const OWN: TokenGrant = { token: 'only-this-doc', isForDoc: true };
const GRANTS: readonly TokenGrant[] = [
  OWN,
  { token: 'every-doc' },
  { token: 'tasks-only', table: 'tasks' },
  { token: 'reads-only', access: 'read' },
  { token: 'writes-only', access: 'write' },
];

/** Founder HQ's tables with some columns of one changed; one changed to undefined is left out. */
export const withColumn = (
  table: string,
  column: string,
  change: Partial<ColumnSpec> | undefined,
): readonly TableSpec[] =>
  FOUNDER_HQ_TABLES.map((spec) =>
    spec.name === table
      ? {
          ...spec,
          columns: spec.columns.flatMap((one) => {
            if (one.name !== column) return [one];
            return change === undefined ? [] : [{ ...one, ...change }];
          }),
        }
      : spec,
  );

export type Clinic = Awaited<ReturnType<typeof openClinic>>;

const home = process.cwd();
afterAll(() => process.chdir(home));

/** A sound set-up of its own: a doc that is served, a folder, and a token for that doc. */
export async function openClinic(options: Partial<LocalDocOptions> = {}) {
  const doc = createLocalDoc({
    file: ':memory:',
    profile: 'instant',
    tables: FOUNDER_HQ_TABLES,
    people: [{ name: 'Founder', email: 'worker@example.com' }],
    tokens: GRANTS,
    ...options,
  });
  const server = await doc.listen();
  const folder = mkdtempSync(join(tmpdir(), 'founder-hq-doctor-'));
  const file = (name: string) => join(folder, STATE, name);
  mkdirSync(join(folder, STATE), { mode: 0o700 });
  const { docId, token } = doc;
  const state = { baseUrl: server.baseUrl, docId, token, profile: 'instant' };
  writeFileSync(file('local-doc.json'), JSON.stringify(state), { mode: 0o600 });
  process.chdir(folder);
  vi.stubEnv('CODA_API_TOKEN', OWN.token);
  onTestFinished(async () => {
    vi.unstubAllEnvs();
    process.chdir(home);
    await server.close();
    doc.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const { person } = doc;
  const add = (table: string, cells: TypedCells) => person.insertRow(table, cells);
  add('people', { name: 'Dana', email: 'dana@example.com' });
  add('workflows', { name: 'Audit', external_id: 'W1', status: 'Active' });
  add('process_templates', { name: 'Audit v1', workflow: 'Audit' });
  add('projects', { name: 'Acme', process_template: 'Audit v1' });
  const work = { project: 'Acme', status: 'Done', estimated_hours: 2 };
  add('tasks', { name: 'Interview', external_id: 'T1', ...work });
  add('execution_runs', { run_id: 'R1', task: 'Interview', actual_hours: 3 });

  const ledger = file(`ledger-${docId}.db`);
  return {
    doc,
    docId,
    folder,
    file,
    ledger,
    person,
    add,
    baseUrl: server.baseUrl,
    /** A pass, which makes a ledger. */
    sync: () => runCommand(registerSync, ['sync', '--doc', docId]),
    /** What the doctor finds, as a program reads it. */
    async ask(...words: readonly string[]) {
      const argv = words.includes('--doc') ? words : ['--doc', docId, ...words];
      const { code, out, err } = await runCommand(registerDoctor, ['doctor', ...argv, '--json']);
      const told: Examination = JSON.parse(out);
      return { ...told, code, err };
    },
    env: (name: string, value: string) => vi.stubEnv(name, value),
    rowId: (table: string, column: string, value: string) =>
      person.readRows(table).find(({ cells }) => cells[column] === value)?.rowId ?? '',
    /** Rows of the doctor's own that are left in the doc. */
    probes: () => person.readRows('Ledger').filter(({ cells }) => cells['kind'] === 'probe'),
    /** Changes the ledger's file behind its back. */
    meddle(sql: string) {
      const database = new DatabaseSync(ledger);
      database.exec(sql);
      database.close();
    },
  };
}

type Respond = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

/** Serves something that stands where the API should be, until the test is over, and answers its address. */
async function serveInstead(respond: Respond): Promise<string> {
  const { address, close } = await serve(respond);
  onTestFinished(close);
  return address;
}

/** An address where a server was, and is no more. */
export async function addressOfNobody(): Promise<string> {
  const { address, close } = await serve(async () => {});
  await close();
  return address;
}

async function serve(respond: Respond) {
  const server = createServer((request, response) => {
    respond(request, response).catch(() => request.destroy());
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const bound = server.address();
  return {
    address: `http://127.0.0.1:${typeof bound === 'object' ? bound?.port : ''}/apis/v1`,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** A page in place of every answer. */
export const servePage = (status: number, headers: Readonly<Record<string, string>> = {}) =>
  serveInstead(async (_, response) => {
    response.writeHead(status, { 'content-type': 'text/html', ...headers });
    response.end('<html><body>Please sign in to this network.</body></html>');
  });

/** Passes all on to the doc, and lets what it says of itself be changed. */
export const serveThrough = (
  { baseUrl, docId }: Pick<Clinic, 'baseUrl' | 'docId'>,
  change: {
    readonly doc?: Readonly<Record<string, unknown>>;
    /** The time the server tells, none where it is null. */
    readonly date?: string | null;
  },
) =>
  serveInstead(async (request, response) => {
    const path = (request.url ?? '').replace('/apis/v1', '');
    const { method = 'GET', headers } = request;
    const body = await text(request);
    const answer = await fetch(`${baseUrl}${path}`, {
      method,
      headers: {
        authorization: headers.authorization ?? '',
        'content-type': headers['content-type'] ?? 'application/json',
      },
      ...(body === '' ? {} : { body }),
    });
    const told = await answer.text();
    const isDoc = path === `/docs/${docId}` && change.doc !== undefined;
    response.sendDate = change.date === undefined;
    const date = typeof change.date === 'string' ? { date: change.date } : {};
    response.writeHead(answer.status, { 'content-type': 'application/json', ...date });
    response.end(isDoc ? JSON.stringify({ ...JSON.parse(told), ...change.doc }) : told);
  });
