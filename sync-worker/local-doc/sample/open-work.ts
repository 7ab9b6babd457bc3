import { type PlannedRun, type PlannedTask, WORKDAYS } from './planned-work.ts';
import { toProjectStep } from './project-step.ts';
import { PROJECTS, type ProjectStory } from './project-stories.ts';

type OpenTask = Pick<PlannedTask, 'status' | 'startWorkday' | 'runs'>;

/** The work that is not finished on a working day: under way, planned, blocked for weeks, unscheduled or dropped. */
export function createOpenWork(today: number): readonly PlannedTask[] {
  const steps = PROJECTS.flatMap((project) =>
    Array.from({ length: project.open }, (_, nth) => ({
      project,
      step: toProjectStep(project, project.finished + nth),
    })),
  );
  return steps.map(({ project, step }, index) => {
    const kinds = toOpenTasks(project, today);
    return { ...step, ...(kinds[index % kinds.length] ?? { status: 'Not started', runs: [] }) };
  });
}

function toOpenTasks(project: ProjectStory, today: number): readonly OpenTask[] {
  const [lead, second] = project.people;
  const run = (person: string, fromWorkday: number, notes: string): PlannedRun => ({
    person,
    fromWorkday,
    quarters: 5,
    interruptMinutes: 0,
    workflow: project.workflow,
    notes,
  });
  const lastMonth = today - 4 * WORKDAYS;
  const blocked = run(second, lastMonth, 'Blocked: the client has not granted access yet.');
  return [
    {
      status: 'In progress',
      startWorkday: today - 2,
      runs: [run(lead, today - 2, 'First half done.')],
    },
    { status: 'Not started', startWorkday: today + 3, runs: [] },
    { status: 'Blocked', startWorkday: lastMonth, runs: [blocked] },
    { status: 'Not started', runs: [] },
    { status: 'Canceled', startWorkday: today - 3 * WORKDAYS, runs: [] },
  ];
}
