import {
  type ExecutionRunRow,
  namePeople,
  type PersonRow,
  toDocEffort,
} from '#shared/doc/index.ts';
import {
  DAY_MS,
  type Instant,
  type Ms,
  msToHours,
  toEpochMs,
  toInstant,
} from '#shared/kernel/index.ts';
import { toDeskPerson, type ViewRun } from '#shared/ledger/index.ts';
import { type FounderHqReading, readDoc } from '../doc-reader.ts';
import { explainFailure } from '../failures.ts';
import { DOC_PARAMETER, LEDGER_DOC_PARAMETER } from '../parameters.ts';
import { RunRowSchema } from '../schemas/run-row.ts';
import * as coda from '../sdk.ts';

type RunRow = coda.SchemaType<typeof RunRowSchema>;

type Times = Pick<RunRow, 'startedAt' | 'endedAt'>;

interface ShownRun {
  readonly row: RunRow;
  readonly isOpen: boolean;
  /** Start, or the day hours were logged for. Absent where a row says neither. Units: ms since 1970. */
  readonly startedMs: number | undefined;
}

const DEFAULT_DAYS = 30;

/** Adds `Runs`: every run of the doc, whoever made it. */
export function addRuns(pack: coda.PackDefinitionBuilder): void {
  pack.addSyncTable({
    name: 'Runs',
    description:
      'Runs of a Founder HQ doc, one row each: those made by buttons and tools as the ledger has them, with what was pressed and is not decided yet on top, and those typed into Execution Runs. Shows what is open and what began in the last 30 days. Hours are net of pauses. A report, synced hourly: for the state right now read the answer of a button.',
    identityName: 'Run',
    schema: RunRowSchema,
    connectionRequirement: coda.ConnectionRequirement.Required,
    formula: {
      name: 'Runs',
      description: 'Reads the runs of a Founder HQ doc, each once, whoever made it.',
      parameters: [
        DOC_PARAMETER,
        coda.makeParameter({
          type: coda.ParameterType.Number,
          name: 'days',
          description:
            'How many days back runs that have ended are shown, by their start; open runs always are. Blank: 30.',
          optional: true,
        }),
        LEDGER_DOC_PARAMETER,
      ],
      onError: explainFailure,
      execute: async ([doc, days, ledgerDoc], context) => {
        const reading = await readDoc(context, { doc, ledgerDoc }, ['execution_runs', 'people']);
        const sinceMs = reading.nowMs - (days ?? DEFAULT_DAYS) * DAY_MS;
        const shown = listRuns(reading).filter(
          ({ isOpen, startedMs }) => isOpen || startedMs === undefined || startedMs >= sinceMs,
        );
        return { result: shown.map(({ row }) => row) };
      },
    },
  });
}

/** What the ledger says of a run goes before the row it published, which may be minutes older. */
function listRuns({ doc, view }: FounderHqReading): readonly ShownRun[] {
  const people = namePeople(doc.people);
  const shown = new Map<string, ShownRun>();
  // A run that is corrected may have left the ledger's rows long ago.
  const asked = new Set(
    view.commands.map(({ status, command }) =>
      status === 'pending' && command.type === 'CorrectRun' ? command.data.run : '',
    ),
  );
  for (const run of view.runs) shown.set(run.runId, fromLedger(run, people));
  for (const run of doc.executionRuns) {
    const runId = run.runId ?? run.rowId;
    const known = shown.get(runId);
    const isPending = asked.has(runId);
    shown.set(
      runId,
      known === undefined ? fromDoc(run, { runId, isPending }) : withNote(known, run),
    );
  }
  return [...shown.values()];
}

function fromLedger(run: ViewRun, people: ReadonlyMap<string, PersonRow>): ShownRun {
  const { runId, task, state, startedAtMs, endedAtMs, day, note, isPending } = run;
  const key = toDeskPerson(run.deskId);
  const person = people.get(key)?.name ?? key;
  const endedAt = endedAtMs === undefined ? undefined : toInstant(endedAtMs);
  const row: RunRow = {
    runId,
    title: `${task} · ${person}`,
    task,
    person,
    state,
    // Logged hours have a day and no hour of it.
    ...(day === undefined ? toTimes(toInstant(startedAtMs), endedAt) : { day }),
    hours: toHours(run.netMs),
    ...(note === undefined ? {} : { note }),
    isPending,
    origin: 'ledger',
  };
  return { row, isOpen: endedAtMs === undefined, startedMs: startedAtMs };
}

/** Notes are people's, and the doc is where they are kept. */
function withNote(known: ShownRun, { outcomeNotes }: ExecutionRunRow): ShownRun {
  return outcomeNotes === undefined
    ? known
    : { ...known, row: { ...known.row, note: outcomeNotes } };
}

/** A run somebody typed has no lifecycle of its own: it goes on, or it is done. */
function fromDoc(
  run: ExecutionRunRow,
  { runId, isPending }: { readonly runId: string; readonly isPending: boolean },
): ShownRun {
  const { startedAt, endedAt, outcomeNotes } = run;
  const { standing, netMs } = toDocEffort(run);
  const isOpen = standing === 'open';
  const named = [run.task?.name, run.executedBy?.name];
  const row: RunRow = {
    runId,
    title: named.filter((text) => text !== undefined).join(' · ') || run.name,
    task: named[0] ?? '',
    person: named[1] ?? '',
    state: isOpen ? 'running' : 'succeeded',
    ...toTimes(startedAt, endedAt),
    ...(isOpen ? {} : { hours: toHours(netMs) }),
    ...(outcomeNotes === undefined ? {} : { note: outcomeNotes }),
    isPending,
    origin: 'doc',
  };
  return { row, isOpen, startedMs: startedAt === undefined ? undefined : toEpochMs(startedAt) };
}

const toTimes = (startedAt: Instant | undefined, endedAt: Instant | undefined): Times => ({
  ...(startedAt === undefined ? {} : { startedAt }),
  ...(endedAt === undefined ? {} : { endedAt }),
});

const toHours = (ms: Ms): number => Math.round(msToHours(ms) * 100) / 100;
