import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  emptyDesk,
  type LedgerRow,
  parseCommandRow,
  toAnchorRow,
  toStateRow,
} from '#shared/ledger/index.ts';
import { sha256 } from '../../../pack/sha256.ts';
import { DANA, EXAMPLE_DOC as DOC, openPackBench, type PackBench } from '../pack-bench.ts';

const NINE = '2026-03-02T09:00:00.000Z';

/** The Ledger table as it is, not as reads see it. */
const ledgerOf = ({ doc }: PackBench): LedgerRow[] =>
  doc.person.readRows('Ledger').map(({ cells }) => cells as unknown as LedgerRow);

const typeInto = ({ doc }: PackBench, row: LedgerRow): string =>
  doc.person.insertRow('Ledger', { ...row });

const sent = ({ seen }: PackBench) =>
  seen.map(({ method, url }) => `${method} ${url.replace(/\/(grid|c)-[\w-]+/g, '/$1')}`);

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: new Date(NINE) });
});
afterEach(() => {
  vi.useRealTimers();
});

describe('a press', () => {
  it('inserts one row that says everything and leaves outcome and seq to the worker', async () => {
    const bench = openPackBench();
    await bench.formula('StartRun', DOC, ' Audit Acme ');
    const [row, ...others] = ledgerOf(bench);
    expect(others).toEqual([]);
    expect(row).toMatchObject({
      title: 'Start · Audit Acme · Dana',
      kind: 'command',
      state: 'pending',
      stream: 'desk/dana@studio.example',
      type: 'StartRun',
      at: NINE,
      by: DANA.email,
      data: '{"task":"Audit Acme","person":"dana@studio.example"}',
      outcome: '',
      seq: '',
    });
    const [insert] = bench.seen.filter(({ method }) => method === 'POST');
    const body = JSON.parse(String(insert?.body)) as { rows: { cells: unknown[] }[] };
    expect(body.rows.map(({ cells }) => cells.length)).toEqual([9]);
    expect(insert?.url).toContain('disableParsing=true');
    expect(insert?.headers).toEqual({ 'Content-Type': 'application/json' });
  });

  it('is a command the worker can read, whatever is typed into it', async () => {
    const bench = openPackBench();
    const task = '=1+1 "quoted" \\ 7 £ 🚀\nsecond line';
    await bench.formula('FinishRun', DOC, task, 'Lee', '- done, €12');
    const [row] = ledgerOf(bench);
    expect(row && parseCommandRow(row, sha256)).toMatchObject({
      ok: true,
      value: { type: 'FinishRun', data: { task, person: 'Lee', note: '- done, €12' } },
    });
  });

  it('asks for the account, the tables, the columns and two streams, and never from a cache', async () => {
    const bench = openPackBench();
    await bench.formula('StartRun', DOC, 'Audit Acme');
    expect(sent(bench).map((line) => line.replace('https://coda.io/apis/v1', ''))).toEqual([
      'GET /whoami',
      'GET /docs/CxcSmXz318/tables?limit=100&tableTypes=table%2Cview',
      'GET /docs/CxcSmXz318/tables/grid/columns?limit=100',
      expect.stringMatching(/^GET .*\/rows\?limit=200&valueFormat=simple&query=.*desk%2Fdana/),
      expect.stringMatching(/^GET .*\/rows\?limit=200&valueFormat=simple&query=.*%22ledger%22/),
      'POST /docs/CxcSmXz318/tables/grid/rows?disableParsing=true',
    ]);
    expect(new Set(bench.seen.map(({ cacheTtlSecs }) => cacheTtlSecs))).toEqual(new Set([0]));
  });

  it('means the account itself by its name, its address or nothing', async () => {
    const bench = openPackBench();
    for (const person of [undefined, '', ' dana ', 'DANA@studio.example']) {
      await bench.formula('LogHours', DOC, 'Audit Acme', 1, new Date(NINE), '', person);
    }
    expect(ledgerOf(bench).map(({ stream }) => stream)).toEqual(['desk/dana@studio.example']);
  });

  it('is sent again under the same key when its answer is lost', async () => {
    const bench = openPackBench();
    bench.doc.failNext('resetAfter', 'write');
    expect(await bench.formula('StartRun', DOC, 'Audit Acme')).toContain('Now running');
    const rows = ledgerOf(bench);
    expect(rows).toHaveLength(2);
    expect(new Set(rows.map(({ key }) => key)).size).toBe(1);
  });

  it('gives up after the second lost answer and says that it may have counted', async () => {
    const bench = openPackBench();
    bench.doc.failNext('resetBefore', 'write');
    bench.doc.failNext('resetBefore', 'write');
    await expect(bench.formula('StartRun', DOC, 'Audit Acme')).rejects.toMatchObject({
      isUserVisible: true,
      message: expect.stringContaining('No answer came from Coda'),
    });
    expect(ledgerOf(bench)).toEqual([]);
  });

  it('finds the ledger in the doc it is given for it', async () => {
    const bench = openPackBench();
    const ledgerDoc = `https://coda.io/d/Private_d${bench.doc.docId}/page`;
    await bench.formula(
      'PauseRun',
      'https://coda.io/d/Public_dPublic0001',
      'Audit Acme',
      '',
      ledgerDoc,
    );
    expect(ledgerOf(bench)).toHaveLength(1);
    expect(bench.seen.filter(({ url }) => url.includes('Public0001'))).toEqual([]);
  });
});

