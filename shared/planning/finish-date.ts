import { type Day, type Ms, toDayNumber } from '#shared/kernel/index.ts';
import { itemAt } from './item-at.ts';
import { createRandom, drawNormal } from './random.ts';
import {
  type CapacityLimit,
  createCalendars,
  type PersonCapacity,
  toLastDay,
} from './work-calendar.ts';
import { drawWork, type RatioHistory } from './work-draw.ts';

/** A task that is not finished. */
export interface OpenLeaf {
  readonly taskId: string;
  readonly personId: string;
  /** What its ratio is drawn from, such as its workflow. */
  readonly group: string;
  /** Units: ms. Without one it takes what a leaf of its group usually takes, where that is known. */
  readonly estimateMs?: Ms;
  /** Units: ms. */
  readonly spentMs: Ms;
  /** Leaves that have to be done before it begins; ids nobody knows are done. */
  readonly dependsOn: readonly string[];
}

/** What is to be finished, by whom, and from when on. */
export interface FinishQuestion {
  /** In the order in which they are to be done. */
  readonly leaves: readonly OpenLeaf[];
  readonly people: readonly PersonCapacity[];
  /** Sprints and the like, where a limit is set for all people together. */
  readonly limits: readonly CapacityLimit[];
  readonly history: RatioHistory;
  /** The median actual of finished leaves by group, where a group has at least 5. Units: ms. */
  readonly usualMs: ReadonlyMap<string, Ms>;
  readonly from: Day;
  readonly targetDate?: Day;
  readonly seed: number;
  /** @default 1000 */
  readonly draws?: number;
  /** Standard deviation of the ln factor all leaves of a future share. @default 0.1 for one person, 0.2 for several */
  readonly commonSd?: number;
}

/** When it will be finished. A date is null where it is never: somebody has no capacity for what is left. */
export interface FinishForecast {
  readonly p50: Day | null;
  readonly p80: Day | null;
  readonly p95: Day | null;
  /** The share of futures that end on the target date or before; null without one. */
  readonly onTimeShare: number | null;
  readonly simulated: number;
  /** Leaves without an estimate whose group does not tell what they take: in no date. */
  readonly unestimatedTaskIds: readonly string[];
  /** Leaves that took their estimate from what their group usually takes. */
  readonly assumedTaskIds: readonly string[];
  /** Leaves on which more was spent than any known ratio allows for. */
  readonly beyondTaskIds: readonly string[];
  /** People with open leaves of whom no capacity is known, or none at all. */
  readonly withoutCapacity: readonly string[];
  /** Leaves that wait for each other, or for one that does: in no date. */
  readonly cycleTaskIds: readonly string[];
  /** Always true: only the leaves named are simulated, and what is still to be thought of is not. */
  readonly isWithoutScopeGrowth: true;
}

type Calendars = ReturnType<typeof createCalendars>;

const NEVER = Number.POSITIVE_INFINITY;
const DRAWS = 1_000;
const ONE_PERSON_SD = 0.1;
const SEVERAL_PEOPLE_SD = 0.2;

interface Leaf extends OpenLeaf {
  readonly estimateMs: Ms;
}

/**
 * The dates on which a set of open leaves will be finished in half, four fifths and nineteen twentieths of the futures drawn.
 * A person takes the first leaf in order that waits for nothing, and does one at a time; one that waits is taken up when it
 * no longer does. The same input and seed give the same dates.
 * Small samples: groups are mixed with the classes around them, see {@link drawWork}.
 * Source: evidence-based scheduling (J. Spolsky, 2007); one common factor a future, since independent draws are too narrow.
 */
