import { type Instant, toInstant } from '#shared/kernel/index.ts';
import type { Override } from '#shared/lifecycle/index.ts';
import type { Model } from './lifecycle-model.ts';
import type { Random } from './random.ts';

/** Steps of the clock that come near every limit of the machines, and one that runs backwards. Units: ms. */
const STEPS_MS = [
  0, 1, 499, 1_500, 59_999, 60_000, 60_001, 120_000, 120_001, 300_000, 300_001, 900_000, -5_000,
];

/** Who asks, when, and with what override. */
export interface Said {
  readonly at: Instant;
  readonly by: string;
  readonly override?: Override;
}

/** A command of some kind, with facts that hold as a rule. */
export type Draw<Command> = (random: Random, model: Model) => Command;

/** Who asks and when: now and then nobody, with a wrong clock, or with an override that lacks something. */
export function ask(random: Random, model: Model): Said {
  const lastMs = Number.isFinite(model.lastMs) ? model.lastMs : 1_000_000_000;
  const at = toInstant(lastMs + random.pick(STEPS_MS));
  const by = random.chance(0.02) ? '' : 'system';
  if (random.chance(0.9)) return { at, by };
  const override = random.pick([
    { person: 'dana', reason: 'she knows' },
    { person: '', reason: 'nobody' },
    { person: 'lee', reason: '' },
  ]);
  return { at, by, override };
}

/** A fact that holds as a rule. */
export const holds = (random: Random): boolean => random.chance(0.9);
/** What is in the way: as a rule nothing. */
export const open = (random: Random): readonly string[] => (holds(random) ? [] : ['X1']);
/** Something that is there as a rule. */
export const some = (random: Random): readonly string[] => (holds(random) ? ['X1'] : []);
/** How many are in the way: as a rule none. */
export const count = (random: Random): number => (holds(random) ? 0 : random.between(1, 3));
/** A reason, as a rule. */
export const word = (random: Random): string => (holds(random) ? 'a reason' : '');
/** Who holds a lease: as a rule nobody. */
export const holder = (random: Random) => (holds(random) ? {} : { leaseHolder: 'W9' });
/** The lease that counts, or the one before it. */
export const token = (random: Random, { token: newest = 1 }: Model): number =>
  newest - (holds(random) ? 0 : 1);
/** The lease, named or not. */
export const namedToken = (random: Random, model: Model) =>
  random.chance(0.5) ? {} : { leaseToken: token(random, model) };
