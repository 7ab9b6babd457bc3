import type { DocSource } from '#shared/doc/index.ts';
import { DomainError } from '#shared/kernel/index.ts';
import type { Store } from '#worker/store/index.ts';
import { type ClosedBooks, type CostSettings, readClosedBooks } from './closed-month.ts';

/** The currency of amounts that say none, unless another is set. */
const DEFAULT_CURRENCY = 'USD';

/** The doc whose costs are counted, with its own zone where that is known already. */
export type CostSource = Pick<DocSource, 'api' | 'docId'> & { readonly timeZone?: string };

/**
 * How a founder counts: as the first closed month was counted; before one is closed in the zone and currency given, else in the doc's own zone
 * where it tells. Errors: those of the API, and `SETTINGS_CLOSED` where a month was closed in another zone or currency than the one given.
 */
export async function settleCosts(
  source: CostSource,
  { months }: ClosedBooks,
  given: Partial<CostSettings> = {},
): Promise<CostSettings> {
  const [closed] = months.values();
  if (closed === undefined) {
    const timeZone = given.timeZone ?? (await findZone(source));
    return { timeZone, currency: given.currency ?? DEFAULT_CURRENCY };
  }
  const { timeZone, currency, month } = closed;
  if ((given.timeZone ?? timeZone) !== timeZone || (given.currency ?? currency) !== currency) {
    const text = `${month} was closed in the zone ${timeZone} with ${currency} where an amount says no currency: leave out --time-zone and --currency, since others would move what is closed.`;
    throw new DomainError('SETTINGS_CLOSED', text);
  }
  return { timeZone, currency };
}

const findZone = async ({ api, docId, timeZone }: CostSource): Promise<string> =>
  timeZone ?? (await api.getDoc(docId)).timezone ?? 'UTC';

/** Asks how the founder counts when somebody wants to know, and once: most passes do not. */
export function createCostSettings(
  source: CostSource,
  store: Pick<Store, 'list' | 'readStream'>,
): () => Promise<CostSettings> {
  let settings: Promise<CostSettings> | undefined;
  return () => {
    settings ??= readClosedBooks(store).then((closed) => settleCosts(source, closed));
    return settings;
  };
}
