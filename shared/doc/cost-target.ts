import { findRow } from './find-row.ts';
import type { GatedRun } from './gate-scene.ts';
import { createLineageIndex, type RunLinks, resolveLineage } from './lineage.ts';
import type { FounderHqDoc } from './model.ts';

/** What a cost is for: a project of the doc, or why it is none. */
export type CostTarget =
  | { readonly kind: 'found'; readonly projectId: string }
  | { readonly kind: 'unknown' }
  /** With what is wrong and what to write. */
  | { readonly kind: 'unclear'; readonly reason: string };

/**
 * The project a cost belongs to, by whatever somebody called its target: a project or a task by row id, external id or name, a run by its
 * id. A task or a run stands for the project it leads to.
 */
export function findCostTarget(
  doc: FounderHqDoc,
  called: string,
  runs: readonly GatedRun[],
): CostTarget {
  const project = findRow(doc.projects, called);
  const task = findRow(doc.tasks, called);
  if (project.kind === 'ambiguous' || task.kind === 'ambiguous') return SEVERAL;
  const links: readonly RunLinks[] = [
    ...(project.kind === 'found' ? [{ project: project.row }] : []),
    ...(task.kind === 'found' ? [{ task: task.row }] : []),
    ...findRun(doc, called, runs),
  ];
  if (links.length === 0) return { kind: 'unknown' };
  const rows = createLineageIndex(doc);
  const found = links.flatMap((one) => resolveLineage(one, rows, 'project').votes);
  const [projectId, ...others] = new Set(found.map(({ rowId }) => rowId));
  if (projectId === undefined) return NO_PROJECT;
  return others.length === 0 ? { kind: 'found', projectId } : SEVERAL;
}

const SEVERAL: CostTarget = {
  kind: 'unclear',
  reason: 'it leads to several projects: write the row id or external_id of the one you mean',
};
const NO_PROJECT: CostTarget = {
  kind: 'unclear',
  reason: 'it leads to no project: write the project, or give the task one',
};

/** A run's own row, and its task as a button called it. */
function findRun(
  doc: FounderHqDoc,
  called: string,
  runs: readonly GatedRun[],
): readonly RunLinks[] {
  const rows = doc.executionRuns.filter(({ runId, rowId }) => [runId, rowId].includes(called));
  const pressed = runs.find(({ runId }) => runId === called);
  if (pressed === undefined) return rows;
  const match = findRow(doc.tasks, pressed.task);
  return [...rows, match.kind === 'found' ? { task: match.row } : {}];
}
