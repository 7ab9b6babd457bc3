import { checkAtRest, checkBounds, checkView, type Violation } from './laws.ts';
import type { Switches } from './sim-doc.ts';
import { type KeyRule, World } from './world.ts';

/** What one seed came to. */
export interface Outcome {
  readonly seed: number;
  readonly violations: readonly Violation[];
  readonly switches: Switches;
  readonly presses: number;
  readonly decisions: number;
  readonly views: number;
  readonly mode: 'worker' | 'pack-only' | 'changed over';
  /** Desks on which presses overtook each other for longer than the worker waits. */
  readonly overtaken: number;
  readonly trace: readonly string[];
}

const MOVES = 60;
const DAY = 86_400_000;

/** Plays one seed: sixty moves with a look at the doc after each, then rest, then two weeks later. */
export function simulate(seed: number, keyRule?: KeyRule): Outcome {
  const world = new World(seed, keyRule);
  const violations: Violation[] = [];
  let views = 0;
  let hadPackOnly = false;
  for (let index = 0; index < MOVES && violations.length === 0; index += 1) {
    world.move(index);
    hadPackOnly ||= world.worker === undefined && world.wishes.length > 0;
    if (world.random.chance(0.4)) {
      violations.push(...checkView(world));
      views += 1;
    }
  }
  if (violations.length === 0) violations.push(...rest(world), ...checkAtRest(world));
  if (violations.length === 0 && world.worker !== undefined)
    violations.push(...twoWeeksLater(world));
  return {
    seed,
    violations,
    switches: world.switches,
    presses: world.wishes.reduce((sum, { presses }) => sum + presses.length, 0),
    decisions: world.store.decisions.length,
    views,
    mode: world.worker === undefined ? 'pack-only' : hadPackOnly ? 'changed over' : 'worker',
    overtaken: world.overtaken.size,
    trace: world.trace,
  };
}

/** Nobody presses; the worker ticks until it has nothing left to do. */
function rest(world: World): Violation[] {
  world.doc.lagMs = 0;
  let idle = 0;
  for (let tick = 0; tick < 400; tick += 1) {
    world.pass(30_000);
    const writes = world.tick();
    const isIdle = writes === 0 && world.doc.isQuiet() && world.store.inbox.size === 0;
    idle = isIdle ? idle + 1 : 0;
    // Longer than patience and than the time after which an unseen write is sent again.
    if (idle > 35) return [];
  }
  return [{ law: 'it comes to rest', detail: '400 ticks and still writing' }];
}

function twoWeeksLater(world: World): Violation[] {
  world.pass(15 * DAY);
  const violations = [...rest(world), ...checkBounds(world)];
  world.press('dana', 'Audit Acme', { kind: 'start' });
  return [...violations, ...rest(world), ...checkAtRest(world)];
}
