import type { CodaApi } from '#shared/coda/index.ts';
import {
  type BindingSettings,
  type DocSource,
  type FounderHqTable,
  type ReadableTable,
} from '#shared/doc/index.ts';
import { DomainError } from '#shared/kernel/index.ts';
import type { Store } from '#worker/store/index.ts';
import { readKnownIds } from './known-shape.ts';
import { bindTold, readTold, recallTold, type ToldShape } from './told-shape.ts';

/** What a tick works on: a doc, and where its parts were found. */
export interface SyncTarget extends DocSource {
  /** The doc's own, whose days and months count. */
  readonly timeZone: string;
  /** What the doc told of itself. */
  readonly told: ToldShape;
  /** Asks the doc anew where what it told was recalled from the last time; absent where it was just asked. */
  readonly reopen?: () => Promise<SyncTarget>;
}

/** What is known of a doc beforehand. */
export interface TargetSettings extends BindingSettings {
  /** The zone of a doc that does not tell its own. @default 'UTC' */
  readonly fallbackZone?: string | undefined;
}

const PULLED: readonly ReadableTable[] = [
  'engagements',
  'workflows',
  'process_templates',
  'projects',
  'people',
  'tasks',
  'deliverables',
  'execution_runs',
];
/** Every table a tick looks at. */
export const LOOKED_AT: readonly FounderHqTable[] = [...PULLED, 'Ledger'];

/**
 * Finds the doc and its tables.
 * Errors: those of the API; `DOC_NOT_READY` with every problem and its fix when a table or column the worker needs is missing.
 */
export async function openTarget(
  api: CodaApi,
  docId: string,
  { fallbackZone = 'UTC', ...settings }: TargetSettings = {},
): Promise<SyncTarget> {
  // Its word is asked for first: what changes meanwhile is then news to whoever asks next.
  const { timezone: zone, updatedAt } = await api.getDoc(docId);
  const { binding, told } = await readTold(api, docId, { ...settings, tables: LOOKED_AT });
  return refuseUnready({
    api,
    docId,
    binding,
    timeZone: zone ?? fallbackZone,
    told: {
      ...told,
      ...(zone === undefined ? {} : { zone }),
      ...(updatedAt === undefined ? {} : { updatedAt }),
    },
  });
}

/**
 * The target as it was when it was last asked, without asking again: a tick asks once it finds that anything has changed. A doc
 * that was never asked is asked now. Errors: as {@link openTarget}.
 */
export async function recallTarget(
  store: Store,
  { api, docId }: Pick<SyncTarget, 'api' | 'docId'>,
  { fallbackZone, ...chosen }: TargetSettings = {},
): Promise<SyncTarget> {
  const settings = { ...(await readKnownIds(store)), ...chosen };
  const zone = fallbackZone === undefined ? {} : { fallbackZone };
  const reopen = (): Promise<SyncTarget> => openTarget(api, docId, { ...settings, ...zone });
  const told = await recallTold(store, LOOKED_AT);
  if (told === undefined) return await reopen();
  const binding = bindTold(told, { ...settings, tables: LOOKED_AT });
  // A newer version may ask for more than the one that was told; then the doc has the word.
  if (listProblems(binding).length > 0) return await reopen();
  const timeZone = told.zone ?? fallbackZone ?? 'UTC';
  return { api, docId, binding, timeZone, told, reopen };
}

/** The target where its doc has all it must. Errors: `DOC_NOT_READY` as {@link openTarget}. */
export function refuseUnready<Target extends DocSource>(target: Target): Target {
  const problems = listProblems(target.binding);
  if (problems.length === 0) return target;
  const lines = problems.map(({ message, fix }) => `  ${message} ${fix}`).join('\n');
  throw new DomainError('DOC_NOT_READY', `The doc cannot be synced yet:\n${lines}`);
}

const listProblems = ({ findings }: DocSource['binding']): DocSource['binding']['findings'] =>
  findings.filter(({ severity }) => severity === 'error');
