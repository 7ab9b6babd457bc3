import type { Binding } from '#shared/doc/index.ts';
import { isDomainError } from '#shared/kernel/index.ts';
import type { Store } from '#worker/store/index.ts';
import { readShape, refuseLoss } from '#worker/sync/index.ts';
import { type HealthFinding, toFailure, toFinding } from './health-finding.ts';

/** What is odd about the doc’s tables and columns. A table that can be done without is not missed. */
export function judgeTables(binding: Binding): readonly HealthFinding[] {
  const found = binding.findings.filter(
    ({ code, severity }) => code !== 'TABLE_MISSING' || severity === 'error',
  );
  return [...found.map(toFinding), ...judgeLedgerColumns(binding)];
}

/** An import or a person may have made the Ledger's columns something else, and then Coda changes what is written. */
function judgeLedgerColumns(binding: Binding): readonly HealthFinding[] {
  const columns = binding.tables.get('Ledger')?.columns ?? new Map();
  return [...columns].flatMap(([column, { format }]): readonly HealthFinding[] => {
    const isTold = binding.findings.some(
      (one) => one.code === 'COLUMN_TYPE' && one.table === 'Ledger' && one.column === column,
    );
    if (format === 'text' || isTold) return [];
    const message = `\`Ledger.${column}\` is of type ${format}; every column of that table has to be plain text.`;
    const fix = `Change the type of \`${column}\` to text.`;
    return [{ code: 'LEDGER_NOT_TEXT', severity: 'error', table: 'Ledger', column, message, fix }];
  });
}

/** Whether the next pass would stop, since the doc lost tables or columns the last one worked with. Errors: `STORE_CORRUPT`. */
export async function judgeShape(
  store: Store,
  binding: Binding,
): Promise<readonly HealthFinding[]> {
  const known = await readShape(store);
  if (known === undefined) return [];
  try {
    refuseLoss(known, binding);
    return [];
  } catch (error) {
    if (!isDomainError(error) || error.code !== 'SHAPE_CHANGED') throw error;
    const fix =
      'Undo the change in the doc; if it is meant to stay, go on with `founder-hq sync --accept-deletes`.';
    return [toFailure(error, () => fix)];
  }
}
