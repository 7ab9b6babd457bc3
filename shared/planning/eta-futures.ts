import { type Ms, sortAscending, toEpochMs } from '#shared/kernel/index.ts';
import { type BuiltInLaw, toBuiltInLaw } from '#shared/variance/index.ts';
import { itemAt } from './item-at.ts';
import { createRandom, drawNormal } from './random.ts';
import { simulate } from './schedule-simulation.ts';
import type { SimulationStart } from './schedule-start.ts';
import { standingOf } from './schedule-states.ts';
import { drawWork } from './work-draw.ts';

/** What the futures are drawn from. */
export interface Chances {
  /** Actual ÷ estimate of finished tasks, by their kind. */
  readonly history: ReadonlyMap<string, readonly number[]>;
  readonly seed: number;
  /** @default 500 */
  readonly passes?: number;
  /**
   * Standard deviation of the ln factor that all tasks of one pass share: about 0.1 for one person, 0.2 for several, whose
   * days go well or badly together; 0 for tools. @default 0
   */
  readonly commonSd?: number;
}

const PASSES = 500;

/**
 * When all that can still be done is done, in each of many futures, ascending. Each pass draws its history anew from the
 * history, so that what few finished tasks leave unknown is in the spread. The same input gives the same futures.
 * Units: ms from now. Source: evidence-based scheduling (J. Spolsky, 2007); bootstrap (Efron, 1979).
 */
export function drawFinishes(start: SimulationStart, chances: Chances): readonly Ms[] {
  const random = createRandom(chances.seed);
  const spans = listSpans(start);
  const wanted = new Set(spans.flatMap(({ kind, isOpen }) => (isOpen ? [kind] : [])));
  const known = new Map([...chances.history].filter(([kind]) => wanted.has(kind)));
  const passes = Array.from({ length: chances.passes ?? PASSES }, () => {
    const common = Math.exp((chances.commonSd ?? 0) * drawNormal(random));
    const history = resample(known, random);
    const durationsMs = spans.map((span) => drawLeft(span, { history, common, random }));
    return simulate(start, (index) => itemAt(durationsMs, index)).finishMs;
  });
  return sortAscending(passes);
}

/** What a task may take. */
interface Span {
  readonly estimateMs: Ms;
  readonly elapsedMs: Ms;
  readonly kind: string;
  readonly prior: BuiltInLaw;
  /** Whether there is work left in it at all. */
  readonly isOpen: boolean;
}

function listSpans({ prepared, situation, nowMs, isOut }: SimulationStart): readonly Span[] {
  return prepared.tasks.map(({ taskId, kind }, index) => {
    const { state, startedAt } = standingOf(situation.standing, taskId);
    const isRunning = state === 'running';
    const estimateMs = itemAt(prepared.effortsMs, index);
    return {
      estimateMs,
      elapsedMs:
        isRunning && startedAt !== undefined ? Math.max(0, nowMs - toEpochMs(startedAt)) : 0,
      kind,
      prior: toBuiltInLaw(estimateMs),
      isOpen: isRunning || isOut[index] === false,
    };
  });
}

/** As many ratios of each kind as there were, drawn with replacement, ascending. */
function resample(history: Chances['history'], random: () => number): Chances['history'] {
  return new Map(
    [...history].map(([kind, ratios]) => {
      const drawn = ratios.map(() => itemAt(ratios, Math.floor(random() * ratios.length)));
      return [kind, sortAscending(drawn)];
    }),
  );
}

interface Luck {
  readonly history: Chances['history'];
  readonly common: number;
  readonly random: () => number;
}

function drawLeft(span: Span, { history, common, random }: Luck): Ms {
  if (!span.isOpen) return 0;
  const { estimateMs, elapsedMs: spentMs, kind, prior } = span;
  const law = { classes: [history.get(kind) ?? []], prior };
  return drawWork({ estimateMs, spentMs, law }, { common, random });
}
