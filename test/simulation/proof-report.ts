import type { Tally } from './tally.ts';

/** All that the proof found. */
export interface Proof {
  /** The first seed. */
  readonly from: number;
  readonly tally: Tally;
  readonly planted: readonly {
    readonly name: string;
    /** The first seed that noticed, and the law it saw broken. */
    readonly found: Tally['failures'][number] | undefined;
  }[];
  readonly drafts: readonly {
    readonly name: string;
    readonly seeds: number;
    readonly failed: number;
  }[];
}

/** Whether no seed broke a law, every planted bug was found, and each draft rule fails where ours holds. */
export const isProven = ({ tally, planted, drafts }: Proof): boolean =>
  tally.failures.length === 0 &&
  planted.every(({ found }) => found !== undefined) &&
  drafts.every(({ failed }) => failed > 0);

/** The proof as people read it. */
export function toLines({ from, tally, planted, drafts }: Proof): string[] {
  const { seeds, failures, modes, coverage, switchedOn } = tally;
  const looks = Object.values(coverage).reduce((sum, count) => sum + count, 0);
  const found = planted.filter((bug) => bug.found !== undefined);
  const lines = [
    `seeds      ${seeds} from ${from}: ${failures.length} violations`,
    ...failures.slice(0, 5).map(({ seed, law, detail }) => `  seed ${seed}: ${law}: ${detail}`),
    ...(failures.length === 0
      ? []
      : [`  replay: npm run -s proof:protocol -- --seed ${failures[0]?.seed ?? ''}`]),
    `played     ${tally.presses} presses, ${tally.decisions} decisions, ${tally.readings} readings of the doc`,
    `modes      ${toList(modes)}`,
    ...Object.entries(switchedOn).map(
      ([name, on]) => `switch     ${name}: on in ${on} seeds, off in ${seeds - on}`,
    ),
    `judged     ${coverage['judged'] ?? 0} of ${looks} looks at a desk; not judged: ${toList(withoutJudged(coverage))}`,
    `fenced     ${tally.fencedOff} decisions of replaced workers were not taken`,
    `late       clocks may be off on ${tally.overtakenDesks} desks in ${tally.overtakenSeeds} seeds, where presses overtook each other by ${toGap(tally)}`,
  ];
  if (planted.length > 0) lines.push(`planted    ${found.length} of ${planted.length} bugs found`);
  for (const { name, found: first } of planted) {
    const by = first === undefined ? 'NOT FOUND' : `seed ${first.seed}: ${first.law}`;
    lines.push(`  ${name.padEnd(52)} ${by}`);
  }
  if (drafts.length > 0) lines.push('draft      rules of an earlier draft, on the same seeds');
  for (const { name, seeds: played, failed } of drafts) {
    const share = Math.round((1_000 * failed) / played) / 10;
    lines.push(`  ${name.padEnd(52)} fails in ${failed} of ${played} seeds (${share} %)`);
  }
  return lines;
}

function withoutJudged(coverage: Tally['coverage']): Tally['coverage'] {
  const { judged: _, ...others } = coverage;
  return others;
}

const toList = (counts: Tally['coverage']): string =>
  Object.entries(counts)
    .map(([name, count]) => `${name} ${count}`)
    .join(', ');

const toGap = ({ overtakenDesks, shortestOvertakingMs }: Tally): string =>
  overtakenDesks === 0
    ? 'nothing'
    : `${shortestOvertakingMs / 1_000} s or more (stated wait: 60 s)`;
