import { parseContract } from '#shared/contracts/index.ts';
import type { BudgetLine } from '#shared/cost/index.ts';
import { type Instant, toInstant } from '#shared/kernel/index.ts';
import { type LastPass, readLastPass } from '#worker/doctor/index.ts';
import { listLedgerBudgets, readBudgetSheets } from '#worker/spending/index.ts';
import type { Store } from '#worker/store/index.ts';
import { readHolder } from '#worker/sync/index.ts';
import { STATE_FOLDER } from './state-folder.ts';

/** What goes on around a ledger at one moment. */
export interface Now {
  /** The worker that is at work on the doc; nothing while none is. */
  readonly atWork: { readonly worker: string; readonly until: Instant } | null;
  /** How the last pass from this folder ended; nothing where none is known. */
  readonly lastPass: LastPass | null;
  /** Rules that fire and have not been cleared, the longest first. */
  readonly alerts: readonly OpenAlert[];
  /** Budgets of the ledger with what is used of each; nothing for one without a limit. Units: percent. */
  readonly budgets: readonly {
    readonly name: string;
    readonly usedPercent: number | null;
    readonly state: BudgetLine['state'];
  }[];
}

interface OpenAlert {
  readonly rule: string;
  readonly entity: string;
  readonly severity: string;
  readonly openedAt: string;
}

/** Reads what goes on. Errors: `STORE_CORRUPT`, those of the store. */
export async function readNow(
  store: Store,
  { docId, nowMs }: { readonly docId: string; readonly nowMs: number },
): Promise<Now> {
  const holder = await readHolder(store, nowMs);
  const at = toInstant(nowMs);
  return {
    atWork:
      holder === undefined ? null : { worker: holder.owner, until: toInstant(holder.expiresAtMs) },
    lastPass: readLastPass(STATE_FOLDER, docId) ?? null,
    alerts: await readAlerts(store),
    budgets: listLedgerBudgets(await readBudgetSheets(store), at).map(
      ({ scope, name, usedPercent, state }) => ({
        name: `${scope.level} ${name}`,
        usedPercent,
        state,
      }),
    ),
  };
}

async function readAlerts(store: Pick<Store, 'listRecords'>): Promise<readonly OpenAlert[]> {
  const open = (await store.listRecords('alerts')).flatMap(({ document }): readonly OpenAlert[] => {
    const alert = parseContract(document, 'alert');
    if (!alert.ok || alert.value.clearedAt != null) return [];
    const { ruleId: rule, entity, severity, openedAt } = alert.value;
    return [{ rule, entity, severity, openedAt }];
  });
  return open.sort((one, other) => (one.openedAt < other.openedAt ? -1 : 1));
}

/** What goes on, in lines. */
export function describeNow({ atWork, lastPass, alerts, budgets }: Now): readonly string[] {
  const used = budgets.flatMap(({ name, usedPercent, state }) =>
    usedPercent === null ? [] : [`${name} ${Math.floor(usedPercent)} % (${state})`],
  );
  return [
    atWork === null ? 'at work: nobody' : `at work: ${atWork.worker}, until ${atWork.until}`,
    lastPass === null
      ? 'last pass: none from this folder'
      : `last pass: ${lastPass.outcome}, ${lastPass.endedAt}`,
    ...alerts.map(
      ({ rule, entity, severity, openedAt }) =>
        `alert: ${severity} ${rule}, ${entity}, since ${openedAt}`,
    ),
    ...(used.length === 0 ? [] : [`budgets used: ${used.join(', ')}`]),
  ];
}
