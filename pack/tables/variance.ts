import * as coda from '@codahq/packs-sdk';
import { findTask, type LedgerRun, type TaskRow, toVarianceInput } from '#shared/doc/index.ts';
import { msToHours, toInstant } from '#shared/kernel/index.ts';
import type { ViewRun } from '#shared/ledger/index.ts';
import { type GroupVariance, varianceByGroup } from '#shared/variance/index.ts';
import { type FounderHqReading, readDoc } from '../doc-reader.ts';
import { explainFailure } from '../failures.ts';
import { DOC_PARAMETER, LEDGER_DOC_PARAMETER } from '../parameters.ts';
import { VarianceRowSchema } from '../schemas/variance-row.ts';

type VarianceRow = coda.SchemaType<typeof VarianceRowSchema>;

/** Adds `Variance`: how far each workflow's tasks end from their estimates. */
export function addVariance(pack: coda.PackDefinitionBuilder): void {
  pack.addSyncTable({
    name: 'Variance',
    description:
      'Variance of a Founder HQ doc by workflow, one row each: typical (median task) and total (budget), over how many tasks and runs, the P10–P90 range of actual ÷ estimate, and whether that is enough to trust. Sums the runs of each finished task against the estimate it began with; runs whose lineage contradicts itself or leads nowhere are in rows of their own. A report, synced hourly. Use it to set the next estimate and to see which workflow drifts.',
    identityName: 'WorkflowVariance',
    schema: VarianceRowSchema,
    connectionRequirement: coda.ConnectionRequirement.Required,
    formula: {
      name: 'Variance',
      description: 'Computes the variance of every workflow of a Founder HQ doc.',
      parameters: [DOC_PARAMETER, LEDGER_DOC_PARAMETER],
      onError: explainFailure,
      execute: async ([doc, ledgerDoc], context) => {
        const tables = [
          'workflows',
          'process_templates',
          'projects',
          'tasks',
          'execution_runs',
        ] as const;
        return { result: listVariance(await readDoc(context, { doc, ledgerDoc }, tables)) };
      },
    },
  });
}

/** The same functions over the same rows as the worker, and so the same figures. */
function listVariance({ doc, view, nowMs }: FounderHqReading): VarianceRow[] {
  const input = toVarianceInput(
    doc,
    view.runs.map((run) => toLedgerRun(run, doc.tasks)),
  );
  const names = new Map(doc.workflows.map(({ rowId, name }) => [rowId, name]));
  const asOf = toInstant(nowMs);
  return varianceByGroup(input.tasks, input.sessions).map((group) => ({
    ...toVarianceRow(group),
    workflow: names.get(group.group) ?? group.group,
    asOf,
  }));
}

function toVarianceRow(group: GroupVariance): Omit<VarianceRow, 'workflow' | 'asOf'> {
  const { nTasks, nRuns, typical, total, p10, p90, state, needed } = group;
  return {
    groupId: group.group,
    nTasks,
    nRuns,
    p10,
    p90,
    state,
    needed,
    estimateHours: msToHours(group.estimateMs),
    actualHours: msToHours(group.actualMs),
    allHours: msToHours(group.allNetMs),
    unestimatedHours: msToHours(group.unestimatedMs),
    ...(typical === null ? {} : { typical }),
    ...(total === null ? {} : { total }),
  };
}

function toLedgerRun(run: ViewRun, tasks: readonly TaskRow[]): LedgerRun {
  const { runId, startedAtMs, endedAtMs, netMs, day } = run;
  const match = findTask(tasks, run.task);
  return {
    runId,
    netMs,
    isOpen: endedAtMs === undefined,
    startedAt: toInstant(startedAtMs),
    ...(endedAtMs === undefined ? {} : { endedAt: toInstant(endedAtMs) }),
    ...(match.kind === 'found' ? { taskRowId: match.task.rowId } : {}),
    // Logged hours are a person's word, no clock that may have been forgotten.
    isConfirmed: day !== undefined,
  };
}
