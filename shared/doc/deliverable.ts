import type { DeliverableRow } from './model.ts';

/** Whether a deliverable of one of these tasks and projects, given by their row ids, says where it lies. */
export const isHandedOver = (
  { task, project, link = '' }: DeliverableRow,
  of: ReadonlySet<string>,
): boolean =>
  link.trim() !== '' && [task, project].some((row) => row !== undefined && of.has(row.rowId));
