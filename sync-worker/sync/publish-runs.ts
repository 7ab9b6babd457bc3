import {
  type ExecutionRunRow,
  type FounderHqDoc,
  findRow,
  namePeople,
  type PersonRow,
  toLedgerEffort,
} from '#shared/doc/index.ts';
import { toEpochMs } from '#shared/kernel/index.ts';
import { type DeskRun, toDeskPerson } from '#shared/ledger/index.ts';
import { toNetMs, toWorkTimes } from '#shared/lifecycle/index.ts';
import type { BookedRun } from './book-codecs.ts';
import type { CellContent, WantedRow } from './doc-row.ts';

/** What a run's row is made with. */
export interface PublishFacts {
  readonly doc: FounderHqDoc;
}

/** The rows of Execution Runs the ledger owns: telemetry columns only, relations by row id. */
export function toRunRows(runs: Iterable<BookedRun>, facts: PublishFacts): readonly WantedRow[] {
  const people = namePeople(facts.doc.people);
  const notes = new Map(facts.doc.executionRuns.map((row) => [row.runId, row]));
  return [...runs].map((booked) => toRunRow(booked, { ...facts, people, notes }));
}

interface RunFacts extends PublishFacts {
  readonly people: ReadonlyMap<string, PersonRow>;
  readonly notes: ReadonlyMap<string | undefined, ExecutionRunRow>;
}

function toRunRow({ deskId, run: deskRun }: BookedRun, facts: RunFacts): WantedRow {
  const { run, task, note } = deskRun;
  const match = findRow(facts.doc.tasks, task);
  const person = facts.people.get(toDeskPerson(deskId));
  const shownNote = facts.notes.get(run.runId)?.outcomeNotes ?? '';
  const cells: Readonly<Record<string, CellContent | undefined>> = {
    run_type: 'Process',
    task: match.kind === 'found' ? match.row : undefined,
    executed_by: person,
    created_at: run.createdAt,
    // Notes belong to people: a finish fills a blank one and nothing is ever written over.
    outcome_notes: shownNote === '' ? note : undefined,
    ...toTimeCells(deskRun),
    ...toEffortCells(deskRun),
  };
  return { key: run.runId, cells: withoutBlanks(cells) };
}

/** Hours logged for a day have a day and no hour of it: sent as the day, the doc begins it in its own zone. */
function toTimeCells({ run, day }: DeskRun): Record<string, CellContent | undefined> {
  if (day !== undefined) return { started_at: day };
  const endedAt = run.endedAt === undefined ? '' : (run.corrected?.over?.endedAt ?? run.endedAt);
  return { started_at: toWorkTimes(run)?.startedAt, ended_at: endedAt };
}

/** A run that looks like a forgotten timer is published without hours, so that the doc counts it no more than the ledger does. */
function toEffortCells({ run, day }: DeskRun): Record<string, CellContent | undefined> {
  const { startedAt, over } = toWorkTimes(run) ?? {};
  if (startedAt === undefined || over === undefined) return {};
  // As it stood when the work was over: the wait for a gate goes on, and would be another figure in every tick.
  const netMs = toNetMs({ startedAt, over });
  const isConfirmed = day !== undefined || run.corrected !== undefined;
  const effort = toLedgerEffort({ runId: run.runId, netMs, isOpen: false, isConfirmed });
  const wallMs = toEpochMs(over.endedAt) - toEpochMs(startedAt);
  return {
    actual_hours: effort.standing === 'counted' ? effort.netMs : '',
    net_minutes: netMs,
    interrupt_minutes: over.pausedMs,
    wall_minutes: day === undefined ? wallMs : undefined,
  };
}

const withoutBlanks = (
  cells: Readonly<Record<string, CellContent | undefined>>,
): Readonly<Record<string, CellContent>> =>
  Object.fromEntries(
    Object.entries(cells).flatMap(([name, content]) =>
      content === undefined ? [] : [[name, content] as const],
    ),
  );

/** A run may leave its desk once Execution Runs shows its end. */
export function createIsPublished(doc: FounderHqDoc): (runId: string) => boolean {
  const ended = new Set(
    doc.executionRuns.flatMap(({ runId, endedAt, netMs }) =>
      runId !== undefined && (endedAt !== undefined || netMs !== undefined) ? [runId] : [],
    ),
  );
  return (runId) => ended.has(runId);
}
