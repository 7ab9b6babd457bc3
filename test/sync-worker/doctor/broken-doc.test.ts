import { describe, expect, it } from 'vitest';
import { toAnchorRow } from '#shared/ledger/index.ts';
import { registerDoctor } from '#worker/cli/doctor.ts';
import type { LocalDocOptions } from '#worker/local-doc/index.ts';
import { runCommand } from '../cli/run-command.ts';
import {
  addressOfNobody,
  type Clinic,
  openClinic,
  servePage,
  serveThrough,
  withColumn,
} from './clinic.ts';

interface Ailment {
  /** What a person did. */
  readonly when: string;
  readonly doc?: Partial<LocalDocOptions>;
  readonly spoil?: (clinic: Clinic) => unknown;
  readonly argv?: readonly string[];
  readonly code: string;
  readonly cause: RegExp;
  readonly fix: RegExp;
  /** @default 'error' */
  readonly severity?: 'warning' | 'info';
}

const SOON = { severity: 'warning' } as const;
const through =
  (change: Parameters<typeof serveThrough>[1]) =>
  async (clinic: Clinic): Promise<void> => {
    clinic.env('CODA_API_BASE', await serveThrough(clinic, change));
  };
const page =
  (status: number, headers = {}) =>
  async ({ env }: Clinic): Promise<void> => {
    env('CODA_API_BASE', await servePage(status, headers));
  };
const token =
  (name: string) =>
  ({ env }: Clinic) =>
    env('CODA_API_TOKEN', name);
const base =
  (url: string) =>
  ({ env }: Clinic) =>
    env('CODA_API_BASE', url);
const tables = (...change: Parameters<typeof withColumn>) => ({
  doc: { tables: withColumn(...change) },
});
const command = { kind: 'command', type: 'StartRun', key: 'K1', data: '{}' };

