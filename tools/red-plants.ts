/** One violation: what is changed, and what the gate must say about it. */
export interface Plant {
  readonly what: string;
  /** A new file, or a text of an old one and what it becomes. */
  readonly path: string;
  readonly change: string | { readonly from: string; readonly to: string };
  /** Words that the gate's complaint holds, so that it fails for this reason and no other. */
  readonly says: readonly string[];
}

/** Violations that one run must find, all of them. */
export interface Round {
  readonly gate: string;
  /** What runs. @default the gate of that name */
  readonly step?: readonly string[];
  readonly plants: readonly Plant[];
}

const RUN_TABLE = 'shared/lifecycle/run/run-lifecycle.ts';
const RUN_MESSAGES = 'shared/lifecycle/run/run-messages.ts';
const RUN_PROJECTION = 'shared/lifecycle/run/run-projection.ts';
const CELL = { from: "failed: { quarantine: 'quarantined' },", to: 'failed: {},' };
const PACK_END = { from: 'export const pack = coda.newPack();' };
const untestedLines = Array.from({ length: 300 }, (_, n) => `  sum += ${n};`).join('\n');

/** Every gate with the violations it must find, the tests and their coverage included. */
export const ROUNDS: readonly Round[] = [
  {
    gate: 'format',
    plants: [
      {
        what: 'careless spaces',
        path: 'shared/kernel/red-format.ts',
        change: 'export   const red = 1\n',
        says: ['red-format.ts'],
      },
    ],
  },
  {
    gate: 'lint',
    plants: [
      {
        what: 'a dropped promise',
        path: 'sync-worker/red-promise.ts',
        change:
          'const work = async (): Promise<void> => {};\nexport function red(): void {\n  work();\n}\n',
        says: ['no-floating-promises', 'red-promise.ts'],
      },
      {
        what: 'zod by its name, which carries every locale into the bundle',
        path: 'shared/kernel/red-zod.ts',
        change: "import { z } from 'zod';\n\nexport const red = z;\n",
        says: ['no-restricted-imports', 'red-zod.ts'],
      },
      {
        what: 'a global that the Pack VM lacks',
        path: 'pack/red-global.ts',
        change: 'export const red = (): unknown => setTimeout(() => {}, 1);\n',
        says: ['no-restricted-globals', 'red-global.ts'],
      },
    ],
  },
  {
    gate: 'types',
    plants: [
      {
        what: 'an enum, which type stripping cannot remove',
        path: 'shared/kernel/red-enum.ts',
        change: 'export enum Red {\n  One,\n}\n',
        says: ['red-enum.ts', 'TS1294'],
      },
      {
        what: 'a state without a row',
        path: RUN_TABLE,
        change: { from: "  'pending',\n", to: "  'pending',\n  'red',\n" },
        says: [RUN_TABLE, "Property 'red' is missing"],
      },
      {
        what: 'an event without a case',
        path: RUN_MESSAGES,
        change: {
          from: "    | { readonly type: 'run_canceled';",
          to: "    | { readonly type: 'run_reddened' }\n    | { readonly type: 'run_canceled';",
        },
        says: ['shared/lifecycle/run/run-decider.ts', 'TS2366'],
      },
    ],
  },
  {
    gate: 'layers',
    plants: [
      {
        what: 'Node inside the core',
        path: 'shared/kernel/red-node.ts',
        change: "import 'node:fs';\n",
        says: ['no-node-in-core-and-pack: shared/kernel/red-node.ts'],
      },
      {
        what: 'the worker importing the Pack',
        path: 'sync-worker/red-pack.ts',
        change: "import '../pack/pack.ts';\n",
        says: ['worker-not-to-pack: sync-worker/red-pack.ts'],
      },
      {
        what: 'the Pack importing the worker',
        path: 'pack/red-worker.ts',
        change: "import '#worker/main.ts';\n",
        says: ['pack-not-to-worker: pack/red-worker.ts'],
      },
      {
        what: 'a lower room importing a higher one',
        path: 'shared/lifecycle/red-order.ts',
        change: "import '#shared/ledger/index.ts';\n",
        says: ['core-order-lifecycle: shared/lifecycle/red-order.ts'],
      },
      {
        what: "a room's inner file from outside",
        path: 'shared/lifecycle/red-inner.ts',
        change: "import '#shared/kernel/result.ts';\n",
        says: ['core-through-its-index: shared/lifecycle/red-inner.ts'],
      },
      {
        what: 'a circle',
        path: 'shared/kernel/red-circle.ts',
        change: "import './red-circle.ts';\n",
        says: ['no-cycle: shared/kernel/red-circle.ts'],
      },
      {
        what: 'a package that this folder has no use for',
        path: 'pack/red-package.ts',
        change: "import 'commander';\n",
        says: ['packages-pack: pack/red-package.ts'],
      },
      {
        what: 'a name that says nothing',
        path: 'shared/kernel/utils.ts',
        change: 'export const red = 1;\n',
        says: ['vague-name: shared/kernel/utils.ts'],
      },
    ],
  },
  {
    gate: 'dead-code',
    plants: [
      {
        what: 'a file nobody imports',
        path: 'shared/kernel/red-orphan.ts',
        change: 'export const red = 1;\n',
        says: ['red-orphan.ts'],
      },
      {
        what: 'an export nobody imports',
        path: 'tools/run-step.ts',
        change: {
          from: 'export function runStep',
          to: 'export const redExport = 1;\n\nexport function runStep',
        },
        says: ['redExport'],
      },
      {
        what: 'a package nobody imports',
        path: 'package.json',
        change: { from: '"dependencies": {', to: '"dependencies": {\n    "left-pad": "1.3.0",' },
        says: ['left-pad'],
      },
    ],
  },
  {
    gate: 'api-docs',
    plants: [
      {
        what: 'an export without a docstring',
        path: 'shared/kernel/index.ts',
        change: { from: 'export ', to: 'export const redUndocumented = 1;\nexport ' },
        says: ['redUndocumented'],
      },
    ],
  },
  {
    gate: 'pack',
    plants: [
      {
        what: 'a name that Coda refuses',
        path: 'pack/pack.ts',
        change: {
          ...PACK_END,
          to: `${PACK_END.from}
pack.addFormula({
  name: 'Red Name',
  description: 'Red.',
  parameters: [],
  resultType: coda.ValueType.String,
  execute: () => '',
});`,
        },
        says: ['packs validate', 'name'],
      },
    ],
  },
  {
    gate: 'pack',
    plants: [
      {
        what: 'a warning that still ends with 0',
        path: 'pack/pack.ts',
        change: { ...PACK_END, to: `${PACK_END.from}\nconsole.log('red warning');` },
        says: ['red warning'],
      },
    ],
  },
  {
    gate: 'bundle',
    plants: [
      {
        what: 'all of zod',
        path: 'pack/pack.ts',
        change: { ...PACK_END, to: `import { z } from 'zod';\n${PACK_END.from}\nconsole.log(z);` },
        says: ['above its budget'],
      },
      {
        what: 'the text that the upload refuses',
        path: 'pack/pack.ts',
        change: { ...PACK_END, to: `${PACK_END.from}\nconsole.log('eval(');` },
        says: ['holds `eval(`'],
      },
    ],
  },
  {
    gate: 'docs',
    plants: [
      {
        what: 'a changed cell that the pages do not show',
        path: RUN_TABLE,
        change: CELL,
        says: ['docs/diagrams/run.md', 'docs/reference/run.md'],
      },
    ],
  },
  {
    gate: 'tests',
    step: ['vitest', 'run', 'test/shared/lifecycle'],
    plants: [
      {
        what: 'a changed cell of the table',
        path: RUN_TABLE,
        change: CELL,
        says: ['quarantine leads where the matrix says'],
      },
      {
        what: 'a projection off by one',
        path: RUN_PROJECTION,
        change: { from: '- pausedMs, pausedMs', to: '- pausedMs + 1, pausedMs' },
        says: ['projectClock'],
      },
    ],
  },
  {
    gate: 'coverage',
    step: [
      'vitest',
      'run',
      'test/shared/kernel',
      '--coverage',
      '--coverage.include=shared/kernel/**',
    ],
    plants: [
      {
        what: 'a branch that no test takes',
        path: 'shared/kernel/red-untested.ts',
        change: `export function red(isRed: boolean): number {\n  let sum = 0;\n  if (!isRed) return sum;\n${untestedLines}\n  return sum;\n}\n`,
        says: ['does not meet'],
      },
    ],
  },
];
