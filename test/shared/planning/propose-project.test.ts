import { describe, expect, it } from 'vitest';
import { HOUR_MS } from '#shared/kernel/index.ts';
import { type KnownTask, type KnownWork, proposeProject } from '#shared/planning/index.ts';
import {
  make,
  NOTHING_KNOWN,
  pattern,
  propose,
  REQUEST,
  remember,
  sha256,
  template,
} from './proposal-samples.ts';

const hours = (count: number) => count * HOUR_MS;
const made = make(propose(pattern()));
const withTasks = (change: (task: KnownTask) => readonly KnownTask[]): KnownWork => ({
  ...made,
  tasks: made.tasks.flatMap(change),
});
const only = (name: string, change: Partial<KnownTask>): KnownWork =>
  withTasks((task) => [task.name === name ? { ...task, ...change } : task]);
const withoutTask = (name: string): KnownWork =>
  withTasks((task) => (task.name === name ? [] : [task]));
function without<Row extends object, Field extends keyof Row>(field: Field, row: Row) {
  const { [field]: _, ...rest } = row;
  return rest;
}
const rowIdOf = (name: string) => made.tasks.find((task) => task.name === name)?.rowId;

describe('a proposal', () => {
  it('makes an engagement, its project, and a draft task for each step, each with its lineage', () => {
    const { rows, present, differences } = propose(pattern());
    expect(rows.map(({ table, name }) => [table, name])).toEqual([
      ['engagements', 'Audit Acme'],
      ['projects', 'Audit Acme'],
      ['tasks', 'Interview'],
      ['tasks', 'Review'],
      ['tasks', 'Report'],
    ]);
    expect(rows[1]).toMatchObject({
      templateId: 't1',
      engagement: { kind: 'proposed', key: rows[0]?.key },
    });
    expect(rows[3]).toMatchObject({
      status: 'Draft',
      estimateMs: hours(6),
      project: { kind: 'proposed', key: rows[1]?.key },
      reason: 'step 2 of Audit in four weeks',
      lineage: {
        offer: { rowId: 'o1' },
        blueprint: { rowId: 'b1' },
        workflow: { rowId: 'w1' },
        template: { rowId: 't1', name: 'Audit in four weeks' },
        step: 2,
      },
    });
    expect(rows[4]).not.toHaveProperty('estimateMs');
    expect([present, differences]).toEqual([0, []]);
  });

  it('gives every row a key of its own that the same plan gets again', () => {
    const keys = propose(
      pattern([template(), template({ rowId: 't2', name: 'Content' })]),
    ).rows.map(({ key }) => key);
    expect(new Set(keys).size).toBe(keys.length);
    expect(keys.every((key) => /^plan-[0-9A-Z]{26}$/.test(key))).toBe(true);
    const again = propose(pattern(), NOTHING_KNOWN, {
      name: ' audit  ACME',
      startDate: '2026-03-02',
    });
    expect(again.rows.map(({ key }) => key)).toEqual(propose(pattern()).rows.map(({ key }) => key));
    const other = propose(pattern(), NOTHING_KNOWN, { ...REQUEST, name: 'Audit Birch' });
    expect(other.rows.some(({ key }) => keys.includes(key))).toBe(false);
  });

  it('makes a project for each of several templates, since runs count under a project’s one template', () => {
    const two = [template(), template({ rowId: 't2', name: 'Content', checklist: 'Write (1 h)' })];
    const names = propose(pattern(two)).rows.flatMap(({ table, name }) =>
      table === 'projects' ? [name] : [],
    );
    expect(names).toEqual(['Audit Acme · Audit in four weeks', 'Audit Acme · Content']);
  });

  it('lets steps follow each other over the weekdays by their estimates', () => {
    const checklist = 'A (6 h)\nB (2 h)\nC (8 h)\nD\nE (40 h)\nF';
    const daysFrom = (startDate: string, hoursPerDay?: number) => {
      const request = {
        ...REQUEST,
        startDate,
        ...(hoursPerDay === undefined ? {} : { hoursPerDay }),
      };
      const { rows } = propose(pattern([template({ checklist })]), NOTHING_KNOWN, request);
      return rows.flatMap((row) => (row.table === 'tasks' ? [row.scheduledStart] : []));
    };
    expect(daysFrom('2026-01-08')).toEqual([
      '2026-01-08',
      '2026-01-08',
      '2026-01-09',
      '2026-01-12',
      '2026-01-12',
      '2026-01-19',
    ]);
    expect(daysFrom('2026-01-10').slice(0, 3)).toEqual(['2026-01-12', '2026-01-12', '2026-01-13']);
    expect(daysFrom('2026-01-05', 4).slice(0, 3)).toEqual([
      '2026-01-05',
      '2026-01-06',
      '2026-01-07',
    ]);
  });

  it('keeps the estimate, with its range beside it and no correction from 19 finished tasks', () => {
    expect(propose(pattern()).rows[2]).toMatchObject({
      estimateMs: hours(3),
      forecast: { n: 19, of: 'workflow', lowMs: hours(1.5), highMs: hours(6), suggestedMs: null },
    });
  });

  it('offers a correction beside the estimate from 20 finished tasks on', () => {
    const evidence = { of: 'process_template', n: 20, low: 0.5, high: 2, ratio: 1.25 } as const;
    expect(propose(pattern([template({ evidence })])).rows[3]).toMatchObject({
      estimateMs: hours(6),
      forecast: { suggestedMs: hours(7.5) },
    });
  });

  it('names the workflows nothing is made for', () => {
    const { workflows, ...rest } = pattern();
    const more = [...workflows, { rowId: 'w2', name: 'Content' }];
    expect(propose({ ...rest, workflows: more }).workflowsWithoutSteps).toEqual([
      { rowId: 'w2', name: 'Content' },
    ]);
  });

  it.each([
    [{ name: ' ' }, {}, { code: 'NAME_BLANK' }],
    [{ startDate: '2026-02-30' }, {}, { code: 'DAY_INVALID', received: '2026-02-30' }],
    [{}, { blueprint: undefined }, { code: 'OFFER_WITHOUT_BLUEPRINT', offer: 'Growth audit' }],
    [{}, { workflows: [] }, { code: 'BLUEPRINT_WITHOUT_WORKFLOW', blueprint: 'Audit blueprint' }],
    [
      {},
      { templates: [template({ checklist: '\n# Only a heading\n' })] },
      { code: 'NO_STEPS', workflows: ['Marketing Audit'] },
    ],
  ])('refuses %j over %j', (request, change, refusal) => {
    const { blueprint, ...rest } = { ...pattern(), ...change };
    const changed = { ...rest, ...(blueprint === undefined ? {} : { blueprint }) };
    expect(
      proposeProject(
        { ...REQUEST, ...request },
        { pattern: changed, known: NOTHING_KNOWN, sha256 },
      ),
    ).toEqual({ ok: false, refusal });
  });
});

