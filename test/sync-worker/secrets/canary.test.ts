import { mkdirSync, readFileSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { FOUNDER_HQ_TABLES } from '#shared/doc/index.ts';
import { createCommand, toCommandRow } from '#shared/ledger/index.ts';
import { registerBackup } from '#worker/cli/backup.ts';
import { registerDoctor } from '#worker/cli/doctor.ts';
import { registerExport } from '#worker/cli/export.ts';
import { registerImport } from '#worker/cli/import.ts';
import { registerInit } from '#worker/cli/init.ts';
import { registerMigrate } from '#worker/cli/migrate.ts';
import { registerObserve } from '#worker/cli/observe.ts';
import { type Register, runProgram } from '#worker/cli/program.ts';
import { registerReport } from '#worker/cli/report.ts';
import { registerStatus } from '#worker/cli/status.ts';
import { registerSync } from '#worker/cli/sync.ts';
import { learnSecretsOf } from '#worker/secrets/index.ts';
import { sha256 } from '#worker/store/index.ts';
import { useServedDoc } from '../cli/served-doc.ts';
import { ECHOES, findTraces, findTracesIn, PASSWORD, TOKEN } from './canary.ts';
import { serveEchoes, serveLoudDatabase } from './echoing-server.ts';

// A minute of patience with a service that says "later" is a moment here: the clock goes on by as much as is waited for.
vi.mock('#worker/coda/wait.ts', () => ({
  waitOnTimer: async (ms: number) => void vi.setSystemTime(Date.now() + ms),
}));

const { doc, add, folder } = useServedDoc();
const LOG = 'worker.log';
const DANA = 'dana@example.com';
const ALL: readonly Register[] = [
  registerSync,
  registerDoctor,
  registerInit,
  registerMigrate,
  registerImport,
  registerStatus,
  registerReport,
  registerObserve,
  registerExport,
  registerBackup,
];

let server: Awaited<ReturnType<typeof serveEchoes>>;

beforeAll(async () => {
  vi.useFakeTimers({ toFake: ['Date'] });
  const state = JSON.parse(readFileSync(join(folder, '.founder-hq', 'local-doc.json'), 'utf8'));
  rmSync(join(folder, '.founder-hq', 'local-doc.json'));
  server = await serveEchoes(state);
  add('people', { name: 'Dana', email: DANA, cost_rate: 50 });
  add('tasks', { name: 'Interviews', external_id: 'T-1', assignee: 'Dana', estimated_hours: 2 });
  vi.stubEnv('CODA_API_BASE', server.baseUrl);
  vi.stubEnv('CODA_API_TOKEN', TOKEN);
  vi.stubEnv('PGPASSWORD', PASSWORD);
  learnSecretsOf(process.env);
});
afterAll(async () => {
  vi.useRealTimers();
  vi.unstubAllEnvs();
  await server.close();
});
beforeEach(() => {
  server.say(undefined);
  server.elsewhere.length = 0;
});

/** Runs a command as whoever looks for a fault does: with its stack and a log of everything. What is printed is as the command wrote it. */
async function run(...argv: readonly string[]) {
  let printed = '';
  const take = (text: string | Uint8Array) => {
    printed += String(text);
    return true;
  };
  const spies = [process.stdout, process.stderr].map((stream) =>
    vi.spyOn(stream, 'write').mockImplementation(take),
  );
  const before = process.exitCode;
  process.exitCode = undefined;
  const words = [...argv, '--log', join(folder, LOG), '--log-level', 'debug'];
  const groups = [{ heading: 'All', commands: ALL }];
  try {
    const code = await runProgram(words, groups, { out: take, err: take, isDebug: true });
    return { code: code ?? process.exitCode ?? 0, printed };
  } finally {
    process.exitCode = before;
    for (const spy of spies) spy.mockRestore();
  }
}

/** Where either canary left a trace: in what was printed, in any file below the folder, in any row of the doc. */
function findAllTraces(printed: string): readonly string[] {
  const rows = FOUNDER_HQ_TABLES.map(({ name }) =>
    JSON.stringify(doc.person.readRows(name)),
  ).join();
  return [...findTraces(printed), ...findTracesIn(folder), ...findTraces(rows)];
}

const docFlag = (): readonly string[] => ['--doc', doc.docId];

describe('the canaries', () => {
  it('would be found, however they are written', () => {
    for (const echo of Object.values(ECHOES)) {
      expect(findTraces(echo(`Bearer ${TOKEN}`))).not.toEqual([]);
    }
    expect(findTraces(`postgres://dana:${encodeURIComponent(PASSWORD)}@db/x`)).not.toEqual([]);
  });
});

describe.each([400, 401, 403, 404, 409, 429, 500, 502, 504, 200])(
  'a server that answers %i',
  (status) => {
    it.each(Object.keys(ECHOES))(
      'and says what it was sent in %s gives nothing away',
      async (name) => {
        server.say({ status, body: ({ authorization }) => ECHOES[name]?.(authorization) ?? '' });
        for (const command of ['sync', 'doctor', 'migrate']) {
          const { code, printed } = await run(command, ...docFlag());
          expect(code).not.toBe(0);
          expect(findAllTraces(printed)).toEqual([]);
        }
      },
    );
  },
);

describe('the log', () => {
  it('has told every request all the while, with its class, status and time', () => {
    const text = readFileSync(join(folder, LOG), 'utf8');
    expect(text).not.toMatch(/Interviews|Dana|example\.com/);
    const lines = text.trimEnd().split('\n');
    const events: Record<string, unknown>[] = lines.map((line) => JSON.parse(line));
    const statuses = events.flatMap(({ event, status }) => (event === 'request' ? [status] : []));
    expect(new Set(statuses)).toEqual(new Set([400, 401, 403, 404, 409, 429, 500, 502, 504, 200]));
    expect(events).toContainEqual(
      expect.objectContaining({ event: 'failed', level: 'error', codes: ['UNAUTHORIZED'] }),
    );
  });
});

describe('a doc that refuses what is written', () => {
  it('and says what it was sent leaves no trace in the rows that are held back, nor in what is made of them', async () => {
    expect((await run('sync', ...docFlag())).code).toBe(0);
    server.say({
      status: 400,
      on: ({ method }) => method !== 'GET',
      body: ({ authorization }) => ECHOES['a message']?.(authorization) ?? '',
    });
    const press = { type: 'StartRun', data: { task: 'Interviews', person: DANA } } as const;
    const command = createCommand({ ...press, atMs: Date.now(), by: DANA }, sha256);
    doc.person.insertRow('Ledger', { ...toCommandRow(command, 'Start') });
    await run('sync', ...docFlag());
    vi.setSystemTime(Date.now() + 1_200_000);
    const { printed } = await run('sync', ...docFlag());
    expect(printed).toContain('you sent');
    server.say(undefined);
    const later = [
      await run('status', ...docFlag()),
      await run('doctor', ...docFlag(), '--allow-all-docs'),
      await run('report', ...docFlag(), '--html', join(folder, 'report.html')),
      await run('observe', 'weekly', ...docFlag()),
      await run('export', 'costs', ...docFlag()),
      await run('export', 'events', ...docFlag()),
      await run('export', 'metrics', ...docFlag()),
      await run('migrate', ...docFlag()),
      await run('backup', join(folder, 'ledger.backup'), ...docFlag()),
    ].map((ended) => ended.printed);
    expect(findAllTraces([printed, ...later].join('\n'))).toEqual([]);
  });
});

describe('a server that points elsewhere', () => {
  it.each([301, 302, 307, 308])('by the answer %i takes no token there', async (status) => {
    server.say({
      status,
      headers: ({ path, authorization }) => ({
        location: `${server.otherUrl}${path}?was=${encodeURIComponent(authorization)}`,
      }),
      body: () => '',
    });
    const { code, printed } = await run('doctor', ...docFlag());
    expect(code).toBe(1);
    expect(server.elsewhere).toEqual([]);
    expect(findAllTraces(printed)).toEqual([]);
  });

  it('by the link to the next page takes no token there', async () => {
    server.say({
      status: 200,
      on: ({ path }) => /\/tables(\?|$)/.test(path),
      body: ({ authorization }) =>
        JSON.stringify({
          items: [],
          href: `${server.baseUrl}/docs/x/tables`,
          nextPageToken: 'more',
          nextPageLink: `${server.otherUrl}/${authorization}?pageToken=more`,
        }),
    });
    const { code, printed } = await run('sync', ...docFlag());
    expect(code).toBe(1);
    expect(printed).toContain('another host');
    expect(server.elsewhere).toEqual([]);
    expect(findAllTraces(printed)).toEqual([]);
  });
});

describe('an address that cannot be used', () => {
  it.each([
    ['is no address', TOKEN],
    ['goes over open http', `http://api.invalid/${TOKEN}`],
    ['has the token for a name', `https://${TOKEN}@api.invalid/v1`],
    ['has a password', `https://dana:${encodeURIComponent(PASSWORD)}@api.invalid/v1`],
    ['has the token in its query', `https://api.invalid/v1?key=${encodeURIComponent(TOKEN)}`],
    ['leads to a host that is not there', 'https://founder-hq.invalid/apis/v1'],
    ['leads to a port where nobody listens', 'http://127.0.0.1:1/apis/v1'],
  ])('since it %s is not shown with a secret', async (_why, address) => {
    vi.stubEnv('CODA_API_BASE', address);
    const { code, printed } = await run('sync', ...docFlag());
    vi.stubEnv('CODA_API_BASE', server.baseUrl);
    expect(code).not.toBe(0);
    expect(findAllTraces(printed)).toEqual([]);
  });

  it.each(['sync', 'doctor', 'init'])(
    'in place of the doc’s is not shown by %s',
    async (command) => {
      const { code, printed } = await run(command, '--doc', `https://coda.io/d/${TOKEN}`);
      expect(code).not.toBe(0);
      expect(findAllTraces(printed)).toEqual([]);
    },
  );
});

describe('a server with the ledger', () => {
  const urlOf = (rest: string) => `postgres://dana:${encodeURIComponent(PASSWORD)}@${rest}`;

  it.each(['28P01', '3D000', 'XX000', '53300'])(
    'that refuses with %s and quotes the password gives nothing away',
    async (sqlState) => {
      const database = await serveLoudDatabase(sqlState);
      const place = urlOf(`127.0.0.1:${database.port}/hq`);
      for (const command of ['sync', 'status', 'doctor']) {
        const { code, printed } = await run(command, ...docFlag(), '--store', place);
        expect(code).not.toBe(0);
        expect(findAllTraces(printed)).toEqual([]);
      }
      await database.close();
    },
  );

  it.each([
    ['is away', urlOf('127.0.0.1:1/hq')],
    ['has no name', urlOf('/hq')],
    ['is not known', urlOf('db.invalid/hq')],
    ['is named with a bare password', `postgres://dana:${PASSWORD}@127.0.0.1/hq`],
    [
      'is named with a setting of its own',
      urlOf(`127.0.0.1/hq?password=${encodeURIComponent(PASSWORD)}`),
    ],
    ['is of another kind', `mysql://dana:${encodeURIComponent(PASSWORD)}@127.0.0.1/hq`],
  ])('that %s is named without its password', async (_why, place) => {
    const { code, printed } = await run('sync', ...docFlag(), '--store', place);
    expect(code).not.toBe(0);
    expect(findAllTraces(printed)).toEqual([]);
    const settled = await run('init', ...docFlag(), '--store', place);
    expect(findAllTraces(settled.printed)).toEqual([]);
  });
});

describe('a file of the set-up that cannot be used', () => {
  const config = join(folder, '.founder-hq', 'config.json');

  it.each([
    ['holds the token, where none belongs', JSON.stringify({ doc: 'AbCdEfGhIj', token: TOKEN })],
    ['is cut off', `{"doc":"AbCdEfGhIj","tokenCommand":["echo","${TOKEN}`],
    [
      'names a server with its password',
      JSON.stringify({ doc: 'AbCdEfGhIj', store: 1, note: PASSWORD }),
    ],
  ])('since it %s is not quoted', async (_why, text) => {
    writeFileSync(config, text);
    const { code, printed } = await run('sync', ...docFlag());
    rmSync(config);
    expect(code).toBe(1);
    expect(findAllTraces(printed)).toEqual([]);
  });

  it('is not quoted by whoever finds a folder where it should be', async () => {
    mkdirSync(config);
    const { code, printed } = await run('sync', ...docFlag());
    rmdirSync(config);
    expect(code).toBe(1);
    expect(findAllTraces(printed)).toEqual([]);
  });
});
