import type { CodaApi } from '#shared/coda/index.ts';
import {
  type BindingSettings,
  type DocSource,
  type FounderHqTable,
  type ReadableTable,
  readBinding,
} from '#shared/doc/index.ts';
import { DomainError } from '#shared/kernel/index.ts';

/** What a tick works on: a doc, and where its parts were found. */
export interface SyncTarget extends DocSource {
  /** The doc's own, whose days and months count. */
  readonly timeZone: string;
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
  const binding = await readBinding(api, docId, { ...settings, tables: LOOKED_AT });
  const { timezone = fallbackZone } = await api.getDoc(docId);
  return refuseUnready({ api, docId, binding, timeZone: timezone });
}

/** The target where its doc has all it must. Errors: `DOC_NOT_READY` as {@link openTarget}. */
export function refuseUnready<Target extends DocSource>(target: Target): Target {
  const problems = target.binding.findings.filter(({ severity }) => severity === 'error');
  if (problems.length === 0) return target;
  const lines = problems.map(({ message, fix }) => `  ${message} ${fix}`).join('\n');
  throw new DomainError('DOC_NOT_READY', `The doc cannot be synced yet:\n${lines}`);
}
