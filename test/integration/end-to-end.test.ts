import { describe, expect, it } from 'vitest';
import {
  type CostEntry,
  rollUp,
  toBudgetStep,
  toCostCells,
  toPriceBookStep,
} from '#shared/cost/index.ts';
import { toRunView, type WorkStep } from '#shared/ledger/index.ts';
import { grantWaiver, toSuccessFacts } from '#shared/lifecycle/index.ts';
import {
  type Capacities,
  checkPlan,
  dryRun,
  estimateFinish,
  preparePlan,
  type ScheduleEntry,
  toProgress,
} from '#shared/planning/index.ts';
import { openSqliteStore, type Store } from '#worker/store/index.ts';
import { idOf } from '../shared/ledger/record/work-scene.ts';
import { HAS_NO_POSTGRES, useEmptyStores } from '../sync-worker/store/postgres/postgres-docs.ts';
import { useStoreFiles } from '../sync-worker/store/store-files.ts';
import { expectWhole } from './check-store.ts';
import { createForeman, type Foreman } from './foreman.ts';
import { PRICES } from './money.ts';
import { at, type Order, toJson } from './order.ts';
import {
  landPatch,
  makePatch,
  runCheck,
  setAside,
  standGate,
  toGate,
  toGateNews,
  toGateStep,
  toGrantStep,
} from './quality.ts';
import {
  BUDGET,
  correctCosts,
  hold,
  moneyIn,
  openSpending,
  type Spent,
  settle,
  TOKENS,
} from './spending.ts';
import { toStanding } from './standing.ts';

const ORDER: Order = {
  run: 'R',
  workstreams: ['W'],
  tasks: [
    { name: 'design', workstream: 'W' },
    { name: 'page', workstream: 'W', after: ['design'] },
    { name: 'form', workstream: 'W', after: ['design'] },
    { name: 'launch', workstream: 'W', after: ['page', 'form'] },
  ],
  workers: ['w1', 'w2'],
  maxParallel: 2,
};
const RUN_ID = idOf('R');
const CAPACITIES: Capacities = {
  workers: ORDER.workers.map((workerId) => ({ workerId, capabilities: ['web'] })),
  tools: new Map(),
  budgets: new Map(),
};
const GATE = toGate(['unit', 'security']);
const TERMS = { onFailure: 'skip_dependents', dependencies: [], decisions: [] } as const;

const nextFile = useStoreFiles();
const STORES = [
  { name: 'SQLite', isMissing: false, open: () => openSqliteStore({ file: nextFile() }) },
  { name: 'PostgreSQL', isMissing: HAS_NO_POSTGRES, open: useEmptyStores() },
];

describe.each(STORES)('a run from its plan to its success on $name', ({ isMissing, open }) => {
  it.skipIf(isMissing)('keeps every document, event, cost and verdict of the way', async () => {
    const store = await open();
    try {
      const foreman = createForeman(store, ORDER);
      expectPlanToHold(foreman);
      await foreman.begin();
      await writePlan(foreman);
      const spent = await work(foreman);
      expect(moneyIn(spent)).toMatchObject({ spentMicros: 57_660n, heldMicros: 0n });
      await closeWorkstream(foreman);
      await passGates(foreman);
      await expectCosts(store, await correctCosts(foreman, spent.entries));
      await expectWholeRun(store, foreman);
    } finally {
      await store.close();
    }
  });
});

function expectPlanToHold({ plan }: Foreman): void {
  const nothing = { tasks: new Map(), workstreams: new Map(), phases: new Map(), gates: new Map() };
  const standing = { run: 'pending', ...nothing } as const;
  const situation = { now: at(0).at, standing, capacities: CAPACITIES };
  expect(checkPlan(preparePlan(plan), CAPACITIES)).toMatchObject({
    findings: [],
    criticalPathMs: 180_000,
    lowerBoundMs: 180_000,
    levels: 3,
  });
  expect(dryRun(plan, situation, { history: new Map(), seed: 7 })).toMatchObject({
    finishMs: 180_000,
    unplaced: [],
    batches: [
      { startMs: 0, taskIds: [idOf('design')] },
      { startMs: 60_000, taskIds: [idOf('page'), idOf('form')] },
      { startMs: 120_000, taskIds: [idOf('launch')] },
    ],
  });
}

