import { toInstant } from '#shared/kernel/index.ts';
import { type Breaker, type BreakerCommand, breakerDecider } from '#shared/lifecycle/index.ts';
import { NO_ROUTE_MEMORY, route } from '#shared/planning/index.ts';
import { sha256 } from '../sha256.ts';
import { toFacts, toRequest } from './simulate-routing.ts';

/** What became of the calls of one play. */
export interface BreakerPlay {
  /** Seconds at which the tool that faults was called. */
  readonly calledAt: readonly number[];
  /** How often its breaker opened. */
  readonly openings: number;
  /** Tasks that found no tool at all. */
  readonly unrouted: number;
}

const TOOLS = ['shaky', 'sound'].map((toolId) => ({
  toolId,
  success: [1, 1] as const,
  durationMs: 1,
}));

/** One task a second, the tool named first faulting at every call until the second it is mended. */
export function playBreaker(seconds: number, mendedAt: number): BreakerPlay {
  let breaker = send(breakerDecider.initial, 0, { type: 'create', toolId: 'shaky' }).breaker;
  const calledAt: number[] = [];
  let openings = 0;
  let unrouted = 0;
  let faults = 0;
  for (let second = 0; second < seconds; second += 1) {
    const probe = send(breaker, second, { type: 'probe', probeId: `T${second}` });
    breaker = probe.breaker;
    const facts = { shaky: toFacts([], breaker.state === 'open'), sound: toFacts([]) };
    const moment = { task: second, facts, memory: NO_ROUTE_MEMORY };
    const { decision } = route(
      toRequest({ tools: TOOLS, strategy: 'fixed', seed: 1 }, moment),
      sha256,
    );
    unrouted += Number(decision.outcome === 'no_route');
    if (decision.selectedTool !== 'shaky') continue;
    calledAt.push(second);
    faults = second < mendedAt ? faults + 1 : 0;
    const answer = toAnswer(breaker, faults);
    if (answer === undefined) continue;
    const moved = send(breaker, second, answer);
    openings += Number(moved.isAccepted && moved.breaker.state === 'open');
    breaker = moved.breaker;
  }
  return { calledAt, openings, unrouted };
}

type Ask = BreakerCommand extends infer One
  ? One extends BreakerCommand
    ? Omit<One, 'at' | 'by'>
    : never
  : never;

function toAnswer({ state, probeId = '' }: Breaker, faults: number): Ask | undefined {
  if (state === 'half_open') return { type: faults > 0 ? 'reopen' : 'close', probeId };
  return faults > 0 ? { type: 'trip', faults } : undefined;
}

function send(breaker: Breaker, second: number, ask: Ask) {
  const command = { at: toInstant(second * 1000), by: 'system', ...ask };
  const result = breakerDecider.decide(command, breaker);
  if (!result.ok) return { breaker, isAccepted: false };
  return { breaker: result.value.reduce(breakerDecider.evolve, breaker), isAccepted: true };
}
