import { type Coverage, createCoverage } from './coverage.ts';
import {
  checkAtRest,
  checkKeysBounded,
  checkRowsBounded,
  checkView,
  type Violation,
} from './laws.ts';
import type { Switches } from './sim-doc.ts';
import { World } from './world.ts';

/** What one seed came to. */
export interface Outcome {
  readonly seed: number;
  readonly violations: readonly Violation[];
  readonly switches: Switches;
  readonly mode: 'worker' | 'packOnly' | 'changedOver';
  readonly presses: number;
  readonly decisions: number;
  readonly readings: number;
  readonly coverage: Readonly<Coverage>;
  /** Decisions a replaced worker was not allowed to keep. */
  readonly fencedOff: number;
  /** By how much presses overtook each other, per desk on which it was more than the worker waits. Units: ms. */
  readonly overtakenMs: readonly (readonly number[])[];
  readonly trace: readonly string[];
}

const MOVES = 60;
const MINUTE = 60_000;
const DAY = 1_440 * MINUTE;

/** Plays one seed: sixty moves with looks at the doc in between, then rest, then two weeks later. */
export function simulate(seed: number): Outcome {
  const world = new World(seed);
  const violations: Violation[] = [];
  const seen: Seen = { readings: 0, hadPackOnly: false, coverage: createCoverage() };
  try {
    violations.push(...play(world, seen));
  } catch (error) {
    violations.push({ law: 'nothing in the core asserts', detail: String(error) });
  }
  const { store } = world;
  return {
    seed,
    violations,
    switches: world.switches,
    mode: world.worker === undefined ? 'packOnly' : seen.hadPackOnly ? 'changedOver' : 'worker',
    presses: world.wishes.reduce((sum, { presses }) => sum + presses.length, 0),
    decisions: store.decisions.length,
    readings: seen.readings,
    coverage: seen.coverage,
    fencedOff: store.fencedOff,
    overtakenMs: [...world.overtaken.values()],
    trace: world.trace,
  };
}

interface Seen {
  readings: number;
  hadPackOnly: boolean;
  readonly coverage: Coverage;
}

function play(world: World, seen: Seen): Violation[] {
  for (let index = 0; index < MOVES; index += 1) {
    world.move(index);
    seen.hadPackOnly ||= world.worker === undefined && world.wishes.length > 0;
    if (!world.random.chance(0.4)) continue;
    seen.readings += 1;
    const violations = checkView(world, seen.coverage);
    if (violations.length > 0) return violations;
  }
  const violations = [...rest(world), ...checkAtRest(world)];
  const isOver = violations.length > 0 || world.worker === undefined;
  return isOver ? violations : twoWeeksLater(world);
}

/** Nobody presses; the worker ticks until it has long had nothing left to do. */
function rest(world: World): Violation[] {
  world.doc.lagMs = 0;
  let idleMs = 0;
  let seenRows = 0;
  for (let tick = 0; tick < 200; tick += 1) {
    const stepMs = idleMs > 0 ? 5 * MINUTE : MINUTE;
    world.pass(stepMs);
    const writes = world.tick();
    // A torn reading may miss a row that has only just come, so a doc that grew is looked at once more.
    const isSettled = writes === 0 && world.doc.live.size === seenRows;
    const isIdle = isSettled && world.doc.isQuiet() && world.store.inbox.size === 0;
    seenRows = world.doc.live.size;
    idleMs = isIdle ? idleMs + stepMs : 0;
    // Longer than patience and than the time after which an unseen write is sent again.
    if (idleMs > 17 * MINUTE) return [];
  }
  return [{ law: 'it comes to rest', detail: '200 ticks and still writing' }];
}

function twoWeeksLater(world: World): Violation[] {
  world.pass(15 * DAY);
  const violations = [...rest(world), ...checkRowsBounded(world)];
  world.press('dana', 'Audit Acme', { kind: 'start' }, 'dana');
  return [...violations, ...rest(world), ...checkAtRest(world), ...checkKeysBounded(world, 2)];
}
