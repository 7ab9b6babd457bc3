import { addDays, toEpochMs } from '#shared/kernel/index.ts';
import { findBlockers } from './review-blockers.ts';
import {
  findFinished,
  findLoggedNothing,
  findRevisions,
  findSessions,
  findTrend,
} from './review-changes.ts';
import type { ReviewBudget, ReviewFacts } from './review-facts.ts';
import type { Review } from './review-model.ts';
import { compareVentures, judgePatterns } from './review-patterns.ts';
import { toDaySpan } from './review-span.ts';
import { judgeRunway, reviewSprint } from './review-sprint.ts';

const WEEK_DAYS = 7;

/**
 * What a day, or the seven days up to it, has to say, as of the end of that day: what was finished or worked on later
 * is left out. Every statement names the rows it rests on; where there is nothing to say, nothing is said.
 */
export function review(given: ReviewFacts): Review {
  const facts = asOf(given);
  const { kind, date, timeZone } = facts;
  const from = kind === 'daily' ? date : addDays(date, 1 - WEEK_DAYS);
  const span = toDaySpan(from, date, timeZone);
  return {
    kind,
    from,
    to: date,
    timeZone,
    patterns: judgePatterns(facts, span),
    blockers: findBlockers(facts),
    overdueGates: facts.gates.filter(({ isMet, dueDate }) => !isMet && dueDate < date),
    budgetsAhead: facts.budgets.filter(isAhead),
    runway: judgeRunway(facts, span),
    sprint: reviewSprint(facts),
    overlappingSprints: facts.overlappingSprints,
    trend: findTrend(facts, span),
    sessions: findSessions(facts, span),
    finished: findFinished(facts, span),
    revisions: findRevisions(facts, span),
    loggedNothing: findLoggedNothing(facts, span),
    ventures: kind === 'weekly' ? compareVentures(facts) : [],
  };
}

/** The facts as they stood when the day was over. */
function asOf(facts: ReviewFacts): ReviewFacts {
  const { date, timeZone } = facts;
  const { endMs } = toDaySpan(date, date, timeZone);
  const isLater = (day: string | undefined): boolean => day !== undefined && day > date;
  return {
    ...facts,
    // One that runs past midnight belongs to this day with its first part.
    sessions: facts.sessions.filter(
      ({ workedDate, startedAt }) =>
        !isLater(workedDate) || (startedAt !== undefined && toEpochMs(startedAt) < endMs),
    ),
    tasks: facts.tasks.map((task) => {
      if (!isLater(task.completedDate)) return task;
      const { completedDate: _, ...open } = task;
      return { ...open, isFinished: false };
    }),
  };
}

/** Of a budget of 0, whatever was spent is too much. */
const isAhead = ({ burn: { state, used, pace } }: ReviewBudget): boolean =>
  state === 'over' ||
  state === 'fully_used' ||
  (state === 'no_budget' && used > 0n) ||
  (pace ?? 0) > 1;
