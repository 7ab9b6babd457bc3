import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildPackBundle, createPackRunner } from '#worker/local-doc/pack-runner/index.ts';
import { type Announced, type Begun, type Ended, useFolder } from './founder-hq.ts';
import { computeVariance, listItems, type ThirdRow } from './third-computation.ts';

const HISTORY = resolve('../shared/data/sip-before-2012.csv');
const NOISE_SECONDS = 15;

interface Started {
  readonly doc: { readonly url: string; readonly tables: Readonly<Record<string, number>> };
  readonly imported: {
    readonly accepted: number;
    readonly refused: readonly unknown[];
    readonly contentWrites: number;
    readonly listPages: number;
  };
  readonly tick: {
    readonly apiWrites: number;
    readonly listPages: number;
    readonly events: number;
  };
  readonly variance: readonly (ThirdRow & { readonly state: string })[];
  readonly pack: { readonly rows: number; readonly equalToWorker: boolean };
}

/** The one JSON object of standard output; anything beside it fails to parse. */
const parse = ({ out }: { readonly out: string }): Started => JSON.parse(out) as Started;

describe('founder-hq start', () => {
  const folder = useFolder();
  let first: Ended;
  beforeAll(async () => {
    first = await folder.run('start', '--once', '--json');
  });

  it('ends well with exactly one JSON object, and the built Pack says what the worker says', () => {
    expect(first.code).toBe(0);
    expect(first.out.trim().split('\n')).toHaveLength(1);
    const { doc, variance, pack, imported } = parse(first);
    expect(doc.tables['execution_runs']).toBeGreaterThan(400);
    expect(pack).toMatchObject({ equalToWorker: true, rows: variance.length });
    expect(imported).toMatchObject({ accepted: 0, refused: [] });
    expect(variance.find(({ workflow }) => workflow === 'Marketing Audit')).toMatchObject({
      nTasks: 41,
      state: 'stable',
    });
  });

  it('finds the same doc and answer again, writes nothing, and is quick about it', async () => {
    const startMs = performance.now();
    const again = await folder.run('start', '--once');
    const seconds = (performance.now() - startMs) / 1_000;
    console.log(`second start: ${seconds.toFixed(1)} s (bar: ${NOISE_SECONDS} s)`);
    expect(again.code).toBe(0);
    expect(again.out).toMatch(
      /Marketing Audit looks 11 % under; it really runs 38 % over: 41 tasks/,
    );
    expect(again.out).toMatch(/1 tick: \d+ reads, 0 writes, 0 events/);
    expect(again.out).toContain('equal to the worker’s');
    const json = parse(await folder.run('start', '--once', '--json'));
    expect(json).toMatchObject({ tick: { apiWrites: 0, events: 0 } });
    expect(json.variance).toEqual(parse(first).variance);
  });
});

const isThere = existsSync(HISTORY);
if (!isThere) console.log(`skipped: no history at ${HISTORY}`);

