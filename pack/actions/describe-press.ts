import { MINUTE_MS, msToHours } from '#shared/kernel/index.ts';
import {
  type LedgerRow,
  type LedgerView,
  PATIENCE_MS,
  toDeskId,
  type ViewRun,
} from '#shared/ledger/index.ts';
import type { GatesOfTask } from './gates-of-task.ts';
import type { PressCommand } from './press.ts';

/** A press, and the desk as it was seen without it and with it. */
export interface RecordedPress {
  readonly title: string;
  readonly command: PressCommand;
  readonly before: LedgerView;
  readonly after: LedgerView;
  /** The row that already asked for the same, if there is one. */
  readonly known: LedgerRow | undefined;
  /** What a finish has to wait for; absent where that could not be read. */
  readonly gates: GatesOfTask | undefined;
}

/** What a button answers: what was recorded, how the run stands now as far as can be seen, and what else it moved. */
export function describePress(press: RecordedPress): string {
  const { title, command, known } = press;
  if (known !== undefined) return describeKnown(title, known);
  const recorded = `Recorded: ${title}.`;
  if (command.type === 'LogHours') return `${recorded} Counted for ${command.data.day}.`;
  return [recorded, describeRun(press), describeGates(press), describePaused(press)]
    .filter((text) => text !== '')
    .join(' ');
}

/** What a button answers whose row is there already. */
export function describeKnown(title: string, { outcome }: LedgerRow): string {
  return outcome.startsWith('refused')
    ? `Already asked for: ${title}. It was ${outcome}. To ask again, give another entry.`
    : `Already recorded: ${title}. To count it once more, give another entry.`;
}

function describeRun({ command, before, after }: RecordedPress): string {
  const run = findRun(after, command);
  const earlier = before.runs.find(({ runId }) => runId === run?.runId);
  if (run === undefined || (earlier?.endedAtMs !== undefined && run.endedAtMs !== undefined)) {
    const seen =
      run === undefined ? 'No run of this task is' : `Its last run ${run.state} and no other is`;
    return `${seen} visible yet, and what is visible may lag some minutes: the press counts if a start before it shows up within ${PATIENCE_MS / MINUTE_MS} minutes, else it is refused.`;
  }
  const isUnmoved = earlier?.state === run.state;
  return `${isUnmoved ? 'Already' : 'Now'} ${run.state}, ${msToHours(run.netMs).toFixed(2)} h.`;
}

/** A gate takes no hour back: the clock has stopped, and only the word *done* waits. */
function describeGates({ command, after, gates }: RecordedPress): string {
  const isLookedAt = after.mode === 'worker';
  if (gates === undefined) return isLookedAt ? 'Whether gates hold it up could not be read.' : '';
  const { required, missing } = gates;
  const state = findRun(after, command)?.state;
  if (!isLookedAt && required.length > 0 && state === 'succeeded') {
    return `Gates need a worker, so nobody has checked: ${required.join('; ')}.`;
  }
  if (state !== 'validating') return '';
  return missing.length === 0
    ? 'Its hours count; the worker ends it at its next pass.'
    : `Its hours count; it is done once the worker sees: ${missing.join('; ')}.`;
}

/** A person works on one thing at a time, so a start may have stopped another clock; that must not go unsaid. */
function describePaused({ command, before, after }: RecordedPress): string {
  const wasRunning = new Set(
    before.runs.filter(({ state }) => state === 'running').map(({ runId }) => runId),
  );
  const mine = findRun(after, command);
  const paused = after.runs.filter(
    ({ runId, state }) => state === 'paused' && wasRunning.has(runId) && runId !== mine?.runId,
  );
  return paused.length === 0 ? '' : `Paused: ${paused.map(({ task }) => task).join(', ')}.`;
}

function findRun({ runs }: LedgerView, { data }: PressCommand): ViewRun | undefined {
  const deskId = toDeskId(data.person);
  const task = data.task.toLowerCase();
  return runs
    .filter((run) => run.deskId === deskId && run.day === undefined)
    .filter((run) => run.task.trim().toLowerCase() === task)
    .reduce<ViewRun | undefined>(
      (last, run) => (last === undefined || run.startedAtMs > last.startedAtMs ? run : last),
      undefined,
    );
}