export function forecastFinish(question: FinishQuestion): FinishForecast {
  const { people, limits, from, targetDate, seed, draws = DRAWS, history } = question;
  const { leaves, unestimatedTaskIds, assumedTaskIds } = toEstimated(question);
  const plan = toPlan(leaves);
  const calendars = createCalendars(people, limits, from);
  const random = createRandom(seed);
  const persons = new Set(plan.ordered.map(({ personId }) => personId));
  const { commonSd = persons.size > 1 ? SEVERAL_PEOPLE_SD : ONE_PERSON_SD } = question;
  const beyond = new Set<string>();
  const finishes = Array.from({ length: draws }, () => {
    const common = Math.exp(commonSd * drawNormal(random));
    const workMs = plan.ordered.map((leaf) => {
      const { leftMs, isBeyond } = drawWork(leaf, history, { common, random });
      if (isBeyond) beyond.add(leaf.taskId);
      return leftMs;
    });
    return playFuture(plan, workMs, calendars);
  }).sort((one, other) => one - other);
  const dateAt = (share: number): Day | null => toDate(from, finishAt(finishes, share));
  return {
    p50: dateAt(0.5),
    p80: dateAt(0.8),
    p95: dateAt(0.95),
    onTimeShare:
      targetDate === undefined
        ? null
        : shareUntil(finishes, toDayNumber(targetDate) - toDayNumber(from) + 1),
    simulated: plan.ordered.length,
    unestimatedTaskIds,
    assumedTaskIds,
    beyondTaskIds: [...beyond].sort(),
    withoutCapacity: [...persons].filter((personId) => !canWork(people, personId)).sort(),
    cycleTaskIds: plan.cycleTaskIds,
    isWithoutScopeGrowth: true,
  };
}

function toEstimated({ leaves, usualMs }: FinishQuestion) {
  const estimated: Leaf[] = [];
  const unestimatedTaskIds: string[] = [];
  const assumedTaskIds: string[] = [];
  for (const leaf of leaves) {
    const { taskId, estimateMs = 0 } = leaf;
    const usual = usualMs.get(leaf.group);
    if (estimateMs > 0) estimated.push({ ...leaf, estimateMs });
    else if (usual === undefined) unestimatedTaskIds.push(taskId);
    else {
      assumedTaskIds.push(taskId);
      estimated.push({ ...leaf, estimateMs: usual });
    }
  }
  return { leaves: estimated, unestimatedTaskIds, assumedTaskIds };
}

/** Leaves that can be done, their order kept, and whom each one holds up. */
interface Plan {
  readonly ordered: readonly Leaf[];
  /** How many leaves each waits for. */
  readonly waitsFor: readonly number[];
  /** Which leaves wait for each. */
  readonly holdsUp: readonly (readonly number[])[];
  readonly cycleTaskIds: readonly string[];
}

function toPlan(leaves: readonly Leaf[]): Plan {
  const reachable = withoutCycles(leaves);
  const ordered = leaves.filter(({ taskId }) => reachable.has(taskId));
  const indexOf = new Map(ordered.map(({ taskId }, index) => [taskId, index]));
  const holdsUp = ordered.map((): number[] => []);
  const waitsFor = ordered.map(({ dependsOn }, index) => {
    const upstream = [...new Set(dependsOn)].flatMap((id) => indexOf.get(id) ?? []);
    for (const before of upstream) holdsUp[before]?.push(index);
    return upstream.length;
  });
  const cycleTaskIds = leaves.flatMap(({ taskId }) => (reachable.has(taskId) ? [] : [taskId]));
  return { ordered, waitsFor, holdsUp, cycleTaskIds };
}

/** The leaves that can begin one day: those whose upstream leaves can all end. Source: Kahn (1962). */
function withoutCycles(leaves: readonly Leaf[]): ReadonlySet<string> {
  const known = new Set(leaves.map(({ taskId }) => taskId));
  const open = new Map(
    leaves.map(({ taskId, dependsOn }) => [
      taskId,
      new Set(dependsOn.filter((id) => known.has(id))),
    ]),
  );
  const downstream = new Map<string, string[]>();
  for (const [taskId, upstream] of open) {
    for (const id of upstream) downstream.set(id, [...(downstream.get(id) ?? []), taskId]);
  }
  const done = [...open].filter(([, upstream]) => upstream.size === 0).map(([taskId]) => taskId);
  // The list grows while it is walked: each leaf that ends may let others begin.
  for (const taskId of done) {
    for (const waiting of downstream.get(taskId) ?? []) {
      const upstream = open.get(waiting);
      upstream?.delete(taskId);
      if (upstream?.size === 0) done.push(waiting);
    }
  }
  return new Set(done);
}