describe.skipIf(!isThere)('founder-hq start on real history', () => {
  const folder = useFolder();
  let begun: Begun;
  let out = '';
  let served: Announced;
  beforeAll(async () => {
    begun = folder.begin(['start', '--json', '--history', HISTORY]);
    out = await begun.says('"equalToWorker"');
    const state = readFileSync(join(folder.path, '.founder-hq', 'local-doc.json'), 'utf8');
    served = JSON.parse(state) as Announced;
  }, 180_000);
  afterAll(() => begun.kill('SIGKILL'));

  it('brings every row into the doc and sums it as the file does', () => {
    const { imported, doc, variance } = parse({ out });
    const [, ...lines] = readFileSync(HISTORY, 'utf8').trim().split('\n');
    expect(imported.accepted + imported.refused.length).toBe(lines.length);
    expect(doc.tables).toMatchObject({ tasks: lines.length, execution_runs: lines.length });
    // No field of this file is quoted, so a comma is a comma.
    const cells = lines.map((line) => line.split(','));
    const sums = new Map<string, [number, number]>();
    for (const [, workflow = '', , estimate, actual] of cells) {
      const [before, spent] = sums.get(workflow) ?? [0, 0];
      sums.set(workflow, [before + Number(estimate), spent + Number(actual)]);
    }
    const round = (hours: number): number => Math.round(hours * 100) / 100;
    const shown = variance.filter(({ nTasks }) => nTasks > 0);
    expect(
      new Map(shown.map((row) => [row.workflow, [row.estimateHours, row.actualHours].map(round)])),
    ).toEqual(new Map([...sums].map(([workflow, pair]) => [workflow, pair.map(round)])));
    const [estimate, actual] = [...sums.values()].reduce(([e, a], [f, b]) => [e + f, a + b]);
    expect([estimate.toFixed(1), actual.toFixed(1)]).toEqual(['65365.7', '72903.1']);
  });

  it('writes and reads little more than it must', () => {
    const { imported, tick, doc } = parse({ out });
    const {
      workflows = 0,
      projects = 0,
      people = 0,
      tasks = 0,
      execution_runs: runs = 0,
    } = doc.tables;
    const least = (sizes: readonly number[], each: number): number =>
      sizes.reduce((total, size) => total + Math.max(1, Math.ceil(size / each)), 0);
    const loaded = [workflows, projects, people, tasks, runs];
    expect(imported.contentWrites).toBeLessThanOrEqual(1.1 * least(loaded, 100));
    expect(imported.listPages).toBeLessThanOrEqual(1.1 * least(loaded, 200));
    // One tick that writes the figures of workflows and tasks, and one that finds nothing left; templates and Ledger are empty.
    expect(tick.apiWrites).toBeLessThanOrEqual(1.1 * least([workflows, tasks], 100));
    expect(tick.listPages).toBeLessThanOrEqual(1.1 * 2 * least([...loaded, 0, 0], 200));
  });

  it('says the same three times: the worker, the Pack, and the doc’s own rows', async () => {
    const { docId, token, baseUrl } = served;
    const status = await folder.run('status', '--json');
    expect(status.code).toBe(0);
    const worker = (JSON.parse(status.out) as { variance: readonly Row[] }).variance;
    const { bundlePath } = await buildPackBundle();
    const localOrigin = new URL(baseUrl).origin;
    const pack = await createPackRunner({ bundlePath, localOrigin, token });
    const rows = (await pack.sync('Variance', [docId])) as unknown as readonly (Row & Named)[];
    expect(rows.map((row) => toFigures({ ...row, workflow: row.group }))).toEqual(
      worker.map(toFigures),
    );
    const url = `${baseUrl}/docs/${docId}`;
    const third = computeVariance(
      await listItems(url, token, 'tasks'),
      await listItems(url, token, 'execution_runs'),
    );
    const shown = worker.filter(({ nTasks }) => nTasks > 0);
    expect(shown).toHaveLength(third.size);
    for (const row of shown) expect(toFigures(row)).toEqual(toClose(third.get(row.workflow)));
  });

  it('serves the doc until Ctrl-C, and then ends well', async () => {
    begun.kill('SIGINT');
    const { code, out: printed } = await begun.ended;
    expect(code).toBe(0);
    expect(printed.trim().split('\n')).toHaveLength(1);
  });
});

/** The Pack groups by more than workflows. */
interface Named {
  readonly group: string;
}
type Row = Omit<ThirdRow, 'typical' | 'total'> & Partial<Pick<ThirdRow, 'typical' | 'total'>>;

/** The figures of a row, whoever gave it; what nobody can say is null here and absent in the Pack's rows. */
const toFigures = ({ typical = null, total = null, ...row }: Row) => {
  const { workflow, nTasks, nRuns, estimateHours, actualHours, p10, p90 } = row;
  return { workflow, nTasks, nRuns, estimateHours, actualHours, typical, total, p10, p90 };
};

/** Sums in another order differ in their last bits, so what is a fraction is compared to nine digits. */
const toClose = (row: ThirdRow | undefined) =>
  Object.fromEntries(
    Object.entries(row ?? {}).map(([name, value]) => [
      name,
      typeof value === 'number' ? expect.closeTo(value, 9) : value,
    ]),
  );
