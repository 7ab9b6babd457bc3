import { createHash } from 'node:crypto';
import type { RunConfig } from '#shared/contracts/index.ts';
import { toInstant, toUlid } from '#shared/kernel/index.ts';
import type { Definition } from '#shared/ledger/index.ts';
import type { Asked } from '#shared/lifecycle/index.ts';

export const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** The same name always gets the same id. */
export const idOf = (name: string): string => toUlid(1_772_442_000_000, sha256(name));

/** A command's stamp, so many minutes into the morning. */
export const asked = (minute: number, by = 'system'): Asked => ({
  at: toInstant(1_772_442_000_000 + minute * 60_000),
  by,
});

const SCOPE = { read: ['**'], write: ['src/**'], create: ['src/**'], forbidden: ['secrets/**'] };
const ACCEPTANCE = { mode: 'all', checks: [] } as const;

/** A config with one phase, `build`. */
export const runConfig = (change: Partial<RunConfig> = {}): RunConfig => ({
  schema: 'run_config.v1',
  runConfigId: idOf('config'),
  projectId: 'acme-site',
  phaseIds: ['build'],
  strategy: 'capability',
  maxParallel: 4,
  maxAttempts: 3,
  maxFixLoops: 3,
  maxRunRetries: 0,
  taskTimeoutMs: 1_800_000,
  noRouteAfterMs: 900_000,
  onFailure: 'skip_dependents',
  seed: 7,
  budgetIds: [],
  gateIds: ['tests'],
  resourceScope: SCOPE,
  policies: {
    patchOnly: true,
    testsMustPass: true,
    asciiOnly: false,
    maxLinesChanged: 300,
    maxFilesChanged: 10,
    requireIssueRef: true,
  },
  dryRun: false,
  createdAt: asked(0).at,
  createdBy: { kind: 'person', id: 'dana@example.com' },
  ...change,
});

export const run = (name: string, change: Partial<Definition<'run'>> = {}): Definition<'run'> => ({
  schema: 'run_state.v1',
  runId: idOf(name),
  runConfigId: idOf('config'),
  projectId: 'acme-site',
  origin: { triggerType: 'manual', requestedBy: 'dana@example.com' },
  ...change,
});

export const phase = (
  runName: string,
  change: Partial<Definition<'phase'>> = {},
): Definition<'phase'> => ({
  schema: 'phase_state.v1',
  phaseId: 'build',
  runId: idOf(runName),
  order: 1,
  name: 'Build',
  category: 'delivery',
  resourceScope: SCOPE,
  constraints: { patch: {}, tests: {}, behavior: {} },
  acceptance: { ...ACCEPTANCE, checks: [], postActions: [] },
  gateIds: ['tests'],
  ...change,
});

export const workstream = (
  name: string,
  runName: string,
  change: Partial<Definition<'workstream'>> = {},
): Definition<'workstream'> => ({
  schema: 'workstream_state.v1',
  workstreamId: idOf(name),
  runId: idOf(runName),
  phaseId: 'build',
  name: 'Landing page',
  tags: [],
  isCritical: true,
  dependsOn: [],
  concurrency: { mode: 'parallel', maxParallel: 4 },
  acceptance: { ...ACCEPTANCE, checks: [] },
  ...change,
});

export const task = (
  name: string,
  of: { readonly run: string; readonly workstream: string },
  change: Partial<Definition<'task'>> = {},
): Definition<'task'> => ({
  schema: 'task.v1',
  taskId: idOf(name),
  runId: idOf(of.run),
  workstreamId: idOf(of.workstream),
  name: 'Write the page',
  kind: 'implement',
  dependsOn: [],
  isCritical: false,
  parallelOk: true,
  classification: { complexity: 'simple', riskTier: 'low', domain: 'web', priority: 'normal' },
  execution: {
    maxAttempts: 3,
    timeoutMs: 1_800_000,
    retryStrategy: 'exponential',
    background: false,
  },
  requiredCapabilities: ['web'],
  estimateMs: 3_600_000,
  acceptance: { ...ACCEPTANCE, checks: [] },
  ...change,
});

export const step = (
  name: string,
  of: { readonly run: string; readonly workstream: string; readonly task: string },
  change: Partial<Definition<'step'>> = {},
): Definition<'step'> => ({
  schema: 'ws_step.v1',
  stepAttemptId: idOf(name),
  runId: idOf(of.run),
  taskId: idOf(of.task),
  workstreamId: idOf(of.workstream),
  sequence: 1,
  attempt: 1,
  toolId: 'editor',
  decisionId: idOf('decision'),
  ...change,
});

export const worker = (
  workerId: string,
  change: Partial<Definition<'worker'>> = {},
): Definition<'worker'> => ({
  schema: 'worker.v1',
  workerId,
  workerType: 'executor',
  adapterType: 'shell',
  capabilities: ['web'],
  config: { heartbeatMs: 60_000, lostAfterMs: 120_000, deadAfterMs: 300_000, leaseMs: 120_000 },
  ...change,
});

export const patch = (
  name: string,
  of: { readonly run: string; readonly workstream: string; readonly task: string },
  change: Partial<Definition<'patch'>> = {},
): Definition<'patch'> => ({
  schema: 'patch_ledger_entry.v1',
  ledgerId: idOf(`${name} ledger`),
  patchId: idOf(name),
  projectId: 'acme-site',
  runId: idOf(of.run),
  taskId: idOf(of.task),
  workstreamId: idOf(of.workstream),
  format: 'unified_diff',
  diffHash: sha256(name),
  scope: { filesTouched: ['src/page.html'], insertions: 12, deletions: 3, hunks: 2 },
  relations: {},
  ...change,
});

export const gateCheck = (
  name: string,
  runName: string,
  change: Partial<Definition<'gate_check'>> = {},
): Definition<'gate_check'> => ({
  schema: 'test_execution_record.v1',
  checkRunId: idOf(name),
  gateId: 'tests',
  checkId: 'unit',
  projectId: 'acme-site',
  runId: idOf(runName),
  checkType: 'unit_tests',
  required: true,
  dryRun: false,
  attempt: 1,
  command: 'npm test',
  timeoutMs: 600_000,
  subjectHash: sha256('tree'),
  ...change,
});
