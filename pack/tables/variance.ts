import { type GroupedVariance, groupRows, VARIANCE_TABLES_BY } from '#shared/doc/index.ts';
import { toInstant } from '#shared/kernel/index.ts';
import { GROUPINGS, type Grouping } from '#shared/variance/index.ts';
import { readDoc } from '../doc-reader.ts';
import { explainFailure, failure } from '../failures.ts';
import { DOC_PARAMETER, LEDGER_DOC_PARAMETER } from '../parameters.ts';
import { VarianceRowSchema } from '../schemas/variance-row.ts';
import * as coda from '../sdk.ts';

type VarianceRow = coda.SchemaType<typeof VarianceRowSchema>;

/** Adds `Variance`: how far tasks end from their estimates, by workflow or by anything else. */
export function addVariance(pack: coda.PackDefinitionBuilder): void {
  pack.addSyncTable({
    name: 'Variance',
    description:
      'Variance of a Founder HQ doc by workflow or by template, blueprint, offer, engagement, project, venture, person or month, one row each: typical (median task) and total (budget), over how many tasks and runs, the P10–P90 range of actual ÷ estimate, and whether that is enough to trust. Sums the runs of each finished task against the estimate it began with; runs whose lineage contradicts itself or leads nowhere are in rows of their own. A report, synced hourly. Use it to set the next estimate and to see which workflow drifts.',
    identityName: 'VarianceGroup',
    schema: VarianceRowSchema,
    connectionRequirement: coda.ConnectionRequirement.Required,
    formula: {
      name: 'Variance',
      description: 'Computes the variance of a Founder HQ doc, grouped as asked for.',
      parameters: [
        DOC_PARAMETER,
        coda.makeParameter({
          type: coda.ParameterType.String,
          name: 'by',
          description: `What to group by: ${GROUPINGS.join(', ')}. Blank: workflow.`,
          optional: true,
          autocomplete: [...GROUPINGS],
        }),
        LEDGER_DOC_PARAMETER,
      ],
      onError: explainFailure,
      execute: async ([docAddress, grouping, ledgerDoc], context) => {
        const by = toGrouping(grouping);
        const addresses = { doc: docAddress, ledgerDoc };
        const { doc, view, nowMs } = await readDoc(context, addresses, VARIANCE_TABLES_BY[by]);
        const asOf = toInstant(nowMs);
        const rows = groupRows(doc, { runs: view.runs, timeZone: context.timezone, by });
        return { result: rows.map((row) => ({ ...toVarianceRow(row), by, asOf })) };
      },
    },
  });
}

function toGrouping(text: string | undefined): Grouping {
  const word =
    text
      ?.trim()
      .toLowerCase()
      .replace(/[\s-]+/g, '_') ?? '';
  const by = GROUPINGS.find((known) => known === (word === '' ? 'workflow' : word));
  if (by === undefined) throw failure('GROUPING_UNKNOWN', { received: word, allowed: GROUPINGS });
  return by;
}

/** A cell that has no value is left out: blank, where null would be shown as something. */
const toVarianceRow = ({
  typical,
  total,
  since,
  ...row
}: GroupedVariance): Omit<VarianceRow, 'by' | 'asOf'> => ({
  ...row,
  ...(typical === null ? {} : { typical }),
  ...(total === null ? {} : { total }),
  ...(since === null ? {} : { since }),
});
