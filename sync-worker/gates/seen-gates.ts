import { createGateScenes, type GateSources, readGate } from '#shared/doc/index.ts';
import { type Day, dayAt, type Instant, toEpochMs } from '#shared/kernel/index.ts';
import type { GateReading } from '#shared/lifecycle/index.ts';
import { type GateOfRun, listGatesOfRun } from './gate-of-run.ts';

/** A run that has not ended. */
export interface OpenRun {
  readonly runId: string;
  readonly task: string;
  readonly state: string;
  /** When its work was over and only its gates were left; absent before. */
  readonly finishedAt?: Instant;
}

/** A gate of a run, and what the doc and the numbers said of it. */
export interface SeenGate {
  readonly mine: GateOfRun;
  readonly reading: GateReading;
}

/** An open run as its gates were seen at one moment. Nothing of it depends on the ledger. */
export interface SeenRun extends Omit<OpenRun, 'finishedAt'> {
  /** Row id of its task; absent where nobody knows which it is. */
  readonly taskRowId?: string;
  /** By when its gates are due: the scheduled end of its task, else the day its work was over. Absent while neither is known. */
  readonly dueDate?: Day;
  /** The doc's zone, whose days count. */
  readonly timeZone: string;
  readonly gates: readonly SeenGate[];
  /** What cannot be read of the lists of required gates, as sentences. */
  readonly faults: readonly string[];
}

/** What open runs are seen by. */
export interface GateSight extends GateSources {
  readonly runs: readonly OpenRun[];
  /** The doc's zone, whose days count. */
  readonly timeZone: string;
}

/** The open runs that ask for gates, with what the doc and the numbers say of these now. */
export function seeGates(sight: GateSight): readonly SeenRun[] {
  const { runs, doc, timeZone } = sight;
  // Preparing a doc costs as much as the doc is large.
  if (runs.length === 0) return [];
  const sceneOf = createGateScenes(doc);
  const seen = runs.map(({ finishedAt, ...run }): SeenRun => {
    const scene = sceneOf(run);
    const { task, faults } = scene;
    const finishedOn =
      finishedAt === undefined ? undefined : dayAt(toEpochMs(finishedAt), timeZone);
    const dueDate = task?.scheduledEnd ?? finishedOn;
    return {
      ...run,
      timeZone,
      ...(task === undefined ? {} : { taskRowId: task.rowId }),
      ...(dueDate === undefined ? {} : { dueDate }),
      gates: listGatesOfRun(run.runId, scene).map((mine) => ({
        mine,
        reading: readGate(mine.required.terms, scene, sight),
      })),
      faults,
    };
  });
  return seen.filter(({ gates, faults }) => gates.length + faults.length > 0);
}
