import {
  awaitEarlierLoad,
  bringTables,
  type Difference,
  type LoadOptions,
  refuseTooMany,
  TableLoad,
  type TableReport,
  type TargetDoc,
  type WantedRow,
} from '#worker/import/index.ts';
import type { LeaseMark, Store } from '#worker/store/index.ts';
import { type FoundTable, findObserverTables, type ObserverTable } from './observer-tables.ts';
import { createReviewMark, withEarlier } from './review-memory.ts';
import { type ReviewRows, toPerformanceRows, toThreadRow } from './wanted-reviews.ts';

/** What came of putting a review into the doc. */
export interface ReviewFilled {
  /** By table; one the doc does not have is not here. */
  readonly tables: Readonly<Partial<Record<ObserverTable, TableReport>>>;
  /** What the doc does not show as it was sent: a person's word stays. */
  readonly differences: readonly Difference[];
  /** Whether the doc shows every row. */
  readonly isWhole: boolean;
}

/** What a review is put into the doc with. */
export interface ReviewFilling {
  readonly store: Store;
  /** Held meanwhile, so that no two processes put the same review in. */
  readonly under: LeaseMark;
  /** What templates are called, by row id. */
  readonly names: ReadonlyMap<string, string>;
  readonly options: Omit<LoadOptions, 'sentMark'>;
}

/**
 * Puts a review into the tables that are there, each row under its key: made twice it is one row, and stopped anywhere it goes on where it
 * was. What is lost on the way is sent again, a few times, and only once the doc may be believed not to have it.
 * Errors: `DOC_NOT_READY`, `DOC_LIMIT`, `INTERRUPTED`, and those of the API and the store.
 */
export async function fillReviews(
  doc: TargetDoc,
  rows: ReviewRows,
  filling: ReviewFilling,
): Promise<ReviewFilled> {
  const options = { ...filling.options, sentMark: createReviewMark(filling.store) };
  const found = await findObserverTables(doc);
  // Rows sent a minute ago may not show yet, and would be taken for rows that nobody has made.
  await awaitEarlierLoad(options);
  const tables: Partial<Record<ObserverTable, TableReport>> = {};
  const differences: Difference[] = [];
  for (const table of found.values()) {
    const wanted = await toWanted(doc, table, { rows, filling });
    const session = { target: doc, options, rowIdOf: () => undefined };
    const load = new TableLoad(table, wanted, session);
    if (load.isEmpty) continue;
    await load.look();
    refuseTooMany(load);
    await bringTables([load], doc.api, options);
    tables[table.name] = load.report();
    differences.push(...load.differences());
  }
  const reports = Object.values(tables);
  return { tables, differences, isWhole: reports.every((one) => one.found === one.wanted) };
}

async function toWanted(
  doc: TargetDoc,
  table: FoundTable,
  { rows, filling }: { readonly rows: ReviewRows; readonly filling: ReviewFilling },
): Promise<readonly WantedRow[]> {
  const { store, under, names } = filling;
  const plain =
    table.name === 'daily_thread'
      ? [await toThreadRow(doc, table, rows.dailyThread)]
      : toPerformanceRows(table, rows.templatePerformance, names);
  const wanted: WantedRow[] = [];
  for (const row of plain) wanted.push(await withEarlier(store, { table: table.name, row, under }));
  return wanted;
}