// biome-ignore format: a table is read by its columns
const AILMENTS: readonly Ailment[] = [
  { when: 'no token is set', spoil: token(''), argv: ['--doc', 'AbCdEfGhIj'],
    code: 'TOKEN_MISSING', cause: /CODA_API_TOKEN is not set/, fix: /./ },
  { when: 'the token was revoked', spoil: token('revoked'),
    code: 'TOKEN_REFUSED', cause: /revoked/, fix: /coda\.io\/account/ },
  { when: 'the token was copied with a blank in it', spoil: token('two words'),
    code: 'TOKEN_REFUSED', cause: /cut off/, fix: /CODA_API_TOKEN/ },
  { when: 'the token opens every doc', spoil: token('every-doc'),
    code: 'TOKEN_ALL_DOCS', cause: /every doc of worker@example\.com/, fix: /--allow-all-docs/ },
  { when: 'the token is for one table', spoil: token('tasks-only'),
    code: 'TOKEN_ELSEWHERE', cause: /one table/, fix: /reads and writes this doc/ },
  { when: 'the token may only write', spoil: token('writes-only'),
    code: 'TOKEN_ELSEWHERE', cause: /writing alone/, fix: /reads and writes this doc/ },
  { when: 'the token may only read', spoil: token('reads-only'),
    code: 'TOKEN_READS_ONLY', cause: /not write/, fix: /read and write/ },
  { when: 'the address is of a doc the token does not open', spoil: ({ env, baseUrl }) => env('CODA_API_BASE', baseUrl), argv: ['--doc', 'AbCdEfGhIj'],
    code: 'DOC_NOT_FOUND', cause: /no doc AbCdEfGhIj/, fix: /share/ },
  { when: 'nothing listens at the address of the API', spoil: async ({ env }) => env('CODA_API_BASE', await addressOfNobody()),
    code: 'API_NOT_THERE', cause: /Nothing answers/, fix: /CODA_API_BASE/ },
  { when: 'the name of the API cannot be looked up', spoil: base('https://coda.invalid/apis/v1'),
    code: 'API_NAME_UNKNOWN', cause: /cannot be looked up/, fix: /connection/ },
  { when: 'the address of the API would send the token in the clear', spoil: base('http://example.com/apis/v1'),
    code: 'BAD_BASE_URL', cause: /expected https/, fix: /./ },
  { when: 'a proxy shows a page of its own', spoil: page(200),
    code: 'API_BEHIND_PROXY', cause: /sign-in page/, fix: /sign in to the network/ },
  { when: 'a proxy sends on to its sign-in page', spoil: page(302, { location: 'https://login.example.com/' }),
    code: 'API_BEHIND_PROXY', cause: /proxy/, fix: /coda\.io directly/ },
  { when: 'a proxy forbids with a page', spoil: page(403),
    code: 'API_BEHIND_PROXY', cause: /proxy/, fix: /coda\.io directly/ },
  { when: 'the service fails with a page', spoil: ({ doc }) => doc.failNext('badGateway'),
    code: 'API_FAILING', cause: /fails at present, with a page/, fix: /Wait/ },
  { when: 'the connection breaks before the answer', spoil: ({ doc }) => doc.failNext('resetBefore'),
    code: 'API_CUT_OFF', cause: /breaks/, fix: /firewall/ },
  { when: 'the answer to the tried row is lost', spoil: ({ doc }) => doc.failNext('resetAfter', 'write'),
    code: 'API_CUT_OFF', cause: /breaks/, fix: /firewall/ },
  { when: 'another program uses up the budget', doc: { behaviour: { limits: { read: { count: 0, windowMs: 1 }, write: { count: 0, windowMs: 1 }, content: { count: 0, windowMs: 1 }, docs: { count: 0, windowMs: 1 } } } },
    code: 'API_BUDGET_SPENT', cause: /another program/, fix: /account of its own/ },
  { when: 'this computer’s clock is an hour behind', spoil: through({ date: new Date(Date.now() + 3_600_000).toUTCString() }),
    code: 'CLOCK_WRONG', cause: /60 minutes behind/, fix: /set by the network/ },
  { when: 'this computer’s clock is some minutes ahead', spoil: through({ date: new Date(Date.now() - 240_000).toUTCString() }), ...SOON,
    code: 'CLOCK_WRONG', cause: /4 minutes ahead/, fix: /set by the network/ },
  { when: 'the doc has grown too large', spoil: through({ doc: { docSize: { overApiSizeLimit: true } } }),
    code: 'DOC_TOO_LARGE', cause: /beyond what the API serves/, fix: /125 MB/ },
  { when: 'the doc tells a time zone nobody knows', spoil: through({ doc: { timezone: 'Mars/Olympus' } }), ...SOON,
    code: 'DOC_ZONE_UNKNOWN', cause: /`Mars\/Olympus` is not known/, fix: /settings/ },
  { when: 'the Ledger table was deleted', spoil: ({ person }) => person.deleteTable('Ledger'),
    code: 'TABLE_MISSING', cause: /no table `Ledger`/, fix: /Make a table/ },
  { when: 'Execution Runs was never made', spoil: ({ person }) => person.deleteTable('execution_runs'),
    code: 'TABLE_MISSING', cause: /no table `execution_runs`/, fix: /Make a table/ },
  { when: 'a view has the name of the table', spoil: ({ person }) => { person.renameTable('execution_runs', 'All work'); person.addView({ name: 'execution_runs', viewOf: 'All work' }); },
    code: 'TABLE_IS_VIEW', cause: /`execution_runs` is a view/, fix: /another name/ },
  { when: 'two tables have the name', spoil: ({ person }) => { person.renameTable('execution_runs', 'Execution runs'); person.addTables([{ name: 'EXECUTION RUNS', columns: [{ name: 'name', type: 'text', isDisplay: true }] }]); },
    code: 'TABLE_AMBIGUOUS', cause: /Several tables/, fix: /rename the others/ },
  { when: 'a column was deleted', spoil: ({ person }) => person.deleteColumn('tasks', 'status'),
    code: 'COLUMN_MISSING', cause: /no column `status`/, fix: /Add a column/ },
  { when: 'a column was renamed', spoil: ({ person }) => person.renameColumn('tasks', 'estimated_hours', 'Guess'),
    code: 'COLUMN_MISSING', cause: /no column `estimated_hours`/, fix: /its name back/ },
  { when: 'a column was renamed after a pass', spoil: async ({ person, sync }) => { await sync(); person.renameColumn('tasks', 'estimated_hours', 'Guess'); }, ...SOON,
    code: 'COLUMN_RENAMED', cause: /called `Guess`/, fix: /Check that/ },
  { when: 'a column was given another type', ...tables('tasks', 'estimated_hours', { type: 'text' }),
    code: 'COLUMN_TYPE', cause: /of type text; expected number/, fix: /type to number/ },
  { when: 'a formula stands where the worker writes', ...tables('execution_runs', 'run_id', { isCalculated: true }),
    code: 'COLUMN_CALCULATED', cause: /formula/, fix: /Clear the formula/ },
  { when: 'a column of the Ledger holds numbers', ...tables('Ledger', 'seq', { type: 'number' }),
    code: 'COLUMN_TYPE', cause: /`Ledger.seq` is of type number/, fix: /to text/ },
  { when: 'a column of the Ledger is a list to choose from', ...tables('Ledger', 'kind', { type: 'select', options: ['command'] }),
    code: 'LEDGER_NOT_TEXT', cause: /`Ledger.kind` is of type select/, fix: /to text/ },
  { when: 'a relation points to another table', ...tables('tasks', 'project', { lookupTable: 'workflows' }),
    code: 'COLUMN_TARGET', cause: /not to `projects`/, fix: /point to `projects`/ },
  { when: 'a column went that the last pass worked with', spoil: async ({ person, sync }) => { await sync(); person.deleteColumn('tasks', 'baseline_hours'); },
    code: 'SHAPE_CHANGED', cause: /`tasks.baseline_hours`.*not found any more/, fix: /--accept-deletes/ },
  { when: 'two runs have the same id', spoil: ({ add }) => add('execution_runs', { run_id: 'R1', actual_hours: 1 }),
    code: 'KEY_DOUBLED', cause: /2 rows of `execution_runs` have the same run_id `R1`/, fix: /key of its own/ },
  { when: 'two tasks have the same key', spoil: ({ add }) => add('tasks', { name: 'Copy', external_id: 'T1' }),
    code: 'KEY_DOUBLED', cause: /2 rows of `tasks` have the same external_id `T1`/, fix: /entered twice/ },
  { when: 'a relation holds words', spoil: ({ add }) => add('tasks', { name: 'Lost', project: 'No such project' }), ...SOON,
    code: 'RELATION_IS_TEXT', cause: /`tasks.project` cannot be read, the first in `Lost`/, fix: /choose the rows of `projects`/ },
  { when: 'a number is a word', spoil: ({ add }) => add('tasks', { name: 'Odd', estimated_hours: 'many' }), ...SOON,
    code: 'CELL_UNREADABLE', cause: /`tasks.estimated_hours` cannot be read/, fix: /Correct the cells/ },
  { when: 'the doc is a copy of another', spoil: ({ add }) => add('Ledger', { ...toAnchorRow({ docId: 'OtherDoc12', position: 9, hash: 'ab', epoch: 1 }) }),
    code: 'LEDGER_COPIED', cause: /copy of doc OtherDoc12/, fix: /init --adopt/ },
  { when: 'a state row was changed by hand', spoil: ({ add }) => add('Ledger', { title: 'State · Dana', kind: 'state', key: 'state/dana', data: 'oops' }), ...SOON,
    code: 'STATE_DAMAGED', cause: /changed by hand, the first `State · Dana`/, fix: /founder-hq sync/ },
  { when: 'a state row is there twice', spoil: async ({ add, docId, sync }) => { await sync(); for (const position of [0, 0]) add('Ledger', { ...toAnchorRow({ docId, position, hash: 'ab', epoch: 1 }) }); }, ...SOON,
    code: 'STATE_DOUBLED', cause: /1 of the ledger’s state rows are there twice/, fix: /founder-hq sync/ },
  { when: 'a press waits for hours', spoil: ({ add }) => add('Ledger', { ...command, at: '2026-01-05T09:00:00.000Z', by: 'dana@example.com' }), ...SOON,
    code: 'SCHEDULE_BEHIND', cause: /1 press of a button waits.*2026-01-05T09:00.*no pass/, fix: /schedule/ },
  { when: 'the token’s account presses buttons', spoil: ({ add }) => add('Ledger', { ...command, kind: 'settled', by: 'worker@example.com' }), severity: 'info',
    code: 'ACCOUNT_SHARED', cause: /share one budget/, fix: /account for the worker alone/ },
];

