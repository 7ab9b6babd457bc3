import { MINUTE_MS, type Ms, toInstant } from '#shared/kernel/index.ts';
import type { BudgetDemand, PlanDependency, PlanLock, PlanTask } from '#shared/planning/index.ts';
import { START_MS } from '../../shared/planning/plan-samples.ts';
import { drawPolicy, type Field, toPhaseNumber, toStreamId, toStreamNumber } from './draw-field.ts';

const later = ({ stepMs }: Field, ms: Ms) => toInstant(START_MS + stepMs * Math.floor(ms / stepMs));

/** The tasks a task waits for, all of them before it. */
export function drawDependencies(
  { random, reach, draw }: Field,
  index: number,
  toId: (index: number) => string,
): readonly PlanDependency[] {
  if (index === 0 || random.chance(0.2)) return [];
  const upstream = new Set(
    Array.from({ length: random.between(1, 3) }, () =>
      random.between(Math.max(0, index - reach), index - 1),
    ),
  );
  return [...upstream].map((from) => ({
    fromId: toId(from),
    kind: draw.kind === 'free' ? 'task' : random.pick(['task', 'task', 'file', 'capability']),
    condition:
      draw.kind === 'free' ? 'success' : random.pick(['success', 'success', 'finished', 'always']),
  }));
}

/** All else that a task may want, and whole workstreams, phases and gates it waits for. */
export function drawWishes(field: Field, index: number): Partial<PlanTask> & WholeWaits {
  const { random, horizonMs, draw, tools } = field;
  const number = toStreamNumber(field, index);
  const isFailing = draw.kind === 'failing';
  return {
    workstreamId: toStreamId(number),
    dependsOn: drawWholeWaits(field, number),
    createdAt: later(field, -30 * MINUTE_MS * random.between(0, 3)),
    parallelOk: random.chance(0.7),
    locks: random.chance(0.3) ? drawLocks(field) : [],
    budgetDemands: random.chance(0.5) ? drawDemands(field) : [],
    ...drawNeed(field),
    ...(random.chance(0.1) && { conflictGroup: `group-${random.between(0, draw.size / 25)}` }),
    ...(random.chance(0.5) && { toolId: random.pick([...tools.keys(), 'unlimited']) }),
    ...(random.chance(0.05) && { notBefore: later(field, (horizonMs * random.next()) / 2) }),
    ...(random.chance(0.15) && { deadlineAt: later(field, horizonMs * random.next()) }),
    ...(isFailing && random.chance(0.15) && { onFailure: drawPolicy(random) }),
  };
}

interface WholeWaits {
  readonly dependsOn: readonly PlanDependency[];
}

function drawWholeWaits(field: Field, number: number): readonly PlanDependency[] {
  const { random, gateIds, phaseIds } = field;
  const waits: PlanDependency[] = [];
  const condition = random.pick(['success', 'success', 'finished', 'always'] as const);
  if (random.chance(0.04)) waits.push({ kind: 'gate', fromId: random.pick(gateIds), condition });
  if (number > 0 && random.chance(0.01)) {
    const fromId = toStreamId(random.between(Math.max(0, number - 4), number - 1));
    waits.push({ kind: 'workstream', fromId, condition });
  }
  const phase = toPhaseNumber(field, number);
  if (phase > 0 && random.chance(0.02)) {
    waits.push({ kind: 'phase', fromId: phaseIds[random.between(0, phase - 1)] ?? '', condition });
  }
  return waits;
}

/** Mostly files, some folders, one name that only begins like another, and seldom everything. */
function drawLocks({ random, draw }: Field): readonly PlanLock[] {
  const modules = 2 + draw.size / 8;
  const toPath = (): string => {
    const folder = `src/m${random.between(0, modules)}`;
    if (random.chance(0.3 / draw.size)) return '.';
    if (random.chance(0.15)) return random.pick([folder, `${folder}/`, `./${folder}x`]);
    return `${folder}/f${random.between(0, 3)}.ts`;
  };
  return Array.from({ length: random.between(1, 3) }, () => ({
    path: toPath(),
    mode: random.pick(['read', 'append', 'append', 'write', 'write', 'write'] as const),
  }));
}

function drawDemands({ random, budgets }: Field): readonly BudgetDemand[] {
  const budgetIds = [...budgets.keys(), 'nobody-limits-this'].filter(() => random.chance(0.6));
  return budgetIds.map((budgetId) => ({
    budgetId,
    neededMicros: BigInt(random.between(0, 4) * 500),
  }));
}

/** Something at least one of the workers can do. */
function drawNeed({ random, workers }: Field) {
  const { capabilities, affinity } = random.pick(workers);
  const most = random.chance(0.15) ? random.between(1, 2) : 0;
  return {
    requiredCapabilities: random.shuffle(capabilities).slice(0, most),
    ...(affinity !== undefined && random.chance(0.03) && { affinity }),
  };
}
