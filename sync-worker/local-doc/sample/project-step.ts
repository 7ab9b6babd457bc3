import type { ProjectStory } from './project-stories.ts';
import { WORKFLOWS } from './workflow-stories.ts';

/** The nth task of a project: a step of its workflow, told from earlier rounds of the same step by a number. */
export interface ProjectStep {
  readonly name: string;
  readonly project: string;
  /** Units: hours. */
  readonly estimateHours: number;
}

/** The nth task of a project, from 0; its workflow's steps come again and again. */
export function toProjectStep(project: ProjectStory, nth: number): ProjectStep {
  const steps = WORKFLOWS.find((workflow) => workflow.name === project.workflow)?.steps ?? [];
  const [step, estimateHours] = steps[nth % steps.length] ?? [project.workflow, 1];
  const round = Math.floor(nth / steps.length) + 1;
  const name = `${step} · ${project.name}${round === 1 ? '' : ` (${round})`}`;
  return { name, project: project.name, estimateHours };
}
