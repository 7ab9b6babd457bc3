import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type CodaTransport, createCodaApi } from '#shared/coda/index.ts';
import {
  FOUNDER_HQ_TABLES,
  PROJECT_PLAN_TABLES,
  readBinding,
  readFounderHq,
  toKnownWork,
  toProjectPattern,
} from '#shared/doc/index.ts';
import { proposeProject } from '#shared/planning/index.ts';
import { createPacedTransport } from '#worker/coda/index.ts';
import { awaitEarlierLoad } from '#worker/import/index.ts';
import { createDocFromTables, type LocalDocOptions } from '#worker/local-doc/index.ts';
import { applyProposal, createPlanMark, keepMadeKeys, readMadeKeys } from '#worker/plan/index.ts';
import { openSqliteStore, sha256 } from '#worker/store/index.ts';

const STRICT_LAG_MS = 400_000;

/** A doc with one offer of two steps, a ledger beside it, and a clock that only waiting moves. */
async function createPlanScene(options: Partial<LocalDocOptions> & { statuses?: string[] } = {}) {
  let nowMs = Date.UTC(2026, 4, 4, 9);
  const clock = () => nowMs;
  const wait = async (ms: number) => {
    nowMs += ms;
  };
  const { statuses, ...rest } = options;
  const tables = FOUNDER_HQ_TABLES.map((table) =>
    table.name === 'tasks' && statuses !== undefined
      ? {
          ...table,
          columns: table.columns.map((column) =>
            column.name === 'status' ? { ...column, options: statuses } : column,
          ),
        }
      : table,
  );
  const doc = createDocFromTables(tables, { seed: 7, clock, ...rest });
  const folder = mkdtempSync(join(tmpdir(), 'founder-hq-plan-'));
  const store = await openSqliteStore({ file: join(folder, 'ledger.db') });
  onTestFinished(async () => {
    await store.close();
    doc.close();
    rmSync(folder, { recursive: true });
  });
  const { person } = doc;
  person.insertRow('service_blueprints', { name: 'Audit' });
  person.insertRow('offers', { name: 'Growth audit', service_blueprint: 'Audit' });
  person.insertRow('workflows', { name: 'Marketing', service_blueprint: 'Audit' });
  const checklist = 'Interview (3 h)\nReport';
  person.insertRow('process_templates', { name: 'Four weeks', workflow: 'Marketing', checklist });
  const isStrict = options.profile === 'strict';
  const lagMs = isStrict ? STRICT_LAG_MS : 0;
  await wait(lagMs);
  /** What `plan --apply` does, by this clock. */
  const apply = async (carrier: CodaTransport = doc.transport) => {
    const buckets = isStrict ? {} : ({ buckets: 'unlimited' } as const);
    const paced = createPacedTransport(carrier, { clock, wait, random: () => 0, ...buckets });
    const api = createCodaApi(paced.transport);
    const target = { api, docId: doc.docId };
    const load = { clock, wait, lagMs, sentMark: createPlanMark(store) };
    await awaitEarlierLoad(load);
    const binding = await readBinding(api, doc.docId, { tables: PROJECT_PLAN_TABLES });
    const read = await readFounderHq({ ...target, binding }, PROJECT_PLAN_TABLES);
    const [offer] = read.doc.offers;
    if (offer === undefined) throw new Error('no offer is shown yet');
    const proposal = proposeProject(
      { name: 'Audit Acme', startDate: '2026-05-11' },
      {
        pattern: toProjectPattern(read.doc, offer),
        known: toKnownWork(read.doc, await readMadeKeys(store)),
        sha256,
      },
    );
    if (!proposal.ok) throw new Error(proposal.refusal.code);
    const made = await applyProposal(target, proposal.value, load);
    await keepMadeKeys(store, made.keys);
    return { proposal: proposal.value, made };
  };
  const names = (table: string) => person.readRows(table).map(({ cells }) => cells['name']);
  return { doc, person, store, clock, wait, apply, names };
}

