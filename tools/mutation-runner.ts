/**
 * The tests of one room of the core, run for Stryker without a process or a worker for each mutant. The room's sources and
 * tests become one script: to try a mutant is to evaluate as much of it as holds the tests that reach the mutant, to switch it
 * on and to call them. Nothing outlives a mutant, which may have spoilt whatever it touched.
 */
import { globSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, join } from 'node:path';
import { Script } from 'node:vm';
import { build, type Plugin } from 'esbuild';
import * as fc from 'fast-check';
import { expect, expectTypeOf } from 'vitest';

/** One test as Stryker knows it; `run` throws where it fails. */
interface RoomTest {
  readonly id: string;
  readonly fileName: string;
  readonly run: () => unknown;
}

/** What the instrumented sources and this runner tell each other, as Stryker lays it down. */
interface Switchboard {
  activeMutant?: string | undefined;
  currentTestId?: string | undefined;
  hitCount?: number | undefined;
  hitLimit?: number | undefined;
  mutantCoverage: {
    readonly static: Readonly<Record<string, number>>;
    /** How often each test reached each mutant, by the ids of both. */
    readonly perTest: Readonly<Record<string, Readonly<Record<string, number>>>>;
  };
}

/** What Stryker says of a mutant to be tried. */
interface Trial {
  readonly activeMutant: { readonly id: string };
  readonly sandboxFileName: string;
  /** `static` for one that also acts while modules load. */
  readonly mutantActivation: 'runtime' | 'static';
  readonly hitLimit?: number;
}

const switchboard: Switchboard = { mutantCoverage: { static: {}, perTest: {} } };
Object.assign(globalThis, { __stryker__: switchboard });
// A mutant lives or dies alike each time it is tried, and nobody reads the smallest example that kills it.
fc.configureGlobal({ seed: 1, endOnFailure: true });

class RoomRunner {
  readonly #rooms = new Map<string, Promise<Room>>();
  readonly #patterns: readonly string[];

  constructor({ mutate }: { readonly mutate: readonly string[] }) {
    this.#patterns = mutate;
  }

