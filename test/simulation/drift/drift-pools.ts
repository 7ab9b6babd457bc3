import { existsSync, readFileSync } from 'node:fs';
import { parse } from 'csv-parse/sync';
import { drawNormal } from '#shared/planning/index.ts';
import { quantile } from '#shared/variance/index.ts';

/** Chance from 0 to 1, 1 excluded. */
export type Random = () => number;

/** A law of ln(actual ÷ estimate): its value for the nth task of a history. */
export interface Law {
  readonly name: string;
  /** A new history of the law: some laws remember. */
  readonly begin: (random: Random) => (nth: number) => number;
}

/** A law of real tasks, with what the state has to reach on it. */
export interface Pool extends Law {
  readonly n: number;
  /** Least share of ×2 shifts that show within 20 tasks. */
  readonly doubledBy20: number;
}

const FOLDER = '../shared/data';
const SIP = `${FOLDER}/sip-before-2012.csv`;
const RENZO = `${FOLDER}/renzo-first-70.csv`;

/** Why the pools of real tasks are not there, or undefined where they are. */
export const whyNoPools = (): string | undefined =>
  existsSync(SIP) && existsSync(RENZO) ? undefined : `no task records in ${FOLDER}`;

/** The pools that the drift rules are judged on: ln ratios of one kind of task less their median, drawn with replacement. */
export function readPools(): readonly Pool[] {
  const sip = readRows(SIP);
  const sipOf = (subcategory: string): Record<string, string>[] =>
    sip.filter((row) => row['subcategory'] === subcategory);
  return [
    toPool('SiP Enhancement', sipOf('Enhancement'), 0.52),
    toPool('SiP Bug', sipOf('Bug'), 0.66),
    toPool('SiP Management Meeting', sipOf('Management Meeting'), 0.82),
    toPool('Renzo', readRows(RENZO), 0.7),
  ];
}

const without = (name: string, draw: (random: Random) => number): Law => ({
  name,
  begin: (random) => () => draw(random),
});

/** Laws without any lasting change. */
export const STABLE_LAWS: readonly Law[] = [
  without('normal, sd .8', (random) => 0.8 * drawNormal(random)),
  without('lognormal, heavy tail', (random) => Math.exp(0.8 * drawNormal(random))),
  without('three values', (random) => pickOf(random(), [0.2, 0.8])),
  without('half of them exact', (random) => (random() < 0.5 ? 0 : 0.8 * drawNormal(random))),
  without('1 of 20 overruns', (random) => (random() < 0.05 ? 1 : 0)),
  without('all equal', () => 0),
];

/** Laws that move without lasting change: what they raise is told, not judged. */
export const MOVING_LAWS: readonly Law[] = [
  { name: 'season of 60 tasks, ±20 %', begin: season(60) },
  { name: 'season of 200 tasks, ±20 %', begin: season(200) },
];

function season(period: number): Law['begin'] {
  return (random) => {
    const start = random();
    return (nth) =>
      0.8 * drawNormal(random) + Math.log(1.2) * Math.sin(2 * Math.PI * (start + nth / period));
  };
}

const pickOf = (chance: number, [low, high]: readonly [number, number]): number =>
  chance < low ? -0.7 : chance < high ? 0 : 0.7;

function toPool(name: string, rows: readonly Record<string, string>[], doubledBy20: number): Pool {
  const lnRatios = rows
    .map((row) => Math.log(Number(row['actual_hours']) / Number(row['estimated_hours'])))
    .sort((left, right) => left - right);
  const median = quantile(lnRatios, 0.5);
  const pool = lnRatios.map((lnRatio) => lnRatio - median);
  const draw = (random: Random): number => pool[Math.floor(random() * pool.length)] ?? 0;
  return { ...without(name, draw), n: pool.length, doubledBy20 };
}

const readRows = (path: string): Record<string, string>[] =>
  parse(readFileSync(path), { columns: true });
