import type { CodaApi } from '#shared/coda/index.ts';
import { DomainError } from '#shared/kernel/index.ts';
import { awaitMutations } from '#worker/coda/index.ts';
import type { LoadOptions } from './load-model.ts';
import type { TableLoad } from './table-load.ts';

/**
 * Rows a table may hold after a load. Coda's listings of larger tables run into time-outs, and at three writes in
 * ten seconds 10,000 tasks with their runs already take eleven minutes.
 */
export const TABLE_ROWS_MAX = 10_000;

/** How often what is still missing is sent again before it is reported. */
const ROUNDS_MAX = 5;

/** What a stopped load sent may not show yet, and to send it again too early could double it. */
export async function awaitEarlierLoad(options: LoadOptions): Promise<void> {
  const { clock, wait, lagMs, sentMark, onProgress } = options;
  const lastSentAt = lagMs === 0 ? undefined : await sentMark?.lastSentAt();
  if (lastSentAt === undefined) return;
  const waitMs = Math.min(lagMs, lastSentAt + lagMs - clock());
  if (waitMs <= 0) return;
  onProgress?.({ phase: 'waiting', waitMs });
  await wait(waitMs);
}

/** Errors: `DOC_LIMIT` where a table would hold more rows than can be listed. */
export function refuseTooMany(load: TableLoad): void {
  const rows = load.rowsAfter();
  if (rows === undefined || rows <= TABLE_ROWS_MAX) return;
  const [count, limit] = [rows, TABLE_ROWS_MAX].map((each) => each.toLocaleString('en-US'));
  const message = `Table \`${load.docName}\` would hold ${count} rows; rows are loaded up to ${limit}.`;
  throw new DomainError('DOC_LIMIT', message);
}

/** Sends and looks, in a bounded number of rounds, until the doc shows every row of the tables. */
export async function bringTables(
  step: readonly TableLoad[],
  api: CodaApi,
  options: LoadOptions,
): Promise<void> {
  const { clock, wait, lagMs, onProgress } = options;
  const timing = lagMs === 0 ? { firstPollMs: 0 } : {};
  for (let round = 1; round <= ROUNDS_MAX; round += 1) {
    const open = step.filter((load) => !load.isDone());
    if (open.length === 0) return;
    const requestIds: string[] = [];
    for (const load of open) requestIds.push(...(await load.send()));
    await awaitMutations(api, requestIds, { clock, wait, ...timing });
    for (const load of open) {
      await load.settle();
      const { found: done, wanted: total } = load.report();
      onProgress?.({ phase: 'checking', table: load.table, done, total });
    }
  }
}
