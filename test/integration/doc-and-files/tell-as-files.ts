/** A story as a founder would export it: a file of runs and one of tasks. */
import { MINUTE_MS, toInstant } from '#shared/kernel/index.ts';
import { readWork, type WorkRead } from '#worker/import/index.ts';
import { PROJECTS, type Story, type StoryRun, TEMPLATES, ZONE } from './work-story.ts';

/** What the files of a story say. */
export function readAsFiles(story: Story): Promise<WorkRead> {
  return readWork({
    sessions: bytesOf([
      'run_id,task_id,project,process_template,workflow,person,started_at,ended_at,net_minutes,interruption_minutes',
      ...story.runs.map(toRunLine),
    ]),
    tasks: bytesOf([
      `task_id,parent_id,project,process_template,workflow,estimated_hours,estimated_on${story.tellsCompletion ? ',completed_on' : ''}`,
      ...toTaskLines(story),
    ]),
    timeZone: ZONE,
  });
}

function toRunLine(run: StoryRun): string {
  const { id, task, link, person, startMs, endMs, interruptMinutes, netHundredths } = run;
  const project = link?.to === 'project' ? link.id : undefined;
  const template = link?.to === 'template' ? link.id : PROJECTS.get(project ?? '');
  const workflow = link?.to === 'workflow' ? link.id : TEMPLATES.get(template ?? '');
  const times = [startMs, endMs].map((ms) => (ms === undefined ? undefined : toInstant(ms)));
  const net = netHundredths === undefined ? undefined : (netHundredths * 36_000) / MINUTE_MS;
  return toLine([id, task, project, template, workflow, person, ...times, net, interruptMinutes]);
}

function toTaskLines({ tasks, tellsCompletion }: Story): readonly string[] {
  return tasks.flatMap(({ id, parent, project, completedOn, estimates }) => {
    const template = PROJECTS.get(project ?? '');
    const own = [id, parent, project, template, TEMPLATES.get(template ?? '')];
    const end = tellsCompletion ? [completedOn] : [];
    const told = estimates.length === 0 ? [{ hours: undefined, day: undefined }] : estimates;
    return told.map(({ hours, day }) => toLine([...own, hours, day, ...end]));
  });
}

const toLine = (cells: readonly (string | number | undefined)[]): string =>
  cells.map((cell) => cell ?? '').join(',');

async function* bytesOf(lines: readonly string[]): AsyncGenerator<Uint8Array> {
  yield new TextEncoder().encode(`${lines.join('\n')}\n`);
}