interface Desk {
  readonly personId: string;
  /** Indices of leaves not begun, in order. */
  readonly queue: number[];
  freeAt: number;
}

/** When the last leaf ends, in days from the first; infinite where one never does. */
function playFuture(plan: Plan, workMs: readonly Ms[], calendars: Calendars): number {
  const waiting = [...plan.waitsFor];
  const readyAt = plan.ordered.map(() => 0);
  const desks = toDesks(plan.ordered);
  let lastAt = 0;
  for (let left = plan.ordered.length; left > 0; left -= 1) {
    const next = findNext(desks, waiting, readyAt);
    if (next === undefined) return NEVER;
    const { desk, startAt } = next;
    const index = itemAt(desk.queue, next.place);
    desk.queue.splice(next.place, 1);
    const calendar = calendars.get(desk.personId);
    desk.freeAt = calendar === undefined ? NEVER : calendar.finish(startAt, itemAt(workMs, index));
    if (desk.freeAt === NEVER) return NEVER;
    lastAt = Math.max(lastAt, desk.freeAt);
    for (const held of itemAt(plan.holdsUp, index)) {
      waiting[held] = itemAt(waiting, held) - 1;
      readyAt[held] = Math.max(itemAt(readyAt, held), desk.freeAt);
    }
  }
  return lastAt;
}

function toDesks(ordered: readonly Leaf[]): readonly Desk[] {
  const desks = new Map<string, Desk>();
  for (const [index, { personId }] of ordered.entries()) {
    const desk = desks.get(personId) ?? { personId, queue: [], freeAt: 0 };
    desk.queue.push(index);
    desks.set(personId, desk);
  }
  return [...desks.values()];
}

interface Next {
  readonly desk: Desk;
  readonly place: number;
  readonly startAt: number;
}

/** The desk and leaf that can begin first. */
function findNext(
  desks: readonly Desk[],
  waiting: readonly number[],
  readyAt: readonly number[],
): Next | undefined {
  let next: Next | undefined;
  for (const desk of desks) {
    const found = findAtDesk(desk, waiting, readyAt);
    if (found !== undefined && (next === undefined || found.startAt < next.startAt)) next = found;
  }
  return next;
}

/** The first leaf in order that waits for nothing by the time the person is free, else the one that waits least. */
function findAtDesk(
  desk: Desk,
  waiting: readonly number[],
  readyAt: readonly number[],
): Next | undefined {
  let earliest: Next | undefined;
  for (const [place, index] of desk.queue.entries()) {
    if (waiting[index] !== 0) continue;
    const startAt = Math.max(desk.freeAt, itemAt(readyAt, index));
    if (startAt === desk.freeAt) return { desk, place, startAt };
    if (earliest === undefined || startAt < earliest.startAt) earliest = { desk, place, startAt };
  }
  return earliest;
}

const canWork = (people: readonly PersonCapacity[], personId: string): boolean =>
  people.some((one) => one.personId === personId && one.weekMs.some((ms) => ms > 0));

/** The finish of the first future that covers a share of all: between two of them lie days on which nobody works. */
const finishAt = (sorted: readonly number[], share: number): number =>
  sorted[Math.ceil(share * sorted.length) - 1] ?? 0;

const toDate = (from: Day, moment: number): Day | null =>
  Number.isFinite(moment) ? toLastDay(from, moment) : null;

const shareUntil = (sorted: readonly number[], moment: number): number =>
  sorted.filter((finish) => finish <= moment).length / sorted.length;
