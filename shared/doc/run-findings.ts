import type { DocFinding } from './doc-finding.ts';
import type { LineageAnswer, LineageVote } from './lineage.ts';

/** Gathers what is odd about runs, by what is wrong and however many runs it hits: a deleted workflow is one thing to mend, not a thousand. */
export class RunFindings {
  readonly #seen = new Map<
    string,
    { finding: Omit<DocFinding, 'message'>; what: string; runIds: string[] }
  >();

  /** A row that repeats the run id of another. */
  addDoubled(runId: string): void {
    this.#add(runId, 'have the run id of another row and are not counted again', {
      code: 'RUN_DOUBLED',
      column: 'run_id',
      fix: 'Delete the rows that repeat, or give each its own run id.',
    });
  }

  /** A run whose relations contradict each other, or lead to deleted rows. */
  addLineage(runId: string, { kind, votes, dangling }: LineageAnswer): void {
    if (kind === 'conflict') {
      this.#add(
        runId,
        `belong to several workflows and are in no workflow's numbers: ${show(votes)}`,
        {
          code: 'LINEAGE_CONFLICT',
          column: 'workflow',
          fix: 'Let all of these relations lead to the same workflow, or clear the wrong ones.',
        },
      );
    }
    for (const vote of dangling) {
      this.#add(runId, `lead to a row that was deleted: ${show([vote])} (${vote.rowId})`, {
        code: 'LINK_DANGLING',
        fix: 'Choose another row in that relation, or clear it.',
      });
    }
  }

  /** One finding for each thing to mend, in the order they were met. */
  list(): readonly DocFinding[] {
    return [...this.#seen.values()].map(({ finding, what, runIds }) => ({
      ...finding,
      message: `${runIds.length} of the runs ${what}; first \`${runIds[0] ?? ''}\`.`,
    }));
  }

  #add(runId: string, what: string, about: Pick<DocFinding, 'code' | 'column' | 'fix'>): void {
    const finding = { severity: 'warning', table: 'execution_runs', ...about } as const;
    const seen = this.#seen.get(what) ?? { finding, what, runIds: [] };
    seen.runIds.push(runId);
    this.#seen.set(what, seen);
  }
}

const show = (votes: readonly LineageVote[]): string =>
  votes.map(({ path, name }) => `${path} → \`${name}\``).join(', ');
