import {
  type Books,
  bearPhase,
  bearRun,
  bearTask,
  bearWorker,
  bearWorkstream,
  type DocumentStep,
  toWorkSteps,
  type WorkStep,
} from '#shared/ledger/index.ts';
import type { SpanStep } from '#shared/lifecycle/index.ts';
import { type Plan, preparePlan, type ScheduleEntry, schedule } from '#shared/planning/index.ts';
import type { Store } from '#worker/store/index.ts';
import { createWorkLedger, type WorkBatch } from '#worker/work/index.ts';
import * as scene from '../shared/ledger/record/work-scene.ts';
import { beginAttempt, endAttempt } from './attempt.ts';
import { at, type Order, type OrderedTask, toConfig, toJson, toPlan } from './order.ts';
import { toStanding } from './standing.ts';

const { idOf, sha256 } = scene;

/** What is written down with the steps of a batch. */
export type Beside = Pick<WorkBatch, 'documents' | 'notices'>;
type Part = Pick<WorkBatch, 'key' | 'plan'> & Beside;

/** Turns the answers of the product's pure functions into batches; it decides nothing itself. */
export interface Foreman {
  readonly plan: Plan;
  readonly runId: string;
  /** Transactions so far. */
  readonly batches: () => number;
  /** A moment, so many minutes into the morning. */
  minute: number;
  /** Births of run, plan and workers, and everything begun. */
  begin(): Promise<void>;
  /** Sends off what the schedule sends off, with what is written down for these tasks; answers the entries. */
  dispatch(toBeside?: (taskIds: readonly string[]) => Beside): Promise<readonly ScheduleEntry[]>;
  /** Ends every running attempt as the table says. */
  finish(): Promise<void>;
  /** Dispatches and finishes until nothing is sent off any more. Returns the number of rounds. */
  workOff(): Promise<number>;
  /** Carries steps out as one batch; a refusal is thrown by its code. */
  do(key: string, steps: readonly WorkStep[], beside?: Beside): Promise<void>;
  /** The same with the steps of a rule that spans machines. */
  follow(key: string, steps: readonly SpanStep[], beside?: Beside): Promise<void>;
  /** As `do`, and the answer is `done`, `exists` or the refusal's code. */
  ask(key: string, steps: readonly WorkStep[]): Promise<string>;
  look(): Promise<Books>;
}

/** The births of an order's run and plan. */
export function toBirths(order: Order): readonly WorkStep[] {
  const config = toConfig(order);
  const { runConfigId } = config;
  const asked = at(0);
  return [
    bearRun(scene.run(order.run, { runConfigId }), config, at(0, 'dana@example.com')),
    bearPhase(scene.phase(order.run), config, asked),
    ...order.workstreams.map((name) =>
      bearWorkstream(scene.workstream(name, order.run), config, asked),
    ),
    ...order.tasks.map((task) => toTaskBirth(order.run, task)),
  ];
}

/** The birth of one task of a run. */
function toTaskBirth(run: string, task: OrderedTask, asked = at(0)): WorkStep {
  const { name, workstream, after = [], estimateMs = 60_000, isCritical = false, fixes } = task;
  const repair = fixes === undefined ? {} : { fixes: idOf(fixes) };
  const change = { dependsOn: after.map(idOf), estimateMs, isCritical, ...repair };
  return bearTask(scene.task(name, { run, workstream }, change), asked);
}

/** Workers that can take a task, or hold one. */
const isLive = (workerId: string, books: Books): boolean => {
  const state = books.worker.get(workerId)?.state.state;
  return state === 'idle' || state === 'busy';
};

/** The document of an order's config. */
export function toConfigDocument(order: Order): DocumentStep {
  const config = toConfig(order);
  return { table: 'run_configs', id: config.runConfigId, document: toJson(config), ...at(0) };
}

/** The steps that begin an order's run, phase and workstreams. */
export function toFirstSteps({ run, workstreams, tasks }: Order): readonly WorkStep[] {
  const runId = idOf(run);
  const asked = at(1);
  const taskCount = tasks.length;
  const slot = { isSlotFree: true, isBudgetReservable: true };
  const phase = { openPhases: [], workstreams: workstreams.length };
  return [
    { entity: 'run', id: runId, command: { ...asked, type: 'start', ...slot, taskCount } },
    { entity: 'phase', id: `${runId}/build`, command: { ...asked, type: 'activate', ...phase } },
    ...workstreams.map(idOf).flatMap((id): readonly WorkStep[] => {
      const release = { openDependencies: [], isPhaseActive: true };
      const start = { isRunRunning: true, openGates: [], taskCount };
      return [
        { entity: 'workstream', id, command: { ...asked, type: 'release', ...release } },
        { entity: 'workstream', id, command: { ...asked, type: 'start', ...start } },
      ];
    }),
  ];
}