async function writePlan(foreman: Foreman): Promise<void> {
  const edges = foreman.plan.tasks.flatMap(({ taskId: toId, dependsOn }) =>
    dependsOn.map(({ fromId, kind, condition }) => {
      const dependencyId = idOf(`${fromId} ${toId}`);
      const edge = { dependencyId, runId: RUN_ID, fromId, toId, kind, condition };
      const document = toJson({
        schema: 'ws_dependency.v1',
        ...edge,
        inferred: false,
        at: at(0).at,
      });
      return { table: 'dependencies', id: dependencyId, document, ...at(0) };
    }),
  );
  const documents = [
    ...edges,
    toPriceBookStep(PRICES, at(0)),
    toGateStep(GATE),
    toBudgetStep(BUDGET, at(0)),
  ];
  await foreman.do('plan', [], { documents });
}

/** Works the plan off, round by round: money is held as a task begins and settled at its end. */
async function work(foreman: Foreman): Promise<Spent> {
  const spent = openSpending();
  const percents: unknown[] = [];
  for (let tick = 0; ; tick += 1) {
    const entries = await foreman.dispatch((taskIds) => hold(foreman, taskIds, spent));
    const sent = entries.filter(({ decision }) => decision === 'dispatch');
    if (sent.length === 0) break;
    const documents = entries.map((entry) => toEntryStep(entry, tick));
    await foreman.do(`schedule/${tick}`, [], { documents });
    foreman.minute += 1;
    if (tick === 1) await landPatches(foreman);
    await foreman.finish();
    await foreman.do(`settle/${tick}`, [], settle(spent, at(foreman.minute)));
    percents.push(await recordProgress(foreman, tick));
  }
  expect(percents).toEqual([
    [25, 'insufficient'],
    [75, 'insufficient'],
    [100, 'done'],
  ]);
  return spent;
}

function toEntryStep({ workerId: _worker, ...entry }: ScheduleEntry, tick: number) {
  const entryId = idOf(`${entry.taskId} at ${tick}`);
  const document = toJson({ schema: 'schedule_entry.v1', entryId, runId: RUN_ID, tick, ...entry });
  return { table: 'schedule_entries', id: entryId, document, at: entry.at, by: 'system' };
}

/** Two patches: one lands, one is set aside and its replacement lands. */
async function landPatches(foreman: Foreman): Promise<void> {
  const { minute } = foreman;
  const page = { run: 'R', workstream: 'W', task: 'page' };
  const form = { run: 'R', workstream: 'W', task: 'form' };
  await foreman.do('patches', [
    makePatch('P1', page, { minute, isRequired: true }),
    ...landPatch('P1', minute),
    makePatch('P2', form, { minute, isRequired: false }),
    setAside('P2', minute),
    makePatch('P3', form, { minute, isRequired: true, replaces: 'P2' }),
    ...landPatch('P3', minute),
  ]);
}

