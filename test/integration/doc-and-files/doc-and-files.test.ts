/** The same work gives the same numbers, whether it stands in a doc or in files. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toVarianceInput } from '#shared/doc/index.ts';
import { type Grouping, type RecordedWork, reportWork } from '#shared/variance/index.ts';
import { readAsDoc } from './tell-as-doc.ts';
import { readAsFiles } from './tell-as-files.ts';
import { anyStory, type Story, ZONE } from './work-story.ts';

const GROUPINGS: readonly Grouping[] = [
  'workflow',
  'process_template',
  'project',
  'person',
  'month',
];

const inDoc = (story: Story): RecordedWork =>
  toVarianceInput(readAsDoc(story), [], { groupings: GROUPINGS, timeZone: ZONE });
const reportAll = (work: RecordedWork) =>
  GROUPINGS.map((grouping) => {
    const { groups, flags, treeFindings } = reportWork(work, grouping);
    return { grouping, groups, flags, treeFindings };
  });
/** The estimate each task is judged by. The doc keeps no days of edits, and of several only the last. */
const toBaselines = ({ baselines }: RecordedWork) =>
  [...baselines]
    .map(([taskId, { baselineMs, isEstimateLate, isUndated }]) => {
      return { taskId, baselineMs, isEstimateLate, isUndated };
    })
    .sort((one, other) => (one.taskId < other.taskId ? -1 : 1));

describe('the same work in a doc and in files', () => {
  it('has the same groups, counts and flags, whatever it is and however it is grouped', async () => {
    const law = fc.asyncProperty(anyStory, async (story) => {
      const files = await readAsFiles(story);
      const doc = inDoc(story);
      expect(files.refused).toEqual([]);
      expect(toBaselines(doc)).toEqual(toBaselines(files));
      expect(reportAll(doc)).toEqual(reportAll(files));
    });
    await fc.assert(law, { numRuns: 400 });
  });

  it('is drawn so that every flag is raised and every reason to leave a task out is met', async () => {
    const raised = new Set<string>();
    for (const story of fc.sample(anyStory, { numRuns: 300, seed: 1 })) {
      const { flags } = reportWork(inDoc(story), 'workflow');
      const { excluded, ...counts } = flags;
      for (const [name, count] of [...Object.entries(counts), ...Object.entries(excluded)]) {
        if (count > 0) raised.add(name);
      }
    }
    expect([...raised].sort()).toEqual([
      'conflict',
      'estimates_below',
      'invalid',
      'lateEstimate',
      'late_estimate',
      'mismatch',
      'noRuns',
      'no_estimate',
      'no_time',
      'open',
      'overlap',
      'overlapMs',
      'possibleDuplicate',
      'repeated',
      'suspect',
      'unconfirmed',
      'undatedEstimate',
      'unresolved',
    ]);
  });
});