describe('planning again', () => {
  it('proposes nothing where all is there', () => {
    expect(propose(pattern(), made)).toMatchObject({ rows: [], present: 5, differences: [] });
  });

  it('names a task that was renamed, and leaves it', () => {
    expect(propose(pattern(), only('Review', { name: 'Review all channels' }))).toMatchObject({
      rows: [],
      differences: [{ kind: 'renamed', planned: 'Review', found: 'Review all channels' }],
    });
  });

  it('names an estimate that was changed or taken away, and leaves it', () => {
    const rowId = rowIdOf('Review');
    expect(propose(pattern(), only('Review', { estimateMs: hours(9) }))).toMatchObject({
      rows: [],
      differences: [{ kind: 're_estimated', rowId, plannedMs: hours(6), foundMs: hours(9) }],
    });
    const blank = withTasks((task) => [without('estimateMs', task)]);
    expect(propose(pattern(), blank).differences).toMatchObject([
      { kind: 're_estimated', plannedMs: hours(3), foundMs: null },
      { kind: 're_estimated', plannedMs: hours(6), foundMs: null },
    ]);
  });

  it('names another day and another project, and says nothing of cells it cannot read', () => {
    const moved = { scheduledStart: '2026-02-02', projectId: 'p9' };
    expect(propose(pattern(), only('Report', moved)).differences.map(({ kind }) => kind)).toEqual([
      'moved',
      'rescheduled',
    ]);
    const unreadable = {
      ...moved,
      projectId: made.projects[0]?.rowId ?? '',
      isUnreadable: true as const,
    };
    expect(propose(pattern(), only('Report', unreadable)).differences).toEqual([]);
  });

  it('proposes a task that is gone, unless it is known to have been made: then a person deleted it', () => {
    expect(propose(pattern(), withoutTask('Review'))).toMatchObject({
      rows: [{ table: 'tasks', name: 'Review', project: { kind: 'existing' } }],
      differences: [],
    });
    const { madeKeys } = remember(made);
    expect(propose(pattern(), { ...withoutTask('Review'), madeKeys })).toMatchObject({
      rows: [],
      differences: [{ kind: 'deleted', name: 'Review' }],
    });
  });

  it('proposes only the line that was put between others', () => {
    const checklist = 'Interview (3 h)\nSurvey\nReview (6 h)\nReport';
    expect(propose(pattern([template({ checklist })]), made)).toMatchObject({
      rows: [{ name: 'Survey' }],
      differences: [],
    });
  });

  it('takes a task that was made by hand for its step, once for each', () => {
    const byHand = withTasks((task) => [
      { ...without('externalId', task), name: task.name.toUpperCase() },
    ]);
    const checklist = 'Interview (3 h)\nReview (6 h)\nReport\nReport';
    expect(propose(pattern([template({ checklist })]), byHand)).toMatchObject({
      rows: [{ name: 'Report', lineage: { step: 4 } }],
      present: 5,
    });
  });

  it('names what a person added, and the copy of a planned task', () => {
    const [task] = made.tasks;
    if (task === undefined) throw new Error('no task');
    const own = without('externalId', task);
    const known = {
      ...made,
      tasks: [...made.tasks, { ...task, rowId: 'z copy' }, { ...own, rowId: 'z1', name: 'Lunch' }],
    };
    expect(propose(pattern(), known)).toMatchObject({
      rows: [],
      differences: [
        { kind: 'unplanned', name: 'Lunch' },
        { kind: 'copied', rowId: 'z copy' },
      ],
    });
  });

  it('knows a renamed engagement by the project below it', () => {
    const engagements = made.engagements.map((row) => ({ ...row, name: 'Acme 2026' }));
    expect(propose(pattern(), { ...made, engagements })).toMatchObject({
      rows: [],
      differences: [{ kind: 'renamed', found: 'Acme 2026' }],
    });
  });

  it('knows a renamed engagement by its own key, even with nothing below it, and names its copies', () => {
    const [key = ''] = propose(pattern()).rows.map((row) => row.key);
    const engagement = { rowId: 'e1', name: 'Acme 2026', externalId: key, offerId: 'o9' };
    const copy = { ...engagement, rowId: 'e2', name: 'Copy of Acme' };
    const proposal = propose(pattern(), { ...NOTHING_KNOWN, engagements: [copy, engagement] });
    expect(proposal).toMatchObject({
      present: 1,
      differences: [
        { kind: 'renamed', rowId: 'e1', planned: 'Audit Acme', found: 'Acme 2026' },
        { kind: 'copied', rowId: 'e2' },
      ],
    });
    expect(proposal.rows[0]).toMatchObject({
      table: 'projects',
      engagement: { kind: 'existing', rowId: 'e1' },
    });
  });

  it('takes no project of the same name below another engagement', () => {
    const projects = made.projects.map((row) => ({
      ...without('externalId', row),
      engagementId: 'e9',
    }));
    expect(propose(pattern(), { ...NOTHING_KNOWN, projects }).rows).toHaveLength(5);
  });

  it('makes nothing below what a person took away', () => {
    const { madeKeys } = remember(made);
    expect(propose(pattern(), { ...made, projects: [], tasks: [], madeKeys })).toMatchObject({
      rows: [],
      differences: [{ kind: 'deleted', name: 'Audit Acme' }],
    });
  });

  it('names a project that was linked to another template or lost its engagement', () => {
    const project = (change: object): KnownWork => ({
      ...made,
      projects: made.projects.map((row) => ({ ...row, ...change })),
    });
    const moved = [{ kind: 'moved', name: 'Audit Acme' }];
    expect(propose(pattern(), project({ templateId: 't9' }))).toMatchObject({ differences: moved });
    expect(propose(pattern(), project({ engagementId: 'e9' }))).toMatchObject({
      rows: [],
      differences: moved,
    });
  });
});
