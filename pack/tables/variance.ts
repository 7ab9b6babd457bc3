import { VARIANCE_TABLES, type WorkflowVariance, workflowRows } from '#shared/doc/index.ts';
import { toInstant } from '#shared/kernel/index.ts';
import { readDoc } from '../doc-reader.ts';
import { explainFailure } from '../failures.ts';
import { DOC_PARAMETER, LEDGER_DOC_PARAMETER } from '../parameters.ts';
import { VarianceRowSchema } from '../schemas/variance-row.ts';
import * as coda from '../sdk.ts';

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
      execute: async ([docAddress, ledgerDoc], context) => {
        const addresses = { doc: docAddress, ledgerDoc };
        const { doc, view, nowMs } = await readDoc(context, addresses, VARIANCE_TABLES);
        const asOf = toInstant(nowMs);
        const rows = workflowRows(doc, { runs: view.runs, timeZone: context.timezone });
        return { result: rows.map((row) => ({ ...toVarianceRow(row), asOf })) };
      },
    },
  });
}

/** A cell that has no value is left out: blank, where null would be shown as something. */
const toVarianceRow = ({ typical, total, since, ...row }: WorkflowVariance): VarianceRow => ({
  ...row,
  ...(typical === null ? {} : { typical }),
  ...(total === null ? {} : { total }),
  ...(since === null ? {} : { since }),
});
