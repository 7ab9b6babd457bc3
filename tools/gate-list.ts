/** One check of the house that is not a test. */
export interface Gate {
  readonly name: string;
  /** What it keeps, for the help. */
  readonly keeps: string;
  /** Program and arguments of each step; a program is a file of `node_modules/.bin`. All of them must end with 0. */
  readonly steps: readonly (readonly string[])[];
  /** Whether a step may say nothing at all: some programs print a problem and still end with 0. @default false */
  readonly isSilent?: boolean;
}

/** The folders that hold TypeScript. */
const SOURCE_FOLDERS = ['shared', 'pack', 'sync-worker', 'test', 'tools'] as const;

/** All gates; the slow ones first, so that two at a time end soonest. */
export const GATES: readonly Gate[] = [
  {
    name: 'types',
    keeps: 'every folder compiles as strictly as its tsconfig says',
    steps: SOURCE_FOLDERS.map((folder) => ['tsc', '-p', folder]),
  },
  {
    name: 'lint',
    keeps: 'no warning from oxlint, types included',
    steps: [['oxlint', '--deny-warnings', ...SOURCE_FOLDERS]],
  },
  {
    name: 'api-docs',
    keeps: 'every export of the core has a docstring that typedoc understands',
    steps: [['typedoc', '--emit', 'none', '--logLevel', 'Warn']],
  },
  {
    name: 'pack',
    keeps: '`packs validate` ends with 0 and says nothing',
    steps: [['packs', 'validate', 'pack/pack.ts']],
    isSilent: true,
  },
  {
    name: 'bundle',
    keeps: 'the minified Pack stays within its size and holds no `eval(`',
    steps: [['node', 'tools/check-bundle.ts']],
  },
  {
    name: 'dead-code',
    keeps: 'no file, export or package that nobody uses',
    steps: [['knip', '--no-progress', '--treat-config-hints-as-errors']],
  },
  {
    name: 'layers',
    keeps: 'imports run in the allowed directions only',
    steps: [['node', 'tools/check-layers.ts']],
  },
  {
    name: 'format',
    keeps: 'one layout for all code',
    steps: [['biome', 'ci', '--colors=off', '.']],
  },
  {
    name: 'docs',
    keeps: 'generated diagrams and tables say what the code says',
    steps: [['node', 'tools/generate-docs.ts', '--check']],
  },
];