/** Stores how far the run is. Answers the percent done and what is known of the end. */
async function recordProgress(foreman: Foreman, tick: number): Promise<readonly unknown[]> {
  const asked = at(foreman.minute);
  const standing = toStanding(await foreman.look(), RUN_ID);
  const prepared = preparePlan(foreman.plan);
  const input = { now: asked.at, standing, startedAt: at(1).at, pausedMs: 0, percents: new Map() };
  const progress = toProgress(prepared, input);
  const situation = { now: asked.at, standing, capacities: CAPACITIES };
  const eta = estimateFinish(prepared, situation, { history: new Map(), seed: 7 });
  const { etaState, sampleSize } = eta;
  const known =
    'remaining' in eta
      ? {
          etaP50At: eta.etaP50At,
          etaP90At: eta.etaP90At,
          remainingP50Ms: eta.remaining.p50Ms,
          remainingP90Ms: eta.remaining.p90Ms,
        }
      : {};
  const snapshotId = idOf(`progress ${tick}`);
  const head = { schema: 'progress_snapshot.v1', snapshotId, runId: RUN_ID, at: asked.at };
  const snapshot = { ...head, ...progress, etaState, sampleSize, ...known, stalled: false };
  const document = toJson(snapshot);
  const facts = toJson({ snapshotId, completedPercent: progress.completedPercent });
  const type = 'progress_recorded';
  const step = { table: 'progress_snapshots', id: snapshotId, document, ...asked, type, facts };
  await foreman.do(`progress/${tick}`, [], { documents: [step] });
  return [progress.completedPercent, etaState];
}

const askRun = (command: Extract<WorkStep, { entity: 'run' }>['command']): WorkStep => ({
  entity: 'run',
  id: RUN_ID,
  command,
});

async function closeWorkstream(foreman: Foreman): Promise<void> {
  const asked = at(foreman.minute);
  const ended = { completed: 4, failed: 0, canceled: 0 };
  const met = { unmetChecks: [], failedCriticals: [], openGates: [] };
  const id = idOf('W');
  const gates = { openWorkstreams: 0, requiredGates: ['tests'], openPatches: 0 };
  await foreman.do('validate', [
    {
      entity: 'workstream',
      id,
      command: { ...asked, type: 'begin_validation', openTasks: 0, ...ended },
    },
    { entity: 'workstream', id, command: { ...asked, type: 'complete', ...met, ...ended } },
    {
      entity: 'phase',
      id: `${RUN_ID}/build`,
      command: { ...asked, type: 'gate', openWorkstreams: 0 },
    },
    askRun({ ...asked, type: 'begin_validation', ...gates }),
  ]);
}

/** The gate fails, a check is repeated, the other one waived; only then the run may be called done. */
async function passGates(foreman: Foreman): Promise<void> {
  const { minute } = foreman;
  await foreman.do('checks', [
    ...runCheck('unit 1', 'R', { checkId: 'unit', minute, exitCode: 1 }),
    ...runCheck('security 1', 'R', { checkId: 'security', minute, exitCode: 1 }),
  ]);
  const failed = await stand(foreman, minute + 1);
  expect(failed).toMatchObject({ status: 'FAILED', checkIds: ['unit', 'security'] });
  expect(await foreman.ask('too early', [await toSuccess(foreman, minute + 1)])).toBe(
    'RUN_GATES_OPEN',
  );
  await foreman.do(
    'repeat',
    runCheck('unit 2', 'R', { checkId: 'unit', minute: minute + 2, exitCode: 0, again: 'unit 1' }),
  );
  expect(await stand(foreman, minute + 3)).toMatchObject({
    status: 'FAILED',
    checkIds: ['security'],
  });
  const waiver = waive(minute + 3);
  const waived = await stand(foreman, minute + 3, [waiver]);
  expect(waived).toMatchObject({ status: 'WAIVED', checkIds: ['security'] });
  const asked = at(minute + 3);
  const notices = toGateNews(GATE, { before: failed, after: waived }, asked);
  const exit = { openGates: [], openWorkstreams: 0, waivedGates: ['tests'] };
  await foreman.do(
    'success',
    [
      { entity: 'phase', id: `${RUN_ID}/build`, command: { ...asked, type: 'complete', ...exit } },
      await toSuccess(foreman, minute + 3, [waiver]),
    ],
    { documents: [toGrantStep(waiver)], notices },
  );
}

