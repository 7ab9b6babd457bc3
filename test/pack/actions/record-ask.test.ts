import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { toAnchorRow } from '#shared/ledger/index.ts';
import { openPackBench } from '../pack-bench.ts';

const DOC = 'CxcSmXz318';
const DAY = new Date('2026-03-02T12:00:00.000Z');
const MEANT = /^Nothing was recorded: /;

const cost = (...last: readonly unknown[]) =>
  ['RecordCost', DOC, 'Acme Website', 49, 'EUR', 'software', DAY, 'Fonts', ...last] as const;

describe('a button that asks the worker', () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['Date'] });
    vi.setSystemTime('2026-03-02T09:00:00.000Z');
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('inserts one pending command and nothing of the worker’s', async () => {
    const bench = openPackBench();
    await bench.formula('RecordGate', DOC, 'Audit Acme', ' client approval ', 'Passed', 'E-mail');
    const rows = bench.doc.person.readRows('Ledger').map(({ cells }) => cells);
    expect(rows).toMatchObject([
      {
        kind: 'command',
        type: 'RecordGate',
        stream: 'run/Audit Acme',
        by: 'dana@studio.example',
        title: 'client approval passed · Audit Acme · Dana',
        outcome: '',
        seq: '',
      },
    ]);
    expect(JSON.parse(rows[0]?.['data'] ?? '')).toEqual({
      run: 'Audit Acme',
      gate: 'client approval',
      outcome: 'passed',
      evidence: 'E-mail',
    });
  });

  it('records the same cost once, until the entry is raised', async () => {
    const bench = openPackBench();
    await bench.formula(...cost());
    vi.setSystemTime('2026-03-05T09:00:00.000Z');
    expect(await bench.formula(...cost())).toBe(
      'Already recorded: Cost 49 EUR · Acme Website · Dana. To count it once more, give another entry.',
    );
    expect(await bench.formula(...cost(2))).toContain('Recorded: Cost 49 EUR');
    expect(bench.doc.person.readRows('Ledger')).toHaveLength(2);
  });

  it('tells of a refusal of the same cost', async () => {
    const bench = openPackBench();
    await bench.formula(...cost());
    const [row] = bench.doc.person.readRows('Ledger');
    const outcome = 'refused: TARGET_UNKNOWN – nothing of that name';
    bench.doc.person.editCell('Ledger', row?.rowId ?? '', { kind: 'settled', outcome });
    expect(await bench.formula(...cost())).toBe(
      `Already asked for: Cost 49 EUR · Acme Website · Dana. It was ${outcome}. To ask again, give another entry.`,
    );
  });

  const anchor = (docId: string) =>
    toAnchorRow({ docId, position: 1, hash: 'a'.repeat(64), epoch: 1 });

  it('names the worker where one is at work', async () => {
    const bench = openPackBench();
    bench.doc.person.insertRow('Ledger', { ...anchor(DOC) });
    expect(await bench.formula(...cost())).toContain('The worker decides it at its next pass.');
  });

  it('records nothing in a table that was copied from another doc', async () => {
    const bench = openPackBench();
    bench.doc.person.insertRow('Ledger', { ...anchor('another') });
    await expect(bench.formula(...cost())).rejects.toThrow('copied here from another doc');
    expect(bench.doc.person.readRows('Ledger')).toHaveLength(1);
  });

  it('keeps an exact amount, however small', async () => {
    const bench = openPackBench();
    await bench.formula('RecordCost', DOC, 'Acme Website', 1e-7, 'EUR', 'tokens', DAY, '');
    const [row] = bench.doc.person.readRows('Ledger');
    expect(row?.cells['data']).toContain('"amount":"0.0000001"');
  });

  it('takes the day in the doc’s zone', async () => {
    const bench = openPackBench();
    const late = new Date('2026-03-10T04:30:00.000Z');
    await bench.formula('WaiveGate', DOC, 'Audit Acme', 'client approval', 'Signs later.', late);
    const [row] = bench.doc.person.readRows('Ledger');
    expect(row?.cells['data']).toContain('"expires":"2026-03-09"');
  });

  it.each<[string, readonly [string, ...unknown[]]]>([
    ['an amount of 0', ['RecordCost', DOC, 'Acme', 0, 'EUR', 'x', DAY, '']],
    ['an amount that is none', ['RecordCost', DOC, 'Acme', Number.NaN, 'EUR', 'x', DAY, '']],
    ['a currency that is none', ['RecordCost', DOC, 'Acme', 1, '€', 'x', DAY, '']],
    ['a blank target', ['RecordCost', DOC, ' ', 1, 'EUR', 'x', DAY, '']],
    ['an entry of 0', ['RecordCost', DOC, 'Acme', 1, 'EUR', 'x', DAY, '', 0]],
    ['another outcome', ['RecordGate', DOC, 'Acme', 'client approval', 'maybe', 'x']],
    ['blank evidence', ['RecordGate', DOC, 'Acme', 'client approval', 'passed', ' ']],
    ['a blank reason', ['WaiveGate', DOC, 'Acme', 'client approval', ' ']],
  ])('records nothing for %s', async (_name, press) => {
    const bench = openPackBench();
    await expect(bench.formula(...press)).rejects.toThrow(MEANT);
    expect(bench.doc.person.readRows('Ledger')).toEqual([]);
  });
});
