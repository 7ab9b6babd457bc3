/** Random work, told as neither a doc nor a file: what was estimated, what was done, and what it was for. */
import * as fc from 'fast-check';
import { addDays, type Day, dayAt, MINUTE_MS } from '#shared/kernel/index.ts';

export const ZONE = 'Europe/Berlin';
/** The clocks of the zone go forward on the 29th. */
const FIRST_DAY: Day = '2026-03-20';
const FIRST_MS = Date.parse(`${FIRST_DAY}T00:00:00Z`);
const DAYS = 20;
export const WORKFLOWS = ['w0', 'w1'];
/** The workflow of each template, and the template of each project; the last of each leads nowhere. */
export const TEMPLATES = new Map([
  ['t0', 'w0'],
  ['t1', 'w1'],
  ['t2', undefined],
]);
export const PROJECTS = new Map([
  ['p0', 't0'],
  ['p1', 't1'],
  ['p2', undefined],
]);
export const PEOPLE = ['u0', 'u1'];

interface StoryEstimate {
  readonly hours: number;
  /** The day it was given; absent where nobody wrote it down, and then it is the only one. */
  readonly day?: Day | undefined;
}

/** A task. Its estimates are in the order they were given. */
export interface StoryTask {
  readonly id: string;
  readonly parent?: string | undefined;
  readonly project?: string | undefined;
  readonly completedOn?: Day | undefined;
  readonly estimates: readonly StoryEstimate[];
}

/** A run; at most one link of its own says what it was for beside its task. */
export interface StoryRun {
  readonly id: string;
  readonly task?: string | undefined;
  readonly link?: { readonly to: 'workflow' | 'template' | 'project'; readonly id: string };
  readonly person?: string | undefined;
  readonly startMs?: number | undefined;
  readonly endMs?: number | undefined;
  readonly interruptMinutes?: number | undefined;
  /** Stored net effort in hundredths of an hour. */
  readonly netHundredths?: number | undefined;
}

/** A story; where it does not tell completion, every task is finished and nobody knows when. */
export interface Story {
  readonly tasks: readonly StoryTask[];
  readonly runs: readonly StoryRun[];
  readonly tellsCompletion: boolean;
}

const maybe = <Value>(value: fc.Arbitrary<Value>) => fc.option(value, { nil: undefined });
const day = fc.nat(DAYS).map((days) => addDays(FIRST_DAY, days));
const moment = fc.nat(DAYS * 24 * 60).map((minutes) => FIRST_MS + minutes * MINUTE_MS);
const taskId = (place: number): string => `k${place}`;

const anyTask = (at: number, count: number): fc.Arbitrary<StoryTask> =>
  fc.record({
    id: fc.constant(taskId(at)),
    // The one beyond the last is nobody.
    parent: maybe(fc.nat(count).map(taskId)),
    project: maybe(fc.constantFrom(...PROJECTS.keys())),
    completedOn: maybe(day),
    estimates: fc
      .array(fc.record({ hours: fc.nat(800).map((hundredths) => hundredths / 100), day }), {
        maxLength: 3,
      })
      .map((all) => [...all].sort((one, other) => (one.day < other.day ? -1 : 1)))
      // A doc shows an estimate of 0 where there was one before, and a file shows the one before.
      .map((all) => all.filter(({ hours }, place) => hours > 0 || isBeforeAny(all, place))),
  });

const isBeforeAny = (all: readonly StoryEstimate[], place: number): boolean =>
  all.slice(0, place).every(({ hours }) => hours === 0);

const anyLink = fc.oneof(
  fc.record({ to: fc.constant('workflow' as const), id: fc.constantFrom(...WORKFLOWS) }),
  fc.record({ to: fc.constant('template' as const), id: fc.constantFrom(...TEMPLATES.keys()) }),
  fc.record({ to: fc.constant('project' as const), id: fc.constantFrom(...PROJECTS.keys()) }),
);

/** Most runs take hours, some take days, some end before they begin. */
const anyLength = fc.oneof(
  { weight: 6, arbitrary: fc.nat(600) },
  { weight: 1, arbitrary: fc.integer({ min: -60, max: 3_000 }) },
);

const anyRun = (count: number): fc.Arbitrary<Omit<StoryRun, 'id'>> =>
  fc
    .record({
      task: maybe(fc.nat(count - 1).map(taskId)),
      link: maybe(anyLink),
      person: maybe(fc.constantFrom(...PEOPLE)),
      startMs: fc.option(moment, { nil: undefined, freq: 9 }),
      minutes: maybe(anyLength),
      interruptMinutes: maybe(fc.nat(30)),
      netHundredths: maybe(fc.nat(900)),
    })
    .map(({ minutes, link, ...told }) => ({
      ...told,
      ...(link === undefined ? {} : { link }),
      endMs:
        told.startMs === undefined || minutes === undefined
          ? undefined
          : told.startMs + minutes * MINUTE_MS,
    }));

/** Any story of up to eight tasks and thirty runs, some of them told twice. */
export const anyStory: fc.Arbitrary<Story> = fc
  .integer({ min: 1, max: 8 })
  .chain((count) =>
    fc.record({
      tasks: fc.tuple(...Array.from({ length: count }, (_, place) => anyTask(place, count))),
      runs: fc.array(anyRun(count), { maxLength: 30 }),
      again: fc.array(fc.record({ of: fc.nat(), change: fc.nat(1) }), { maxLength: 3 }),
      tellsCompletion: fc.boolean(),
      undated: fc.array(fc.boolean(), { minLength: count, maxLength: count }),
    }),
  )
  .map(({ tasks, runs, again, tellsCompletion, undated }) => {
    const told = runs.map((run, place) => ({ ...run, id: `r${place}` }));
    const repeats = again.flatMap(({ of, change }) => {
      const run = told[of % Math.max(1, told.length)];
      return run === undefined
        ? []
        : [{ ...run, interruptMinutes: (run.interruptMinutes ?? 0) + change }];
    });
    const story = { tasks, runs: [...told, ...repeats], tellsCompletion };
    return { ...story, tasks: tasks.map((task, place) => forget(task, story, undated[place])) };
  });

/**
 * What a doc cannot show: the days of estimates, by chance and wherever the runs do not tell when they began; and of
 * estimates that all came late any but the last.
 */
function forget(task: StoryTask, story: Story, isUndated = false): StoryTask {
  const { estimates } = task;
  const [first, last] = [estimates[0], estimates.at(-1)];
  const begun = beginOf(story, task.id);
  if (first === undefined || last === undefined || begun === undefined) return task;
  if (isUndated || begun === 'unknown') return { ...task, estimates: [{ hours: first.hours }] };
  const isLate = estimates.every(({ hours, day: given = '' }) => hours === 0 || given > begun);
  return isLate ? { ...task, estimates: [last] } : task;
}

/** The first day on which anybody worked on a task or below it; `unknown` where no run has a start, nothing without a run. */
export function beginOf({ tasks, runs }: Story, id: string): string | undefined {
  const inside = new Set([id]);
  for (let before = 0; before < inside.size; ) {
    before = inside.size;
    for (const task of tasks) if (inside.has(task.parent ?? '')) inside.add(task.id);
  }
  const own = runs.filter((run) => inside.has(run.task ?? ''));
  if (own.length === 0) return undefined;
  const starts = own.flatMap(({ startMs }) => startMs ?? []);
  return starts.length === 0 ? 'unknown' : dayAt(Math.min(...starts), ZONE);
}
