import type { RunEffort, SessionFindings } from '#shared/variance/index.ts';
import type { DocFinding } from './doc-finding.ts';
import type { Dimension, LineageAnswer, LineageVote } from './lineage.ts';

/** Gathers what is odd about runs, by what is wrong and however many runs it hits: a deleted workflow is one thing to mend, not a thousand. */
export class RunFindings {
  readonly #seen = new Map<
    string,
    { finding: Omit<DocFinding, 'message'>; what: string; first: string; count: number }
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
  addLineage(runId: string, dimension: Dimension, { kind, votes, dangling }: LineageAnswer): void {
    const word = dimension.replace('_', ' ');
    if (kind === 'conflict') {
      this.#add(
        runId,
        `belong to several ${word}s and are in no ${word}'s numbers: ${show(votes)}`,
        {
          code: 'LINEAGE_CONFLICT',
          column: dimension,
          fix: `Let all of these relations lead to the same ${word}, or clear the wrong ones.`,
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

  /** A run whose effort cannot be believed; an open one is nothing odd. */
  addStanding(runId: string, standing: RunEffort['standing']): void {
    if (standing === 'suspect') {
      this.#add(runId, 'ran for more than a day, like forgotten timers, and count 0', {
        code: 'RUN_SUSPECT',
        column: 'actual_hours',
        fix: 'Put the hours that were worked into actual_hours.',
      });
    }
    if (standing === 'invalid') {
      this.#add(runId, 'have hours or times that make no sense, and count 0', {
        code: 'RUN_INVALID',
        column: 'actual_hours',
        fix: 'Correct started_at, ended_at or actual_hours.',
      });
    }
  }

  /** Runs that lie on top of each other or may have been entered twice. All of them count. */
  addSessionFindings({ overlaps, possibleDuplicates }: SessionFindings): void {
    for (const runId of overlaps.flatMap(({ runIds }) => runIds)) {
      this.#add(
        runId,
        'began before an earlier run of the same person had ended; all of it counts',
        {
          code: 'RUNS_OVERLAP',
          column: 'started_at',
          fix: 'Correct the times where one of them was no work; leave them where two things were done at once.',
        },
      );
    }
    for (const runId of possibleDuplicates.flatMap(({ runIds }) => runIds.slice(1))) {
      this.#add(runId, 'have the task and the start of another run and count beside it', {
        code: 'RUN_POSSIBLE_DUPLICATE',
        column: 'started_at',
        fix: 'Delete the rows that were entered twice; leave them where both were worked.',
      });
    }
  }

  /** A run of a button whose task nobody can name: gone, renamed, or one of two with the same name. */
  addTaskUnknown(runId: string): void {
    this.#add(runId, 'are of a task that is not there, or of one of several with its name', {
      code: 'TASK_UNKNOWN',
      column: 'task',
      fix: "Choose the task in the run's row, or give tasks names of their own.",
    });
  }

  /** One finding for each thing to mend, in the order they were met. */
  list(): readonly DocFinding[] {
    return [...this.#seen.values()].map(({ finding, what, first, count }) => ({
      ...finding,
      message: `${count} of the runs ${what}; first \`${first}\`.`,
    }));
  }

  #add(runId: string, what: string, about: Pick<DocFinding, 'code' | 'column' | 'fix'>): void {
    const finding = { severity: 'warning', table: 'execution_runs', ...about } as const;
    const seen = this.#seen.get(what) ?? { finding, what, first: runId, count: 0 };
    seen.count += 1;
    this.#seen.set(what, seen);
  }
}

const show = (votes: readonly LineageVote[]): string =>
  votes.map(({ path, name }) => `${path} → \`${name}\``).join(', ');
