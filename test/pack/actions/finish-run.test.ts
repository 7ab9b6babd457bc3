import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { toAnchorRow } from '#shared/ledger/index.ts';
import { EXAMPLE_DOC as DOC, openPackBench, type PackBench } from '../pack-bench.ts';

const NINE = '2026-03-02T09:00:00.000Z';
const RECORDED = 'Recorded: Finish · Audit Acme · Dana.';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: new Date(NINE) });
});
afterEach(() => {
  vi.useRealTimers();
});

/** Dana has worked on `Audit Acme` for an hour; its project and its template ask for these gates. */
async function startGated(requiredGates: string, templateGates = ''): Promise<PackBench> {
  vi.setSystemTime(NINE);
  const bench = openPackBench();
  const { person } = bench.doc;
  person.insertRow('process_templates', { name: 'Four weeks', required_gates: templateGates });
  person.insertRow('projects', {
    name: 'Acme',
    process_template: 'Four weeks',
    required_gates: requiredGates,
  });
  person.insertRow('tasks', { name: 'Audit Acme', external_id: 'T-1', project: 'Acme' });
  person.insertRow('tasks', { name: 'Report', external_id: 'T-2' });
  await bench.formula('StartRun', DOC, 'Audit Acme');
  vi.setSystemTime(Date.parse(NINE) + 3_600_000);
  return bench;
}

/** The doc as a worker leaves it: with the head of its ledger in it. */
const letWork = ({ doc }: PackBench) =>
  doc.person.insertRow('Ledger', {
    ...toAnchorRow({ docId: 'CxcSmXz318', position: 1, hash: 'ab', epoch: 1 }),
  });

const finish = (bench: PackBench, task = 'Audit Acme') => bench.formula('FinishRun', DOC, task);

describe('FinishRun where gates are required', () => {
  it('stops the clock, counts the hours and names each gate once', async () => {
    const bench = await startGated('Client  approval; lint', 'lint\nchecklist done');
    letWork(bench);
    expect(await finish(bench)).toBe(
      `${RECORDED} Now validating, 1.00 h. Its hours count; it is done once the worker sees: client approval; lint; checklist done.`,
    );
  });

  it('does not name a deliverable that is linked, be it to the project or the task', async () => {
    for (const of of [{ project: 'Acme' }, { task: 'Audit Acme' }]) {
      const bench = await startGated('deliverable linked; lint');
      letWork(bench);
      bench.doc.person.insertRow('deliverables', { name: 'Deck', ...of });
      bench.doc.person.insertRow('deliverables', { name: 'Other', task: 'Report', link: 'x' });
      expect(await finish(bench)).toContain('sees: deliverable linked; lint.');
      const [deck] = bench.doc.person.readRows('deliverables');
      bench.doc.person.editCell('deliverables', deck?.rowId ?? '', { link: 'https://x.example' });
      vi.setSystemTime(Date.now() + 60_000);
      expect(await finish(bench)).toContain('sees: lint.');
    }
  });

  it('leaves the end to the worker where nothing shows as missing', async () => {
    const bench = await startGated('deliverable linked');
    letWork(bench);
    bench.doc.person.insertRow('deliverables', { name: 'Deck', project: 'Acme', link: 'x' });
    expect(await finish(bench)).toBe(
      `${RECORDED} Now validating, 1.00 h. Its hours count; the worker ends it at its next pass.`,
    );
  });

  it('says without a worker that nobody has checked', async () => {
    expect(await finish(await startGated('client approval; lint'))).toBe(
      `${RECORDED} Now succeeded, 1.00 h. Gates need a worker, so nobody has checked: client approval; lint.`,
    );
  });

  it('says nothing of gates where nothing was running', async () => {
    const bench = await startGated('lint');
    await finish(bench);
    vi.setSystemTime(Date.now() + 60_000);
    expect(await finish(bench, 'Report')).toMatch(/it is refused\.$/);
  });

  it('knows the task by its external id too', async () => {
    const bench = await startGated('lint');
    letWork(bench);
    await bench.formula('StartRun', DOC, 'T-1');
    expect(await finish(bench, 'T-1')).toContain('once the worker sees: lint.');
  });
});

describe('FinishRun where no gate is known', () => {
  it('knows the task by its row id too, and says so where no row has it', async () => {
    const bench = await startGated('lint');
    letWork(bench);
    const [task] = bench.doc.person.readRows('tasks');
    await bench.formula('StartRun', DOC, task?.rowId ?? '');
    vi.setSystemTime(Date.now() + 60_000);
    expect(await finish(bench, task?.rowId)).toContain('sees: lint.');
    expect(await finish(bench, 'i-none')).toContain('could not be read');
  });

  it('says nothing of gates where none is required', async () => {
    const bench = await startGated('');
    letWork(bench);
    expect(await finish(bench)).toBe(`${RECORDED} Now succeeded, 1.00 h.`);
  });

  it('says so where two tasks have that name, or none', async () => {
    const bench = await startGated('lint');
    letWork(bench);
    bench.doc.person.insertRow('tasks', { name: 'Audit Acme', project: 'Acme' });
    expect(await finish(bench)).toMatch(/Whether gates hold it up could not be read\.$/);
    await bench.formula('StartRun', DOC, 'Errand');
    expect(await finish(bench, 'Errand')).toMatch(/Whether gates hold it up could not be read\.$/);
  });

  it('records the press all the same where the doc cannot be read', async () => {
    const bench = await startGated('lint');
    letWork(bench);
    bench.doc.person.deleteTable('tasks');
    expect(await finish(bench)).toBe(
      `${RECORDED} Now succeeded, 1.00 h. Whether gates hold it up could not be read.`,
    );
    expect(bench.doc.person.readRows('Ledger')).toHaveLength(3);
  });

  it('records the press in the private doc all the same where the other one cannot be opened', async () => {
    const bench = await startGated('lint');
    const away = 'https://coda.io/d/Public_dPublic0001';
    const press = bench.formula('FinishRun', away, 'Audit Acme', '', '', DOC);
    expect(await press).toBe(`${RECORDED} Now succeeded, 1.00 h.`);
    expect(bench.doc.person.readRows('Ledger')).toHaveLength(2);
  });

  it('reads one task and no other, and no gate of another button', async () => {
    const bench = await startGated('lint');
    bench.seen.length = 0;
    await bench.formula('PauseRun', DOC, 'Audit Acme');
    const pauseUrls = bench.seen.map(({ url }) => url);
    bench.seen.length = 0;
    await finish(bench);
    const finishUrls = bench.seen.map(({ url }) => url);
    expect(finishUrls.filter((url) => url.includes('Audit%20Acme'))).toHaveLength(1);
    expect(pauseUrls.filter((url) => url.includes('Audit%20Acme'))).toEqual([]);
  });
});
