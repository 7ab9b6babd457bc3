import { assert, type Instant } from '#shared/kernel/index.ts';
import {
  bearGateCheck,
  canonicalJson,
  type DocumentStep,
  type Json,
  type WorkStep,
} from '#shared/ledger/index.ts';
import {
  CHECK_TIMEOUT_MS,
  type CheckVerdict,
  judgeReading,
  type MeasuredCondition,
} from '#shared/lifecycle/index.ts';
import { sha256 } from '#worker/store/index.ts';
import type { WorkBatch } from '#worker/work/index.ts';
import type { GateOfRun } from './gate-of-run.ts';
import { type GateRecord, toCheckRunId } from './gate-records.ts';

/** One finding about a gate, and who made it when. */
export interface GateFinding {
  readonly at: Instant;
  readonly by: string;
  /** What was measured; or why nothing could be. */
  readonly found: readonly MeasuredCondition[] | { readonly reason: string };
  readonly evidence?: string;
}

/** Who reads gates from the doc. */
const EVALUATOR = 'required-gates';

/** A new run of a gate's check with what was found: all of it in one batch, or nothing. */
export function toCheckBatch(
  mine: GateOfRun,
  { attempts, latest }: GateRecord,
  finding: GateFinding,
): Pick<WorkBatch, 'plan' | 'documents' | 'runIds'> {
  const { gate, required, projectId, checkType, runId } = mine;
  const [definition] = gate.checks;
  assert(definition !== undefined, `gate \`${gate.gateId}\` has no check`);
  const { at, by, evidence } = finding;
  const asked = { at, by };
  const attempt = attempts + 1;
  const id = toCheckRunId(gate.gateId, attempt);
  const outputHash = sha256(canonicalJson(toJson({ ...finding, at: '', by: '' })));
  const birth = bearGateCheck(
    {
      schema: 'test_execution_record.v1',
      checkRunId: id,
      gateId: gate.gateId,
      checkId: definition.checkId,
      projectId,
      checkType,
      required: true,
      dryRun: false,
      attempt,
      ...(latest === undefined ? {} : { supersedes: latest.check.checkRunId }),
      evaluator: EVALUATOR,
      timeoutMs: CHECK_TIMEOUT_MS,
      subjectHash: outputHash,
      // A person's run has no document of its own that a check could name.
      metadata: { runId, gate: required.text, by, ...(evidence === undefined ? {} : { evidence }) },
    },
    asked,
  );
  const start = { type: 'start' as const, openChecks: [], evaluator: EVALUATOR };
  const steps: readonly WorkStep[] = [
    birth,
    ...('reason' in finding.found
      ? [toStep(id, { ...asked, type: 'skip', reason: finding.found.reason })]
      : [
          toStep(id, { ...asked, ...start, subjectHash: outputHash }),
          toStep(id, { ...asked, ...toVerdict(finding.found, outputHash) }),
        ]),
  ];
  const documents = attempts === 0 ? [toDefinition(mine, finding)] : [];
  return { runIds: [], plan: () => steps, documents };
}

type CheckCommand = Extract<WorkStep, { readonly entity: 'gate_check' }>['command'];

const toStep = (id: string, command: CheckCommand): WorkStep => ({
  entity: 'gate_check',
  id,
  command,
});

const toVerdict = (conditions: readonly MeasuredCondition[], outputHash: string): CheckVerdict =>
  judgeReading(conditions, outputHash);

/** The definition lies beside the check, since no check may name a gate nobody knows. */
function toDefinition(
  { gate, required, checkType }: GateOfRun,
  { at, by, found }: GateFinding,
): DocumentStep {
  const { gateId, scope, checks } = gate;
  const conditions = 'reason' in found ? [] : found.map(withoutMeasure);
  const document = {
    schema: 'gate.v1',
    gateId,
    name: required.text,
    scope,
    checks: checks.map((check) => ({ ...check, checkType, conditions, dependsOn: [] })),
    guards: [scope],
  };
  return { table: 'gates', id: gateId, document: toJson(document), at, by };
}

function withoutMeasure({
  actual: _actual,
  sampleSize: _sampleSize,
  outcome: _outcome,
  ...condition
}: MeasuredCondition): object {
  return condition;
}

const toJson = (value: object): { readonly [field: string]: Json } =>
  JSON.parse(JSON.stringify(value));
