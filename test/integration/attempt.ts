import { toUlid } from '#shared/kernel/index.ts';
import {
  type Books,
  bearStep,
  type DocumentStep,
  type JsonObject,
  type WorkStep,
} from '#shared/ledger/index.ts';
import type { Asked, TaskCommand } from '#shared/lifecycle/index.ts';
import {
  NO_ROUTE_MEMORY,
  type RouteDecision,
  type RouteTool,
  route,
  type ScheduleEntry,
  type ToolFacts,
} from '#shared/planning/index.ts';
import * as scene from '../shared/ledger/record/work-scene.ts';
import { type Order, type Outcome, toJson } from './order.ts';

const { idOf, sha256 } = scene;
/** The tool every order has that names none. */
export const EDITOR: RouteTool = {
  toolId: 'editor',
  capabilities: { taskKinds: ['implement'], domains: ['web'] },
  limits: { maxParallel: 64 },
  safetyTier: 'high',
  weight: 1,
  priority: 5,
};
const FRESH: ToolFacts = {
  running: 0,
  isBreakerOpen: false,
  callsLastMinute: 0,
  record: { tries: 0, successes: 0 },
};

/** What one part of a batch comes to. */
export interface Part {
  readonly steps: readonly WorkStep[];
  readonly documents: readonly DocumentStep[];
}

/** Where an attempt begins: the order, the books, and its number in the run. */
export interface Begun {
  readonly order: Order;
  readonly books: Books;
  readonly sequence: number;
  readonly asked: Asked;
}

const askTask = (id: string, command: TaskCommand): WorkStep => ({ entity: 'task', id, command });

/** The commands that send one task to its worker with the tool that routing chose. */
export function beginAttempt({ taskId, workerId = '', score }: ScheduleEntry, begun: Begun): Part {
  const { order, books, sequence, asked } = begun;
  const known = books.task.get(taskId);
  const of = toNames(taskId, order);
  const leaseToken = (known?.state.leaseToken ?? 0) + 1;
  const attempt = (known?.state.attempt ?? 0) + 1;
  const decision = choose(taskId, attempt, begun);
  const step = `${order.run} step ${sequence}`;
  const { selectedTool: toolId = '', decisionId } = decision;
  const lease = { workerId, leaseToken };
  const place = { priority: 'normal', score } as const;
  const open = { openDependencies: [], openGates: [] };
  const means = { openGates: [], heldLocks: [], isBudgetReservable: true };
  const isPending = known?.state.state === 'pending';
  const steps: readonly WorkStep[] = [
    ...(isPending ? [askTask(taskId, { ...asked, type: 'queue', ...open, ...place })] : []),
    {
      entity: 'worker',
      id: workerId,
      command: {
        ...asked,
        type: 'assign',
        taskId,
        leaseToken,
        isTaskQueued: true,
        requiredCapabilities: ['web'],
      },
    },
    askTask(taskId, { ...asked, type: 'start', isRunRunning: true, ...means, ...lease }),
    bearStep(
      scene.step(step, of, { toolId, decisionId, sequence, attempt }),
      { isRunRunning: true },
      asked,
    ),
    {
      entity: 'step',
      id: idOf(step),
      command: {
        ...asked,
        type: 'start',
        isRunRunning: true,
        ...lease,
        currentToken: leaseToken,
        isBreakerOpen: false,
      },
    },
  ];
  return { steps, documents: [toDecisionDocument(decision, asked)] };
}