describe('founder-hq doctor names the cause and its fix, each in one line', () => {
  it.each(AILMENTS)('where $when', async (ailment) => {
    const { argv = [], code, cause, fix, severity = 'error' } = ailment;
    const clinic = await openClinic(ailment.doc);
    await ailment.spoil?.(clinic);
    const seen = await clinic.ask(...argv);
    const found = seen.findings.find((one) => one.code === code);
    expect(found ?? seen).toMatchObject({
      severity,
      message: expect.stringMatching(cause),
      fix: expect.stringMatching(fix),
    });
    expect(`${found?.message}${found?.fix}`).not.toContain('\n');
    expect(seen.findings[0]?.code).toBe(code);
    expect(seen.code).toBe(severity === 'error' ? 1 : 0);
    const left = seen.checked.includes('writing') ? clinic.probes() : [];
    expect(left).toEqual([]);
  });
});

describe('founder-hq doctor on a sound set-up', () => {
  it('finds nothing, before the first pass and after it', async () => {
    const clinic = await openClinic();
    expect(await clinic.ask()).toMatchObject({ code: 0, findings: [], skipped: [] });
    expect(await clinic.sync()).toMatchObject({ code: 0 });
    const writes = clinic.doc.counts.contentWrites;
    const after = await clinic.ask();
    expect(after).toMatchObject({ code: 0, findings: [], skipped: [] });
    expect(after.checked).toContain('writing');
    expect(clinic.doc.counts.contentWrites - writes).toBe(2);
    expect(await clinic.sync()).toMatchObject({ code: 0 });
  });

  it('takes out what an earlier try left behind', async () => {
    const { add, ask, probes } = await openClinic();
    add('Ledger', { title: 'left by a crash', kind: 'probe', key: 'probe/1' });
    expect(await ask()).toMatchObject({ code: 0, findings: [] });
    expect(probes()).toEqual([]);
  });

  it('writes nothing where that is not wanted, and takes every doc’s token where it is', async () => {
    const { doc, ask, env } = await openClinic();
    env('CODA_API_TOKEN', 'every-doc');
    const seen = await ask('--no-probe', '--allow-all-docs');
    const skipped = [{ check: 'writing', why: '--no-probe was given' }];
    expect(seen).toMatchObject({ code: 0, findings: [], skipped });
    expect(doc.counts.writes).toBe(0);
  });

  it('tells people the same in lines: the worst first, and what was not looked at', async () => {
    const { docId, add, env, ...clinic } = await openClinic();
    add('tasks', { name: 'Copy', external_id: 'T1', project: 'No such project' });
    env('CODA_API_BASE', await serveThrough({ ...clinic, docId }, { date: null }));
    const { code, out } = await runCommand(registerDoctor, ['doctor', '--doc', docId]);
    expect(code).toBe(1);
    expect(out.split('\n')).toEqual([
      'error: 2 rows of `tasks` have the same external_id `T1`.',
      'next: Delete the rows that were entered twice, or give each row a key of its own.',
      expect.stringContaining('warning: 1 cell of `tasks.project` cannot be read'),
      expect.stringContaining('next: Clear the text'),
      '1 error, 1 warning; 11 checks made; not made: clock (the server does not tell its time)',
      '',
    ]);
  });
});