  /** Opens the rooms beforehand: what it takes is no mutant's time. */
  async init(): Promise<void> {
    for (const folder of globSync(this.#patterns.map(toRoom))) await this.#open(`test/${folder}`);
  }

  capabilities() {
    return { reloadEnvironment: true };
  }

  /** The tests of every room that has mutants, none of them switched on, and which mutants each reaches. */
  async dryRun({ files = [] }: { readonly files?: readonly string[] }) {
    const tests: object[] = [];
    // One after the other: what a test reaches is told by which one is under way.
    for (const room of new Set(files.map(toRoom))) {
      tests.push(...(await this.#open(`test/${room}`)).outcomes);
    }
    return { status: 'complete', tests, mutantCoverage: switchboard.mutantCoverage };
  }

  async mutantRun({ activeMutant, sandboxFileName, mutantActivation, hitLimit }: Trial) {
    const { id } = activeMutant;
    const room = await this.#open(`test/${toRoom(sandboxFileName)}`);
    const { perTest } = switchboard.mutantCoverage;
    const doesReach = (test: RoomTest): boolean => perTest[test.id]?.[id] !== undefined;
    const files = new Set(room.tests.filter(doesReach).map(({ fileName }) => fileName));
    const reaching = room.load((file) => files.has(file)).filter(doesReach);
    Object.assign(switchboard, { activeMutant: id, hitCount: 0, hitLimit });
    try {
      const found = await tryAll(reaching);
      if (found.status !== 'survived' || mutantActivation === 'runtime') return found;
      // It also acts while modules load, so they have to be loaded under it, and every test may notice.
      const own = `${basename(sandboxFileName, '.ts')}.test.ts`;
      return await tryAll(firstThose(room.load(), (test) => basename(test.fileName) === own));
    } catch (error) {
      // The room does not even load: nobody could overlook that.
      return { status: 'killed', killedBy: [], failureMessage: String(error), nrOfTests: 0 };
    } finally {
      Object.assign(switchboard, { activeMutant: undefined, hitLimit: undefined });
    }
  }

  #open(folder: string): Promise<Room> {
    const opened = this.#rooms.get(folder) ?? openRoom(folder);
    this.#rooms.set(folder, opened);
    return opened;
  }
}

/** Runs tests until one fails. */
async function tryAll(tests: readonly RoomTest[]) {
  for (const [index, test] of tests.entries()) {
    const failureMessage = await failureOf(test);
    const { hitCount = 0, hitLimit = Number.POSITIVE_INFINITY } = switchboard;
    if (hitCount > hitLimit) return { status: 'timeout', reason: 'a loop without an end' };
    if (failureMessage !== undefined) {
      return { status: 'killed', killedBy: [test.id], failureMessage, nrOfTests: index + 1 };
    }
  }
  return { status: 'survived', nrOfTests: tests.length };
}

const firstThose = (
  tests: readonly RoomTest[],
  fits: (test: RoomTest) => boolean,
): readonly RoomTest[] => [...tests.filter(fits), ...tests.filter((test) => !fits(test))];

async function failureOf({ run }: RoomTest): Promise<string | undefined> {
  try {
    await run();
    return undefined;
  } catch (error) {
    return String(error);
  }
}

type Load = (isWanted?: (fileName: string) => boolean) => readonly RoomTest[];

/** A test beyond it is one of a law with many cases. */
const SLOW_MS = 25;

/** A room whose tests have been run once without a mutant. */
interface Room {
  /** Those that take long are the last: most mutants are noticed before. */
  readonly tests: readonly RoomTest[];
  /** How each went, as Stryker wants to be told. */
  readonly outcomes: readonly object[];
  /** Evaluates sources and tests afresh, in the same order; only those of the files that are wanted. */
  readonly load: Load;
}

async function openRoom(folder: string): Promise<Room> {
  const load = await bundleRoom(folder);
  const outcomes = [];
  const spentMs = new Map<string, number>();
  const slowLast = (tests: readonly RoomTest[]): readonly RoomTest[] =>
    firstThose(tests, ({ id }) => (spentMs.get(id) ?? 0) <= SLOW_MS);
  const tests = load();
  for (const test of tests) {
    const { id, fileName } = test;
    const before = performance.now();
    switchboard.currentTestId = id;
    const failureMessage = await failureOf(test);
    switchboard.currentTestId = undefined;
    const timeSpentMs = performance.now() - before;
    spentMs.set(id, timeSpentMs);
    const told = { id, name: id, fileName, timeSpentMs };
    const status = failureMessage === undefined ? 0 : 1;
    outcomes.push({ ...told, status, ...(status === 0 ? {} : { failureMessage }) });
  }
  return { tests: slowLast(tests), outcomes, load: (isWanted) => slowLast(load(isWanted)) };
}

/** One script of a room's tests and all they import; each call evaluates it. */
async function bundleRoom(folder: string): Promise<Load> {
  const files = globSync(`${folder}/**/*.test.ts`).sort();
  const lines = files.map((file) => `if (__open(${JSON.stringify(file)})) require('./${file}');`);
  const { outputFiles } = await build({
    stdin: { contents: lines.join('\n'), resolveDir: process.cwd(), loader: 'js' },
    bundle: true,
    write: false,
    format: 'cjs',
    platform: 'node',
    target: 'node24',
    external: ['fast-check', 'valibot', 'zod', '@noble/*'],
    plugins: [HANDED_IN],
    logLevel: 'error',
  });
  const text = outputFiles.map((file) => file.text).join('');
  const script = new Script(`(function (require, __vitest, __open) {${text}\n})`);
  const require = createRequire(join(process.cwd(), 'package.json'));
  return (isWanted = () => true) => {
    const book = createTestBook();
    const open = (file: string): boolean => {
      book.openFile(file);
      return isWanted(file);
    };
    const evaluate: unknown = script.runInThisContext();
    if (typeof evaluate === 'function') evaluate(require, book.vitest, open);
    return book.tests;
  };
}

/** `vitest` is not bundled: the tests get what {@link createTestBook} makes. */
const HANDED_IN: Plugin = {
  name: 'handed-in',
  setup(bundler) {
    bundler.onResolve({ filter: /^vitest$/ }, () => ({ path: 'vitest', namespace: 'handed-in' }));
    bundler.onLoad({ filter: /./, namespace: 'handed-in' }, () => ({
      contents: 'module.exports = __vitest;',
    }));
  },
};

type Body = (...args: readonly unknown[]) => unknown;

/** As much of Vitest as the core's tests use: titles, tables of cases, and its own `expect`. */
function createTestBook() {
  const tests: RoomTest[] = [];
  const path: string[] = [];
  let fileName = '';
  let place = 0;
  const describe = (title: string, body: Body): void => {
    path.push(title);
    body();
    path.pop();
  };
  const it = (title: string, body: Body): void => {
    const name = [fileName, ...path, title].join(' > ');
    // Two tests of one name are told apart by their place in the file.
    place += 1;
    tests.push({ id: `${name} #${place}`, fileName, run: () => body() });
  };
  const each =
    (declare: typeof it) =>
    (cases: readonly unknown[]) =>
    (title: string, body: Body): void => {
      for (const one of cases) declare(title, () => body(...(Array.isArray(one) ? one : [one])));
    };
  return {
    tests,
    openFile: (name: string): void => {
      fileName = name;
      place = 0;
    },
    vitest: {
      describe: Object.assign(describe, { each: each(describe) }),
      it: Object.assign(it, { each: each(it) }),
      expect,
      expectTypeOf,
    },
  };
}

/**
 * The room of a file or a pattern of files. It is vouched for by its own tests: a mutant that a test far away happens to notice has not
 * been noticed by anybody who will read the failure.
 */
function toRoom(file: string): string {
  const [room = ''] = /shared\/[^/]+/.exec(file.replaceAll('\\', '/')) ?? [];
  return room;
}

/** What Stryker finds in this module. */
export const strykerPlugins = [
  {
    kind: 'TestRunner',
    name: 'room',
    injectableClass: Object.assign(RoomRunner, { inject: ['options'] }),
  },
];
