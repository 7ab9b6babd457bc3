import { existsSync, readFileSync } from 'node:fs';
import { parse } from 'csv-parse/sync';
import type { HistoryRow } from '#shared/variance/index.ts';

/** Each file of finished tasks that forecasts are measured on, and what a forecaster has to reach on it. */
export interface DataFile {
  readonly title: string;
  readonly file: string;
  readonly genuineOnly: boolean;
  readonly bars: Bars;
  /** maeLn, mdmre, coverage80 and winklerLn of rules that another program computed on the same file, to three places. */
  readonly known: Readonly<Record<string, Figures>>;
}

/** Highest error and interval score, and the least and greatest coverage. */
export interface Bars {
  readonly maeLn: number;
  readonly mdmre: number;
  readonly winklerLn: number;
  readonly coverage: readonly [least: number, greatest: number];
}

export type Figures = readonly [
  maeLn: number,
  mdmre: number,
  coverage80: number,
  winklerLn: number,
];

const FOLDER = '../shared/data';
const SIP = `${FOLDER}/sip-before-2012.csv`;
const RENZO = `${FOLDER}/renzo-first-70.csv`;
const TRAITS = ['workflow', 'person', 'category', 'subcategory', 'project', 'priority'];

/** Why the files are not there, or undefined where they are. */
export const whyNoFiles = (): string | undefined =>
  existsSync(SIP) && existsSync(RENZO) ? undefined : `no task records in ${FOLDER}`;

/** The bars are the figures of the best rule known on each file: its error, its interval score, each for itself. */
export const DATA_FILES: readonly DataFile[] = [
  {
    title: 'SiP',
    file: SIP,
    genuineOnly: false,
    bars: { maeLn: 0.468, mdmre: 0.24, winklerLn: 2.7, coverage: [0.78, 0.83] },
    known: {
      raw: [0.471, 0.238, 0.794, 3.034],
      'evidence-based': [0.471, 0.24, 0.78, 2.959],
      'workflow-mean-actual': [1.163, 0.953, 0.788, 4.532],
      'workflow-median': [0.47, 0.243, 0.769, 2.979],
      'workflow-mean-shrunk': [0.491, 0.23, 0.767, 2.968],
      'workflow-median-shrunk': [0.468, 0.237, 0.767, 2.968],
    },
  },
  {
    title: 'SiP, estimates surely made before the work',
    file: SIP,
    genuineOnly: true,
    bars: { maeLn: 0.609, mdmre: 0.382, winklerLn: 3.225, coverage: [0.78, 0.83] },
    known: {
      raw: [0.616, 0.375, 0.79, 3.482],
      'evidence-based': [0.617, 0.375, 0.788, 3.434],
      'workflow-mean-actual': [1.171, 1.003, 0.76, 4.734],
      'workflow-median': [0.623, 0.379, 0.768, 3.564],
      'workflow-mean-shrunk': [0.633, 0.38, 0.771, 3.492],
      'workflow-median-shrunk': [0.617, 0.377, 0.771, 3.492],
    },
  },
  {
    title: 'Renzo',
    file: RENZO,
    genuineOnly: false,
    bars: { maeLn: 0.38, mdmre: 0.25, winklerLn: 1.65, coverage: [0.78, 1] },
    known: {
      raw: [0.391, 0.333, 0.871, 2.104],
      'evidence-based': [0.391, 0.333, 0.87, 2.115],
      'workflow-mean-actual': [0.532, 0.467, 0.878, 1.853],
      'workflow-median': [0.407, 0.333, 0.82, 2.174],
      'workflow-mean-shrunk': [0.411, 0.26, 0.8, 2.1],
      'workflow-median-shrunk': [0.394, 0.29, 0.8, 2.1],
    },
  },
];

/** The finished tasks of a file. */
export function readHistory(file: string): readonly HistoryRow[] {
  const rows: Record<string, string>[] = parse(readFileSync(file), { columns: true });
  return rows.map((row) => {
    const cell = (name: string) => (row[name] === '' ? undefined : row[name]);
    const hours = (name: string) => (cell(name) === undefined ? undefined : Number(cell(name)));
    return {
      task: Object.fromEntries(TRAITS.map((trait) => [trait, cell(trait)])),
      estimateHours: hours('estimated_hours'),
      actualHours: hours('actual_hours'),
      estimatedOn: cell('estimated_on'),
      completedOn: cell('completed_on'),
    };
  });
}
