import type { Ms } from '#shared/kernel/index.ts';
import { elapsedMs, type Guard, type Happened, must, should } from '../transition.ts';
import type { Worker } from './worker.ts';
import { START_TIMEOUT_MS } from './worker-limits.ts';
import type { AssignFacts, Hearing, WorkerCommand, WorkerRefusal } from './worker-messages.ts';

type WorkerGuard = Guard<WorkerRefusal>;
type Of<Type extends WorkerCommand['type']> = Extract<WorkerCommand, { readonly type: Type }>;

/** What must hold beyond the table, in the order in which it is judged. */
export function toWorkerGuards(
  command: WorkerCommand,
  worker: Worker,
  stamp: Happened,
): readonly WorkerGuard[] {
  switch (command.type) {
    case 'create':
    case 'recover':
      return [];
    case 'ready':
      return [must(command.capabilities.length > 0, { code: 'CAPABILITIES_MISSING' })];
    case 'assign':
      return guardAssign(command, worker);
    case 'finish':
    case 'release':
    case 'resume_task':
      return [holdsTask(worker), lease(command.leaseToken, worker)];
    case 'pause':
    case 'drain':
      return [reason(command)];
    case 'resume':
      return [holdsNone(worker)];
    case 'stop':
      return [...(command.force ? [] : [holdsNone(worker)]), reason(command)];
    case 'lose':
      return [silentFor(worker.config.lostAfterMs, toSilentMs(command, worker, stamp))];
    case 'crash':
      return guardCrash(command, worker, stamp);
    case 'heartbeat':
      return guardHeartbeat(command, worker);
  }
}

/** How long nothing was heard of a worker. A sign of life from a clock that is ahead is no silence of negative length. Units: ms. */
export function toSilentMs({ heardAt }: Hearing, worker: Worker, { at }: Happened): Ms {
  const knownMs = elapsedMs(worker.lastHeartbeatAt ?? worker.createdAt, at);
  const heardMs = heardAt === undefined ? knownMs : elapsedMs(heardAt, at);
  return Math.max(0, Math.min(knownMs, heardMs));
}

function guardAssign(facts: AssignFacts, worker: Worker): readonly WorkerGuard[] {
  const { requiredAffinity, leaseHolder } = facts;
  const missing = facts.requiredCapabilities.filter((need) => !worker.capabilities.includes(need));
  const fits = requiredAffinity === undefined || requiredAffinity === worker.affinity;
  return [
    must(facts.isTaskQueued, { code: 'TASK_NOT_QUEUED' }),
    should(missing.length === 0, { code: 'CAPABILITY_MISMATCH', missing }),
    should(fits, { code: 'AFFINITY_MISMATCH', requiredAffinity }),
    must(leaseHolder === undefined, { code: 'LEASE_HELD', leaseHolder }),
  ];
}

function guardCrash(command: Of<'crash'>, worker: Worker, stamp: Happened): readonly WorkerGuard[] {
  const silentMs = toSilentMs(command, worker, stamp);
  switch (command.reason) {
    case 'process_ended':
    case 'orchestrator_crash':
      return [];
    case 'start_timeout': {
      const isLate =
        worker.state === 'starting' && elapsedMs(worker.createdAt, stamp.at) > START_TIMEOUT_MS;
      return [should(isLate, { code: 'HEARTBEAT_FRESH', silentMs })];
    }
    case 'silent':
      return [silentFor(worker.config.deadAfterMs, silentMs)];
  }
}

/** A lost worker has no lease left; what it believes to hold does not keep it from coming back. */
function guardHeartbeat(command: Of<'heartbeat'>, worker: Worker): readonly WorkerGuard[] {
  const { leaseToken } = command;
  return leaseToken === undefined || worker.state === 'lost' ? [] : [lease(leaseToken, worker)];
}

const silentFor = (limitMs: Ms, silentMs: Ms): WorkerGuard =>
  should(silentMs > limitMs, { code: 'HEARTBEAT_FRESH', silentMs });

const lease = (leaseToken: number, { leaseToken: currentToken }: Worker): WorkerGuard =>
  must(leaseToken === currentToken, { code: 'STALE_LEASE', leaseToken, currentToken });

const holdsTask = ({ heldTaskId }: Worker): WorkerGuard =>
  must(heldTaskId !== undefined, { code: 'NO_TASK_HELD' });

const holdsNone = ({ heldTaskId }: Worker): WorkerGuard =>
  must(heldTaskId === undefined, { code: 'TASK_HELD', heldTaskId });

const reason = (command: { readonly reason: string }): WorkerGuard =>
  must(command.reason !== '', { code: 'REASON_REQUIRED' });