/** The commands that end one attempt as the table of outcomes says. */
export function endAttempt(
  stepId: string,
  { order, books, asked }: Omit<Begun, 'sequence'>,
  outcomeOf: NonNullable<Order['outcomeOf']>,
): Part {
  const { taskId, toolId, leaseToken, workerId, attempt } = underWay(stepId, books);
  const outcome = outcomeOf(toNames(taskId, order).task, attempt);
  const toolResultId = idOf(`${stepId} result`);
  const { exitCode } = outcome;
  const isDone = exitCode === 0;
  const free: WorkStep = {
    entity: 'worker',
    id: workerId,
    command: { ...asked, type: 'finish', leaseToken, outcome: isDone ? 'completed' : 'failed' },
  };
  const done = { unmetChecks: [], openGates: [], openPatches: [] };
  const result = { toolResultId, exitCode };
  const steps: readonly WorkStep[] = isDone
    ? [
        {
          entity: 'step',
          id: stepId,
          command: { ...asked, type: 'succeed', ...result, patchIds: [] },
        },
        askTask(taskId, { ...asked, type: 'submit', leaseToken, toolResultId, patchIds: [] }),
        askTask(taskId, { ...asked, type: 'complete', ...done }),
        free,
      ]
    : [
        {
          entity: 'step',
          id: stepId,
          command: { ...asked, type: 'fail', failureKind: 'exit_code', ...result },
        },
        askTask(taskId, toFailure(outcome, leaseToken, asked)),
        free,
      ];
  const document = toToolResult({ stepId, toolId, toolResultId }, outcome, asked);
  const scope = { runId: idOf(order.run), taskId };
  const stored = { table: 'tool_results', id: toolResultId, document, ...asked, scope };
  return { steps, documents: [stored] };
}

/** An attempt that is running, and the task and the lease it runs under. */
function underWay(stepId: string, books: Books) {
  const step = books.step.get(stepId)?.state;
  const task = books.task.get(step?.taskId ?? '')?.state;
  if (step === undefined || task?.workerId === undefined)
    throw new Error(`${stepId} is not running`);
  const { toolId, taskId } = step;
  const { leaseToken, workerId, attempt } = task;
  return { taskId, toolId, leaseToken, workerId, attempt };
}

function toFailure(outcome: Outcome, leaseToken: number, asked: Asked): TaskCommand {
  return outcome.isRetryable === true
    ? { ...asked, type: 'retry', isRetryable: true, leaseToken, random: 0.5 }
    : { ...asked, type: 'fail', leaseToken, reason: 'exit_code' };
}

function toNames(taskId: string, order: Order) {
  const task = order.tasks.find(({ name }) => idOf(name) === taskId);
  return { run: order.run, workstream: task?.workstream ?? '', task: task?.name ?? '' };
}

function choose(
  taskId: string,
  attempt: number,
  { order, books, sequence, asked }: Begun,
): RouteDecision {
  const tools = order.tools ?? [EDITOR];
  const request = {
    decisionId: toUlid(Date.parse(asked.at), sha256(`${taskId} ${attempt} ${sequence}`)),
    at: asked.at,
    attempt,
    task: {
      taskId,
      runId: idOf(order.run),
      workstreamId: idOf(toNames(taskId, order).workstream),
      kind: 'implement',
      domain: 'web',
      riskTier: 'low',
      requiredCapabilities: [],
      optionalCapabilities: [],
      forbiddenTools: [],
    },
    tools,
    rules: [],
    facts: Object.fromEntries(
      tools.map(({ toolId }) => {
        const isBreakerOpen = books.breaker.get(toolId)?.state.state === 'open';
        return [toolId, { ...FRESH, isBreakerOpen }];
      }),
    ),
    memory: NO_ROUTE_MEMORY,
    defaultStrategy: 'least_loaded',
    configVersion: '1.0.0',
    seed: 7,
  } as const;
  return route(request, sha256).decision;
}

const toDecisionDocument = (decision: RouteDecision, asked: Asked): DocumentStep => {
  const { decisionId, runId, taskId, selectedTool, strategy, candidates } = decision;
  return {
    table: 'routing_decisions',
    id: decisionId,
    document: toJson({ schema: 'routing_decision.v1', ...decision }),
    ...asked,
    type: 'routing_decided',
    facts: toJson({ decisionId, selectedTool, strategy, candidates }),
    scope: { runId, taskId },
  };
};

function toToolResult(
  names: { readonly stepId: string; readonly toolId: string; readonly toolResultId: string },
  { exitCode, durationMs }: Outcome,
  asked: Asked,
): JsonObject {
  const { stepId: stepAttemptId, toolId, toolResultId } = names;
  return {
    schema: 'tool_result.v1',
    toolResultId,
    stepAttemptId,
    toolId,
    exitCode,
    timedOut: false,
    startedAt: new Date(Date.parse(asked.at) - durationMs).toISOString(),
    endedAt: asked.at,
    durationMs,
    success: exitCode === 0,
    stdoutTail: '',
    stderrTail: '',
    outputTruncated: false,
    outputHash: sha256(''),
    patchIds: [],
    usage: [],
  };
}