describe('the rows of a plan', () => {
  it.each([
    [['Draft', 'Not started', 'Done'], 'Draft'],
    [['Not started', 'Done'], 'Not started'],
    [['Open', 'Done'], null],
    [[], 'Draft'],
  ])('begin in the status that %j has for it', async (statuses, status) => {
    const { apply, person } = await createPlanScene({ statuses });
    expect((await apply()).made.status).toBe(status);
    const shown = person.readRows('tasks').map(({ cells }) => cells['status']);
    expect(shown).toEqual([status ?? '', status ?? '']);
  });

  it('are each there once in a doc that shows writes minutes later, and are not sent again before', async () => {
    const { apply, names, clock } = await createPlanScene({ profile: 'strict' });
    const { made } = await apply();
    expect(made).toMatchObject({ made: { engagements: 1, projects: 1, tasks: 2 } });
    const after = clock();
    const again = await apply();
    expect(again.proposal).toMatchObject({ rows: [], present: 4 });
    expect(clock() - after).toBeLessThanOrEqual(STRICT_LAG_MS + 60_000);
    expect([names('engagements'), names('projects'), names('tasks')]).toEqual([
      ['Audit Acme'],
      ['Audit Acme'],
      ['Interview', 'Report'],
    ]);
  });

  it('stay as a person has changed them though the doc does not show them to the next run yet', async () => {
    const { doc, apply, person, names, wait } = await createPlanScene({ profile: 'strict' });
    let writes = 0;
    const killed: CodaTransport = async (request) => {
      if (writes === 3) throw new Error('killed');
      const answer = await doc.transport(request);
      if (request.method === 'POST') writes += 1;
      return answer;
    };
    await expect(apply(killed)).rejects.toThrow('killed');
    // By now it is in the doc, and no reading shows it yet.
    await wait(60_000);
    const [first] = person.readRows('tasks');
    person.editCell('tasks', first?.rowId ?? '', { estimated_hours: '9' });
    expect((await apply()).proposal).toMatchObject({
      rows: [],
      differences: [{ kind: 're_estimated', name: 'Interview' }],
    });
    expect(names('tasks')).toEqual(['Interview', 'Report']);
    expect(person.readRows('tasks')[0]?.cells).toMatchObject({ estimated_hours: '9' });
  });

  it('come together in the end, wherever the process is killed', async () => {
    for (let call = 1; call <= 40; call += 1) {
      for (const isAfter of [false, true]) {
        const { doc, apply, names } = await createPlanScene();
        let calls = 0;
        const killed: CodaTransport = async (request) => {
          calls += 1;
          if (calls > call) throw new Error('killed');
          if (calls < call) return doc.transport(request);
          if (isAfter) await doc.transport(request);
          throw new Error('killed');
        };
        const isDone = await apply(killed).then(
          () => true,
          () => false,
        );
        const { made } = await apply();
        expect(made.differences).toEqual([]);
        expect([names('engagements'), names('projects'), names('tasks')]).toEqual([
          ['Audit Acme'],
          ['Audit Acme'],
          ['Interview', 'Report'],
        ]);
        if (isDone) return;
      }
    }
    throw new Error('the plan makes more calls than were tried');
  });

  it('are remembered once the doc has shown them, and one that is deleted is not made again', async () => {
    const { apply, person, names, store } = await createPlanScene();
    const { proposal } = await apply();
    expect(await readMadeKeys(store)).toEqual(new Set(proposal.rows.map(({ key }) => key)));
    const [first] = person.readRows('tasks');
    person.deleteRow('tasks', first?.rowId ?? '');
    expect((await apply()).proposal).toMatchObject({
      rows: [],
      differences: [{ kind: 'deleted', name: 'Interview' }],
    });
    expect(names('tasks')).toEqual(['Report']);
  });
});
