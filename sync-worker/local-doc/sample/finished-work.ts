import { sumOf } from '#shared/kernel/index.ts';
import type { Dice } from '../dice.ts';
import { type PlannedRun, type PlannedTask, WORKDAYS } from './planned-work.ts';
import { type ProjectStep, toProjectStep } from './project-step.ts';
import { PROJECTS, type ProjectStory } from './project-stories.ts';
import type { WorkflowStory } from './workflow-stories.ts';

/** No run is longer than a day's work. Units: quarter hours. */
const LONGEST_RUN_QUARTERS = 24;
/** How much of a project its lead does; the second does the rest. */
const LEAD_SHARE = 0.7;

interface Draft {
  readonly story: ProjectStory;
  readonly step: ProjectStep;
  readonly startWorkday: number;
}

/**
 * The finished tasks of a workflow over all its projects, with their runs. The story's total and number of runs are
 * met to within the rounding to quarter hours whatever the seed; the seed decides which task went how.
 */
export function createFinishedWork(workflow: WorkflowStory, dice: Dice): readonly PlannedTask[] {
  const projects = PROJECTS.filter((project) => project.workflow === workflow.name);
  const drafts = projects.flatMap(draftTasks);
  const quarters = toActualQuarters(workflow, drafts, dice);
  const order = shuffle(`${workflow.name}/runs`, drafts.length, dice);
  const counts = toRunCounts(quarters, workflow.runs, order);
  return drafts.map((draft, index) => {
    const shape = { quarters: quarters[index] ?? 1, count: counts[index] ?? 1 };
    const runs = splitQuarters(shape, (part) => dice(draft.step.name, part)).map(
      (part, nth): PlannedRun => ({
        ...placeRun(draft, nth, dice),
        ...toLinks(draft.story, workflow, nth),
        quarters: part,
      }),
    );
    return { ...draft.step, status: 'Done', startWorkday: draft.startWorkday, runs };
  });
}

function placeRun({ story, step, startWorkday }: Draft, nth: number, dice: Dice): PlannedRun {
  const [lead, second] = story.people;
  return {
    person: dice(`${step.name}/person`, nth) < LEAD_SHARE ? lead : second,
    fromWorkday: startWorkday + nth,
    interruptMinutes: 5 * Math.floor(dice(`${step.name}/pause`, nth) * 7),
  };
}

/** The steps of a project, spread evenly over its weeks. */
function draftTasks(project: ProjectStory): readonly Draft[] {
  const [first, last] = project.weeks;
  const workdays = (last - first + 1) * WORKDAYS;
  return Array.from({ length: project.finished }, (_, nth) => {
    const offset = Math.floor(((nth + 0.5) / project.finished) * workdays);
    const startWorkday = first * WORKDAYS + offset;
    return { story: project, step: toProjectStep(project, nth), startWorkday };
  });
}

/**
 * The actual of each task. The ratios are evenly spaced quantiles of a logistic distribution on the ln scale, dealt out
 * by the seed and scaled to the story's total: drawing each by chance would let a small workflow tell another story.
 */
function toActualQuarters(
  { name, total, spread }: WorkflowStory,
  drafts: readonly Draft[],
  dice: Dice,
): readonly number[] {
  const places = shuffle(`${name}/ratios`, drafts.length, dice);
  const raw = drafts.map(({ step }, index) => {
    const share = ((places[index] ?? 0) + 0.5) / drafts.length;
    return step.estimateHours * Math.exp(spread * Math.log(share / (1 - share)));
  });
  const scale = ((1 + total) * sumOf(drafts.map(({ step }) => step.estimateHours))) / sumOf(raw);
  return raw.map((hours) => Math.max(1, Math.round(hours * scale * 4)));
}

/** How many runs each task took: as many as its length needs, the rest dealt out in the given order. */
function toRunCounts(
  quarters: readonly number[],
  total: number,
  order: readonly number[],
): readonly number[] {
  const counts = quarters.map((length) => Math.ceil(length / LONGEST_RUN_QUARTERS));
  let left = total - sumOf(counts);
  for (let round = 0; left > 0 && round < total; round += 1) {
    for (const index of order) {
      const count = counts[index] ?? 0;
      if (left === 0 || (quarters[index] ?? 0) <= count) continue;
      counts[index] = count + 1;
      left -= 1;
    }
  }
  return counts;
}

/** Parts that sum to the whole, each at least one quarter hour; where they may differ, they do. */
function splitQuarters(
  { quarters, count }: { readonly quarters: number; readonly count: number },
  chance: (part: number) => number,
): readonly number[] {
  const parts = Array.from(
    { length: count },
    (_, part) =>
      Math.floor((quarters * (part + 1)) / count) - Math.floor((quarters * part) / count),
  );
  for (let part = 1; part < count; part += 1) {
    const [before, here] = [parts[part - 1] ?? 0, parts[part] ?? 0];
    const room = Math.min(here - 1, LONGEST_RUN_QUARTERS - before);
    const moved = Math.floor(chance(part) * (room + 1) * 0.6);
    parts[part - 1] = before + moved;
    parts[part] = here - moved;
  }
  return parts;
}

/** Without a template on its project a run names its workflow itself, one way or the other; with one, some do. */
function toLinks(
  project: ProjectStory,
  { name, template }: WorkflowStory,
  nth: number,
): Pick<PlannedRun, 'workflow' | 'processTemplate'> {
  if (nth % 2 === 1) return { processTemplate: template };
  return project.engagement === undefined || nth === 0 ? { workflow: name } : {};
}

/** The numbers below `count` in an order the seed decides. */
function shuffle(purpose: string, count: number, dice: Dice): readonly number[] {
  const chances = Array.from({ length: count }, (_, index) => dice(`${purpose}/order`, index));
  return chances
    .map((_, index) => index)
    .sort((left, right) => (chances[left] ?? 0) - (chances[right] ?? 0) || left - right);
}
