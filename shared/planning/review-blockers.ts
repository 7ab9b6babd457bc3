import { addDays } from '#shared/kernel/index.ts';
import type { Session } from '#shared/variance/index.ts';
import type { ReviewFacts } from './review-facts.ts';
import type { BlockerStatement, PatternGrouping } from './review-model.ts';

/** From so many tasks of a pattern on, what holds them up is named. */
const MIN_TASKS = 3;
/** Notes of so many days are read. */
const WINDOW_DAYS = 7;
const HOLDS_UP: ReadonlySet<string> = new Set(['blocked', 'delayed']);
const NEGATION =
  /^(?:not?|never|without|neither|nor|hardly|cannot|(?:is|are|was|were|has|have|had|does|do|did|wo|ca|could|should|would)n[’']?t)$/;
/** Words that may stand between a negation and what it negates. */
const FILLERS: ReadonlySet<string> = new Set(
  'longer yet currently really actually being been be get getting at all any anymore now ever so far by or nor is was anything still blocked delayed'.split(
    ' ',
  ),
);
/** Whole words, and the marks at which a negation ends. */
const TOKEN = /[\p{L}\p{N}]+(?:[-’'][\p{L}\p{N}]+)*|[.,;:!?\n()]/gu;

/**
 * Whether a note says that work was held up: the whole word `blocked` or `delayed`, in any case, and not negated, as in
 * "not blocked", "no longer blocked" or "unblocked". A negation reaches over small words and ends at a mark, so
 * "not done, blocked by legal" counts; "not only" is none.
 */
export function namesBlocker(note: string): boolean {
  let isNegated = false;
  let before = '';
  for (const [token] of note.toLowerCase().matchAll(TOKEN)) {
    if (HOLDS_UP.has(token) && !isNegated) return true;
    if (NEGATION.test(token)) isNegated = true;
    else if (token === 'only' && before === 'not') isNegated = false;
    else if (!FILLERS.has(token)) isNegated = false;
    before = token;
  }
  return false;
}

/**
 * The patterns of which three or more tasks were held up, by the notes of the last seven days. A run counts for its
 * template, else for its workflow; several notes of one task count once.
 * Shape: the pattern with the most tasks first.
 */
export function findBlockers(facts: ReviewFacts): readonly BlockerStatement[] {
  const { names } = facts;
  const found = new Map<string, { of: PatternGrouping; groupId: string; runs: Session[] }>();
  for (const session of facts.sessions.filter((one) => isHeldUp(one, facts))) {
    const pattern = patternOf(session);
    if (pattern === undefined) continue;
    const key = `${pattern.of} ${pattern.groupId}`;
    const known = found.get(key);
    if (known === undefined) found.set(key, { ...pattern, runs: [session] });
    else known.runs.push(session);
  }
  return [...found.values()]
    .map(({ of, groupId, runs }) => {
      const taskIds = [...new Set(runs.flatMap(({ taskId }) => taskId ?? []))].sort();
      const runIds = runs.map(({ runId }) => runId).sort();
      const name = names.get(groupId) ?? groupId;
      return { of, groupId, name, taskIds, runIds, rowIds: [...taskIds, ...runIds] };
    })
    .filter(({ taskIds }) => taskIds.length >= MIN_TASKS)
    .sort((one, other) => other.taskIds.length - one.taskIds.length);
}

function isHeldUp(session: Session, { date, notes }: ReviewFacts): boolean {
  const { runId, workedDate = '', standing } = session;
  const isRecent = addDays(date, 1 - WINDOW_DAYS) <= workedDate && workedDate <= date;
  return isRecent && standing !== 'invalid' && namesBlocker(notes.get(runId) ?? '');
}

function patternOf({ groups }: Session) {
  const of = groups.process_template?.kind === 'resolved' ? 'process_template' : 'workflow';
  const lineage = groups[of];
  return lineage?.kind === 'resolved' ? ({ of, groupId: lineage.id } as const) : undefined;
}