function waive(minute: number) {
  const names = { waiverId: idOf('waiver'), checkId: 'security', scope: 'acme-site' };
  const people = { owner: 'dana@example.com', approver: 'lee@example.com' };
  const reason = 'the finding is in a test page';
  const granted = grantWaiver({ ...names, ...people, reason, grantedAt: at(minute).at }, false);
  if (!granted.ok) throw new Error(granted.refusal.code);
  return granted.value;
}

async function stand(
  foreman: Foreman,
  minute: number,
  waivers: readonly ReturnType<typeof waive>[] = [],
) {
  const checks = toRunView(await foreman.look(), RUN_ID, TERMS)?.checks ?? [];
  return standGate(GATE, minute, { checks, waivers });
}

async function toSuccess(
  foreman: Foreman,
  minute: number,
  waivers: readonly ReturnType<typeof waive>[] = [],
): Promise<WorkStep> {
  const view = toRunView(await foreman.look(), RUN_ID, TERMS);
  if (view === undefined) throw new Error('expected the run');
  const facts = toSuccessFacts(view, [await stand(foreman, minute, waivers)], false);
  return askRun({ ...at(minute), type: 'succeed', ...facts });
}

async function expectCosts(store: Store, entries: readonly CostEntry[]): Promise<void> {
  const cells = toCostCells(entries, ({ workstreamId = '', taskId = '' }) => ({
    workstream: workstreamId,
    task: taskId,
  }));
  const sums = new Map<string, bigint>();
  for (const { document } of await store.listRecords('costs', { runId: RUN_ID })) {
    const { taskId, amountMicros = '0' } = JSON.parse(JSON.stringify(document));
    sums.set(taskId, (sums.get(taskId) ?? 0n) + BigInt(amountMicros));
  }
  const byTask = rollUp(cells, ['task']);
  expect(new Map(byTask.map(({ key, totals }) => [key['task'], totals[0]?.costMicros]))).toEqual(
    sums,
  );
  expect(sums).toEqual(new Map(TOKENS.map(([task, tokens]) => [idOf(task), 15n * BigInt(tokens)])));
  const settled = await store.listRecords('reservations', { runId: RUN_ID, state: 'settled' });
  expect(new Map(settled.map(({ document }) => toSettled(document)))).toEqual(sums);
  expect(rollUp(cells, ['workstream'])).toMatchObject([
    {
      totals: [{ currency: 'EUR', costMicros: 57_660n, marginMicros: null }],
      unpriced: [{ name: 'renderer', count: 1 }],
    },
  ]);
}

function toSettled(document: unknown): readonly [string, bigint] {
  const { taskId, settledMicros } = JSON.parse(JSON.stringify(document));
  return [taskId, BigInt(settledMicros)];
}

async function expectWholeRun(store: Store, foreman: Foreman): Promise<void> {
  const events = await expectWhole(store);
  const count = (wanted: string): number => events.filter(({ type }) => type === wanted).length;
  expect(count('task_completed')).toBe(4);
  expect(count('routing_decided')).toBe(4);
  expect(count('reservation_settled')).toBe(4);
  expect(count('patch_quarantined')).toBe(1);
  const payloadsOf = (wanted: string) =>
    events.filter(({ type }) => type === wanted).map(({ payload }) => payload);
  expect(payloadsOf('budget_threshold_reached')).toMatchObject([
    { thresholdPercent: 50, usedPercent: 51.25 },
  ]);
  expect(payloadsOf('gate_status_changed')).toMatchObject([
    { from: 'FAILED', to: 'WAIVED', checkIds: ['security'] },
  ]);
  expect(count('patch_committed')).toBe(2);
  expect(await store.getRecord('runs', RUN_ID)).toMatchObject({
    document: {
      state: 'succeeded',
      counters: {
        stepAttempts: 4,
        patchesCreated: 3,
        patchesApplied: 2,
        tasksTotal: 4,
        tasksCompleted: 4,
      },
    },
  });
  expect((await foreman.look()).phase.get(`${RUN_ID}/build`)?.state.state).toBe('completed');
}
