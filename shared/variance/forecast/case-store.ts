import { toBin, toSteps } from './ln-grid.ts';
import { type ForecastTask, TRAITS } from './model.ts';

/** Numbers per case in a flat list: a name for each trait, the ln estimate in steps, the bin of the ratio. */
const CASE_WIDTH = TRAITS.length + 2;

/** A finished task or one to be forecast, with its names as numbers. */
export interface Case {
  /** A number for each trait; 0 where the task has no such name. */
  readonly names: readonly number[];
  /** Units: steps of the ln grid. */
  readonly lnEstimate: number;
}

/** Finished tasks in columns, oldest first: what stands at one place of each is one task. */
export interface Cases {
  readonly count: number;
  /** One column for each trait. */
  readonly names: readonly Int32Array[];
  readonly lnEstimates: Int32Array;
  readonly ratioBins: Int32Array;
}

/** What a store holds, as plain data. */
export interface FlatCases {
  readonly names: readonly (readonly string[])[];
  readonly cases: readonly number[];
}

/** The last so many finished tasks; the oldest gives way to the newest. */
export interface CaseStore {
  /** A view that the next case makes stale. */
  readonly cases: () => Cases;
  /** A task in the numbers of the store; a name never seen gets a number that no case has. */
  readonly read: (task: ForecastTask) => Case;
  readonly add: (task: ForecastTask, actualHours: number) => void;
  readonly toFlat: () => FlatCases;
}

const UNSEEN = -1;

/** A store with room for so many cases, holding the youngest of those given. Cost of a case: constant, taken over many. */
export function createCaseStore(capacity: number, flat: FlatCases): CaseStore {
  // With twice the room, the cases stay in order and move to the front only once in a full turn.
  const columns = Array.from({ length: CASE_WIDTH }, () => new Int32Array(2 * capacity));
  const indexes = TRAITS.map((_, trait) => createNameIndex(flat.names[trait] ?? []));
  let end = 0;

  const put = (values: readonly number[]): void => {
    if (end === 2 * capacity) {
      for (const column of columns) column.copyWithin(0, capacity + 1);
      end = capacity - 1;
    }
    for (const [place, column] of columns.entries()) column[end] = values[place] ?? 0;
    end += 1;
  };
  const view = (): readonly Int32Array[] =>
    columns.map((column) => column.subarray(Math.max(0, end - capacity), end));
  for (let at = 0; at < flat.cases.length; at += CASE_WIDTH) {
    put(flat.cases.slice(at, at + CASE_WIDTH));
  }
  return {
    cases: () => toCases(view()),
    read: (task) => ({
      names: indexes.map((index, trait) => index.find(nameOf(task, trait))),
      lnEstimate: toSteps(Math.log(task.estimateHours)),
    }),
    add: (task, actualHours) => {
      const lnEstimate = Math.log(task.estimateHours);
      put([
        ...indexes.map((index, trait) => index.give(nameOf(task, trait))),
        toSteps(lnEstimate),
        toBin(Math.log(actualHours) - lnEstimate),
      ]);
      // Names of forgotten cases go too, so that the memory is bounded by the room for cases.
      for (const [trait, index] of indexes.entries()) {
        if (index.size() > 2 * capacity) forgetNames(view()[trait] ?? new Int32Array(), index);
      }
    },
    toFlat: () => {
      const remembered = view();
      const places = Array.from({ length: remembered[0]?.length ?? 0 }, (_, place) => place);
      return {
        names: indexes.map((index) => index.list()),
        cases: places.flatMap((place) => remembered.map((column) => column[place] ?? 0)),
      };
    },
  };
}

function toCases(columns: readonly Int32Array[]): Cases {
  const [lnEstimates = new Int32Array(), ratioBins = new Int32Array()] = columns.slice(-2);
  return { count: ratioBins.length, names: columns.slice(0, -2), lnEstimates, ratioBins };
}

function nameOf(task: ForecastTask, trait: number): string | undefined {
  const key = TRAITS[trait];
  return key === undefined ? undefined : task[key];
}

interface NameIndex {
  readonly size: () => number;
  readonly find: (name: string | undefined) => number;
  readonly give: (name: string | undefined) => number;
  readonly list: () => readonly string[];
  readonly keep: (numbers: readonly number[]) => void;
}

/** Numbers names from 1 on; no name is 0. */
function createNameIndex(known: readonly string[]): NameIndex {
  let numberOf = new Map(known.map((name, place) => [name, place + 1]));
  const find = (name: string | undefined): number =>
    name === undefined ? 0 : (numberOf.get(name) ?? UNSEEN);
  return {
    size: () => numberOf.size,
    find,
    give: (name) => {
      const found = find(name);
      if (name === undefined || found !== UNSEEN) return found;
      numberOf.set(name, numberOf.size + 1);
      return numberOf.size;
    },
    list: () => [...numberOf.keys()],
    keep: (numbers) => {
      const list = [...numberOf.keys()];
      numberOf = new Map(numbers.map((number, place) => [list[number - 1] ?? '', place + 1]));
    },
  };
}

/** Renumbers a column so that only names still in use have a number. */
function forgetNames(column: Int32Array, index: NameIndex): void {
  const kept = [...new Set(column)].filter((number) => number > 0);
  const places = new Map(kept.map((number, place) => [number, place + 1]));
  for (const [place, number] of column.entries()) column[place] = places.get(number) ?? 0;
  index.keep(kept);
}
