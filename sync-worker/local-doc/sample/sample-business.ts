import type { Day } from '#shared/kernel/index.ts';
import { createDice } from '../dice.ts';
import { firstMondayOf, lastWorkdayOf } from './diary.ts';
import { createFinishedWork } from './finished-work.ts';
import { createOpenWork } from './open-work.ts';
import { createPatternTables } from './pattern-rows.ts';
import type { SampleTable } from './sample-table.ts';
import { createTroubledWork } from './troubled-work.ts';
import { createWorkTables } from './work-rows.ts';
import { WORKFLOWS } from './workflow-stories.ts';

/** Which sample to make. */
export interface SampleOptions {
  /** The last day of the sample; it spans the 26 weeks up to and with the week of that day. */
  readonly endDay: Day;
  /** Which of many alike businesses. @default 1 */
  readonly seed?: number;
}

/**
 * The rows of an operations studio's Founder HQ doc: two ventures, four offers, eight workflows, half a year of work.
 * The same options give the same rows. Tables come after those their relations point to; `tasks` comes twice, since
 * its parents must be there before their children.
 */
export function createSampleBusiness({ endDay, seed = 1 }: SampleOptions): readonly SampleTable[] {
  const dice = createDice(seed);
  const firstMonday = firstMondayOf(endDay);
  const today = lastWorkdayOf(endDay);
  const troubled = createTroubledWork(today);
  const tasks = [
    ...WORKFLOWS.flatMap((workflow) => createFinishedWork(workflow, dice)),
    ...createOpenWork(today),
    ...troubled.tasks,
  ].sort((left, right) => (left.startWorkday ?? today) - (right.startWorkday ?? today));
  return [
    ...createPatternTables(firstMonday),
    ...createWorkTables(tasks, troubled.strays, firstMonday),
  ];
}
