import type { ReviewGate } from '#shared/planning/index.ts';
import type { RunGateReport } from './gate-report.ts';

/** The gates that are due on some day, for a review to ask which are overdue. A list nobody can read is due as a whole. */
export const toReviewGates = (runs: readonly RunGateReport[]): readonly ReviewGate[] =>
  runs.flatMap(({ runId, task, taskRowId, dueDate, gates, faults }): readonly ReviewGate[] => {
    if (dueDate === undefined) return [];
    const of = { rowIds: [...(taskRowId === undefined ? [] : [taskRowId]), runId], dueDate };
    return [
      ...gates.map(({ gateId, gate, isOpen }) => {
        return { gateId, name: `${gate} of ${task}`, isMet: isOpen, ...of };
      }),
      ...faults.map((fault, place) => {
        return { gateId: `${runId}/fault/${place}`, name: fault, isMet: false, ...of };
      }),
    ];
  });
