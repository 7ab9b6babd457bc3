import type { Command } from 'commander';
import {
  type DocFinding,
  FORECAST_TABLES,
  type FounderHqDoc,
  namesOf,
  toForecastInput,
} from '#shared/doc/index.ts';
import { type Day, DomainError, dayAt, type Ms } from '#shared/kernel/index.ts';
import type { ForecastFacts } from '#shared/planning/index.ts';
import type { EarningRule } from '#shared/variance/index.ts';
import { type ProjectFilesRead, readFileBytes, readProjectFiles } from '#worker/import/index.ts';
import { DEFAULT_DAY_MS } from './capacity-option.ts';
import { readDocNow } from './doc-now.ts';
import { givenPath } from './given-path.ts';
import { listNames, nameIn, pickNamed } from './pick-named.ts';
import type { GivenFile } from './unread-file.ts';
import { connectOrSay, type WorkFlags, zoneOf } from './work-options.ts';

/** What `founder-hq forecast` is asked. */
export interface ForecastFlags extends WorkFlags {
  readonly project?: string;
  readonly history?: string;
  readonly target?: Day;
  readonly date?: Day;
  readonly hoursPerDay?: Ms;
  readonly capacity?: ReadonlyMap<string, Ms>;
  readonly daysOff?: readonly Day[];
  readonly rule: EarningRule;
  readonly seed: number;
  readonly json?: true;
}

/** Work to be forecast, of files or a doc, and what was noticed on the way. */
export interface ForecastSource {
  readonly facts: ForecastFacts;
  readonly timeZone: string;
  /** Today in that zone. */
  readonly today: Day;
  /** What an id is called. */
  readonly nameOf: (id: string) => string;
  /** The project somebody names. Errors: `NAME_UNKNOWN`, `NAME_AMBIGUOUS`. */
  readonly pickProject: (called: string) => string;
  /** The person somebody names. Errors: those of a project. */
  readonly pickPerson: (called: string) => string;
  readonly refused: ProjectFilesRead['refused'];
  readonly rowsRead: ProjectFilesRead['rowsRead'];
  readonly findings: readonly DocFinding[];
  /** Sprints whose capacity cannot be used, by name. */
  readonly unusableSprints: readonly string[];
}

/** What a forecast says, and the file it could read nothing from. */
export interface ForecastAnswer {
  readonly text: string;
  readonly refused: ForecastSource['refused'];
  readonly unread: GivenFile | undefined;
}

/** Reads the files that were named, or the doc, and changes nothing. */
export function readForecastSource(
  flags: ForecastFlags,
  command: Command,
): Promise<ForecastSource> {
  const { tasks, sessions, history } = flags;
  if (tasks !== undefined) return readFiles({ ...flags, tasks });
  const orphan = Object.entries({ sessions, history }).find(([, file]) => file !== undefined);
  if (orphan === undefined) return readDoc(flags, command);
  return command.error(
    `error: \`--${orphan[0]}\` tells nothing of what is open: add \`--tasks FILE\``,
  );
}

async function readFiles(
  flags: ForecastFlags & { readonly tasks: string },
): Promise<ForecastSource> {
  const { tasks, sessions, history, zone: timeZone = 'UTC' } = flags;
  const { facts, refused, rowsRead } = await readProjectFiles({
    tasks: readFileBytes(givenPath(tasks)),
    sessions: openFile(sessions),
    history: openFile(history),
    timeZone,
  });
  const resolved = [...facts.tasks, ...facts.sessions].flatMap(({ groups }) =>
    groups?.project?.kind === 'resolved' ? groups.project.id : [],
  );
  const people = [
    ...[...facts.plans.values()].flatMap(({ personId }) => personId ?? []),
    ...facts.sessions.flatMap(({ personId }) => personId ?? []),
  ];
  return {
    facts,
    refused,
    rowsRead,
    timeZone,
    today: dayAt(Date.now(), timeZone),
    nameOf: (id) => id,
    pickProject: (called) => pickId(resolved, called, 'project'),
    pickPerson: (called) => pickId(people, called, 'person'),
    findings: [],
    unusableSprints: [],
  };
}

const openFile = (path: string | undefined): AsyncIterable<Uint8Array> | undefined =>
  path === undefined ? undefined : readFileBytes(givenPath(path));

/** In files a name is the id itself. */
function pickId(ids: readonly string[], called: string, what: string): string {
  if (ids.includes(called)) return called;
  const known = listNames([...new Set(ids)].sort());
  throw new DomainError(
    'NAME_UNKNOWN',
    `No ${what} is called \`${called}\`: ${known === '' ? 'the files name none' : `there are ${known}`}.`,
  );
}

async function readDoc(flags: ForecastFlags, command: Command): Promise<ForecastSource> {
  const connection = await connectOrSay(flags, '--tasks FILE', command);
  const { doc, runs, nowMs, findings } = await readDocNow(connection, FORECAST_TABLES);
  const timeZone = await zoneOf(connection, flags.zone);
  const input = toForecastInput(doc, { runs, timeZone });
  const names = toNames(doc);
  return {
    facts: input.facts,
    timeZone,
    today: dayAt(nowMs, timeZone),
    nameOf: (id) => nameIn(names, id),
    pickProject: (called) => pickNamed(doc.projects, called, 'project').rowId,
    pickPerson: (called) => pickNamed(doc.people, called, 'person').rowId,
    refused: [],
    rowsRead: [],
    findings: [...findings, ...input.findings],
    unusableSprints: input.unusableSprints.map(({ rowId, name }) =>
      nameIn(new Map([[rowId, name]]), rowId),
    ),
  };
}

const toNames = (doc: FounderHqDoc): ReadonlyMap<string, string> =>
  new Map([...namesOf(doc), ...doc.tasks.map(({ rowId, name }) => [rowId, name] as const)]);

/** What each person works on a weekday. Errors: those of a person's name. */
export function createDayMs(
  { hoursPerDay = DEFAULT_DAY_MS, capacity = new Map() }: ForecastFlags,
  { pickPerson }: ForecastSource,
): (personId: string) => Ms {
  const own = new Map([...capacity].map(([called, dayMs]) => [pickPerson(called), dayMs]));
  return (personId) => own.get(personId) ?? hoursPerDay;
}