describe('under a snapshot lag of five minutes', () => {
  const lag = { minMs: 300_000, maxMs: 300_000 };

  it('a finish five seconds after its start is recorded and not refused', async () => {
    const bench = openPackBench({ behaviour: { snapshotLag: lag } });
    await bench.formula('StartRun', DOC, 'Audit Acme');
    vi.setSystemTime(Date.parse(NINE) + 5_000);
    expect(await bench.formula('FinishRun', DOC, 'Audit Acme')).toMatch(
      /^Recorded: Finish · Audit Acme · Dana\. No run of this task is visible yet, .* within 15 minutes/,
    );
    vi.setSystemTime(Date.parse(NINE) + 306_000);
    expect(await bench.sync('Runs', DOC)).toMatchObject([
      {
        task: 'Audit Acme',
        state: 'succeeded',
        startedAt: NINE,
        endedAt: '2026-03-02T09:00:05.000Z',
      },
    ]);
  });

  it('the same hours pressed twice are one entry, seen or not', async () => {
    const bench = openPackBench({ behaviour: { snapshotLag: lag } });
    const press = () => bench.formula('LogHours', DOC, 'Audit Acme', 1.5, new Date(NINE), 'Brief');
    await press();
    vi.setSystemTime(Date.parse(NINE) + 60_000);
    expect(await press()).toMatch(/^Recorded/);
    vi.setSystemTime(Date.parse(NINE) + 600_000);
    expect(await press()).toBe(
      'Already recorded: Log 1.5 h · Audit Acme · Dana. To count it once more, give another entry.',
    );
    expect(await bench.sync('Runs', DOC)).toMatchObject([{ hours: 1.5, day: '2026-03-02' }]);
  });
});

describe('logged hours', () => {
  it('count again under another entry', async () => {
    const bench = openPackBench();
    const day = new Date(NINE);
    await bench.formula('LogHours', DOC, 'Audit Acme', 2, day, '', undefined, 1);
    await bench.formula('LogHours', DOC, 'Audit Acme', 2, day, '', undefined, 2);
    expect(await bench.sync('Runs', DOC)).toHaveLength(2);
  });

  it('belong to the day they are given for in the doc, not in UTC', async () => {
    const bench = openPackBench();
    const lateSunday = new Date('2026-03-02T07:30:00.000Z');
    await bench.formula('LogHours', DOC, 'Audit Acme', 1, lateSunday, '');
    expect(ledgerOf(bench)[0]?.data).toContain('"day":"2026-03-01"');
  });

  it('say so when the same entry was refused before', async () => {
    const bench = openPackBench();
    await bench.formula('LogHours', DOC, 'Gone', 1, new Date(NINE), '');
    const [row] = bench.doc.person.readRows('Ledger');
    const settled = { kind: 'settled', outcome: 'refused: TASK_UNKNOWN – no such task' };
    bench.doc.person.editCell('Ledger', row?.rowId ?? '', settled);
    expect(await bench.formula('LogHours', DOC, 'Gone', 1, new Date(NINE), '')).toBe(
      'Already asked for: Log 1 h · Gone · Dana. It was refused: TASK_UNKNOWN – no such task. To ask again, give another entry.',
    );
  });

  it.each([
    [0, 1, 'hours must be above 0 and at most 24, not 0'],
    [25, 1, 'not 25; a Duration column counts days, so multiply it by 24'],
    [Number.NaN, 1, 'not NaN'],
    [1, 0, 'entry must be 1, 2, 3, …, not 0'],
    [1, 1.5, 'entry must be 1, 2, 3, …, not 1.5'],
  ])(
    'of %s h under entry %s are refused before anything is written',
    async (hours, entry, message) => {
      const bench = openPackBench();
      const press = bench.formula('LogHours', DOC, 'Audit', hours, new Date(NINE), '', '', entry);
      await expect(press).rejects.toThrow(message);
      expect(bench.seen.filter(({ method }) => method !== 'GET')).toEqual([]);
    },
  );
});

describe('a press that cannot be recorded', () => {
  it('says that the task is blank', async () => {
    await expect(openPackBench().formula('StartRun', DOC, '  ')).rejects.toThrow(
      'the task is blank',
    );
  });

  it('says how long a note may be', async () => {
    const press = openPackBench().formula('FinishRun', DOC, 'Audit', '', 'x'.repeat(10_001));
    await expect(press).rejects.toThrow('10001 characters, more than 10000');
  });

  it('names the missing Ledger table and what to import', async () => {
    const bench = openPackBench();
    bench.doc.person.deleteTable('Ledger');
    await expect(bench.formula('StartRun', DOC, 'Audit')).rejects.toThrow(
      /Nothing was recorded, because there is no usable Ledger table: .*Ledger.* Import Ledger\.csv/,
    );
  });

  it('names a missing column of it', async () => {
    const bench = openPackBench();
    bench.doc.person.deleteColumn('Ledger', 'stream');
    await expect(bench.formula('StartRun', DOC, 'Audit')).rejects.toThrow('stream');
  });

  it('is not written into a copied ledger', async () => {
    const bench = openPackBench();
    typeInto(bench, toAnchorRow({ docId: 'AnotherDoc1', position: 3, hash: 'ab', epoch: 1 }));
    await expect(bench.formula('StartRun', DOC, 'Audit')).rejects.toThrow(
      'copied here from another doc, and this one is "CxcSmXz318"',
    );
    expect(ledgerOf(bench)).toHaveLength(1);
  });
});

describe('what a press answers with a worker at work', () => {
  it('does not play a press again that the state row has folded in', async () => {
    const bench = openPackBench();
    await bench.formula('StartRun', DOC, 'Audit Acme');
    const [command] = bench.doc.person.readRows('Ledger');
    typeInto(
      bench,
      toStateRow({
        ...emptyDesk('desk/dana@studio.example'),
        seq: 1,
        foldedKeys: { [command?.cells['key'] ?? '']: Date.parse(NINE) },
      }),
    );
    expect(await bench.formula('PauseRun', DOC, 'Audit Acme')).toContain(
      'No run of this task is visible',
    );
  });
});