const toWorkerSteps = ({ workers }: Order, books: Books): readonly WorkStep[] =>
  workers
    .filter((id) => !books.worker.has(id))
    .flatMap((id): readonly WorkStep[] => [
      bearWorker(scene.worker(id), at(1)),
      { entity: 'worker', id, command: { ...at(1), type: 'ready', capabilities: ['web'] } },
    ]);

/** A foreman for one run over a store. */
export function createForeman(store: Store, order: Order): Foreman {
  const runId = idOf(order.run);
  const work = createWorkLedger(store, sha256);
  const plan = toPlan(order);
  const prepared = preparePlan(plan);
  const others = order.workers.map((id) => ({ entity: 'worker' as const, id }));
  const needs = { runIds: [runId], others };
  const workers = order.workers.map((workerId) => ({ workerId, capabilities: ['web'] }));
  const { outcomeOf = () => ({ exitCode: 0, durationMs: 60_000 }) } = order;
  let batches = 0;

  const carry = async (batch: Part): Promise<string> => {
    batches += 1;
    const result = await work.carryOut({ ...needs, ...batch, key: `${order.run}/${batch.key}` });
    if (result.ok) return result.value.kind;
    const { refusal } = result;
    return refusal.code === 'STEP_REFUSED' ? refusal.refusal.code : refusal.code;
  };
  const must = async (batch: Part): Promise<void> => {
    const answer = await carry(batch);
    if (answer !== 'done') throw new Error(`${batch.key}: ${answer}`);
  };

  const foreman: Foreman = {
    plan,
    runId,
    minute: 1,
    batches: () => batches,
    look: () => work.look(needs),
    do: (key, steps, beside = {}) => must({ key, plan: () => steps, ...beside }),
    follow: (key, steps, beside = {}) =>
      must({ key, plan: (books) => toWorkSteps(books, runId, steps), ...beside }),
    ask: (key, steps) => carry({ key, plan: () => steps }),
    async begin() {
      const documents = [toConfigDocument(order)];
      await must({ key: 'birth', plan: () => toBirths(order), documents });
      await must({
        key: 'begin',
        plan: (books) => [...toWorkerSteps(order, books), ...toFirstSteps(order)],
      });
    },
    async dispatch(toBeside = () => ({})) {
      const books = await foreman.look();
      const asked = at(foreman.minute);
      const entries = schedule(prepared, {
        now: asked.at,
        standing: toStanding(books, runId),
        capacities: {
          workers: workers.filter(({ workerId }) => isLive(workerId, books)),
          tools: new Map(),
          budgets: new Map(),
        },
      });
      const sent = entries.filter(({ decision }) => decision === 'dispatch');
      if (sent.length === 0) return entries;
      const tried = [...books.step.values()].filter(
        ({ definition }) => definition['runId'] === runId,
      ).length;
      const parts = sent.map((entry, index) =>
        beginAttempt(entry, { order, books, sequence: tried + index + 1, asked }),
      );
      const { documents = [], notices = [] } = toBeside(sent.map(({ taskId }) => taskId));
      await must({
        key: `dispatch/${foreman.minute}`,
        plan: () => parts.flatMap(({ steps }) => steps),
        documents: [...parts.flatMap((part) => part.documents), ...documents],
        notices,
      });
      return entries;
    },
    async finish() {
      const { step } = await foreman.look();
      const running = [...step.values()].filter(
        ({ state, definition }) => state.state === 'running' && definition['runId'] === runId,
      );
      for (const { id } of running) {
        const begun = { order, books: await foreman.look(), asked: at(foreman.minute) };
        const { steps, documents } = endAttempt(id, begun, outcomeOf);
        await must({ key: `finish/${id}`, plan: () => steps, documents });
      }
    },
    async workOff() {
      for (let rounds = 0; ; rounds += 1) {
        const entries = await foreman.dispatch();
        if (!entries.some(({ decision }) => decision === 'dispatch')) return rounds;
        foreman.minute += 1;
        await foreman.finish();
      }
    },
  };
  return foreman;
}
