import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  createLineageIndex,
  type Dimension,
  type RunLinks,
  resolveLineage,
} from '#shared/doc/index.ts';
import { docWith, to } from './small-doc.ts';

const row = (rowId: string) => ({ rowId, name: rowId.toUpperCase() });

// One whole chain, and a second workflow and engagement beside it.
const DOC = docWith({
  ventures: [row('v1')],
  serviceBlueprints: [row('b1'), row('b2')],
  workflows: [
    { ...row('w1'), serviceBlueprint: to('b1') },
    { ...row('w2'), serviceBlueprint: to('b2'), isDeprecated: true },
  ],
  processTemplates: [
    { ...row('t1'), workflow: to('w1') },
    { ...row('t2'), workflow: to('w2') },
    row('t3'),
  ],
  offers: [{ ...row('o1'), venture: to('v1'), serviceBlueprint: to('b1') }],
  engagements: [{ ...row('e1'), offer: to('o1') }, row('e2')],
  projects: [
    { ...row('p1'), engagement: to('e1'), processTemplate: to('t1'), isBillable: true },
    { ...row('p2'), processTemplate: to('t2'), isBillable: false },
    { ...row('p3'), processTemplate: to('t-gone'), isBillable: false },
  ],
  tasks: [
    { ...row('k1'), project: to('p1'), status: '' },
    { ...row('k2'), project: to('p2'), status: '' },
    { ...row('k3'), status: '' },
  ],
});
const INDEX = createLineageIndex(DOC);
const ask = (run: RunLinks, dimension: Dimension = 'workflow') => {
  const answer = resolveLineage(run, INDEX, dimension);
  return answer.kind === 'resolved' ? answer.id : answer.kind;
};

describe('resolveLineage', () => {
  it.each([
    ['process_template', 't1'],
    ['workflow', 'w1'],
    ['project', 'p1'],
    ['engagement', 'e1'],
    ['offer', 'o1'],
    ['venture', 'v1'],
    ['service_blueprint', 'b1'],
  ] as const)('finds the %s of a run by its task alone', (dimension, id) => {
    expect(ask({ task: to('k1') }, dimension)).toBe(id);
  });

  it('lists every path that votes, with its answer', () => {
    const run = {
      task: to('k1'),
      project: to('p1'),
      workflow: to('w1'),
      processTemplate: to('t1'),
    };
    expect(resolveLineage(run, INDEX, 'workflow')).toEqual({
      kind: 'resolved',
      id: 'w1',
      name: 'W1',
      isDeprecated: false,
      votes: [
        { path: 'run.workflow', ...to('w1') },
        { path: 'run.process_template.workflow', ...to('w1') },
        { path: 'run.project.process_template.workflow', ...to('w1') },
        { path: 'run.task.project.process_template.workflow', ...to('w1') },
      ],
      dangling: [],
    });
  });

  it('is in conflict where the run says one workflow and its template another', () => {
    const answer = resolveLineage(
      { workflow: to('w1'), processTemplate: to('t2') },
      INDEX,
      'workflow',
    );
    expect(answer.kind).toBe('conflict');
    expect(answer.votes.map(({ rowId }) => rowId)).toEqual(['w1', 'w2']);
  });

  it('is unresolved without any link, and a blank one is no vote', () => {
    expect(ask({})).toBe('unresolved');
    expect(ask({ task: to('k3'), processTemplate: to('t3') })).toBe('unresolved');
    expect(ask({ task: to('k3'), processTemplate: to('t3'), workflow: to('w2') })).toBe('w2');
  });

  it('judges dimensions one by one', () => {
    const run = { task: to('k1'), workflow: to('w2') };
    expect(ask(run, 'workflow')).toBe('conflict');
    expect(ask(run, 'project')).toBe('p1');
    expect(ask({ engagement: to('e2'), project: to('p1') }, 'engagement')).toBe('conflict');
    expect(ask({ engagement: to('e2'), project: to('p1') }, 'offer')).toBe('o1');
  });

  it('resolves to a deprecated row and says so', () => {
    expect(resolveLineage({ task: to('k2') }, INDEX, 'workflow')).toMatchObject({
      id: 'w2',
      isDeprecated: true,
    });
  });

  it('keeps the old id of a deleted row in view and gives it no vote', () => {
    const answer = resolveLineage(
      { workflow: to('w-gone'), project: to('p3'), task: to('k2') },
      INDEX,
      'workflow',
    );
    expect(answer).toMatchObject({ kind: 'resolved', id: 'w2' });
    expect(answer.dangling).toEqual([
      { path: 'run.workflow', ...to('w-gone') },
      { path: 'run.project.process_template', ...to('t-gone') },
    ]);
    expect(resolveLineage({ task: to('k-gone') }, INDEX, 'workflow')).toEqual({
      kind: 'unresolved',
      votes: [],
      dangling: [{ path: 'run.task', ...to('k-gone') }],
    });
  });

  it('takes links into a table that was not read at their word', () => {
    const few = createLineageIndex(docWith({}));
    expect(resolveLineage({ workflow: to('w1') }, few, 'workflow')).toMatchObject({
      kind: 'resolved',
      id: 'w1',
      name: 'w1',
    });
  });

  it('goes no further through a table that was not read', () => {
    const few = createLineageIndex(docWith({ workflows: DOC.workflows }));
    const run = { task: to('k1'), processTemplate: to('t1') };
    expect(resolveLineage(run, few, 'workflow')).toEqual({
      kind: 'unresolved',
      votes: [],
      dangling: [],
    });
  });
});

const maybe = (ids: readonly string[]) =>
  fc.option(fc.constantFrom(...ids).map(to), { nil: undefined });

describe('the vote', () => {
  it('is symmetric: which path says what changes nothing', () => {
    // Four paths to a workflow, each through rows of its own, so that they can be permuted freely.
    const votes = fc.tuple(
      maybe(['w1', 'w2']),
      maybe(['w1', 'w2']),
      maybe(['w1', 'w2']),
      maybe(['w1', 'w2']),
    );
    const law = fc.property(
      votes,
      fc.shuffledSubarray([0, 1, 2, 3], { minLength: 4 }),
      (said, order) => {
        const shuffled = order.map((at) => said[at]);
        expect(vote(shuffled)).toBe(vote(said));
        const distinct = new Set(said.flatMap((link) => link?.rowId ?? []));
        const expected =
          distinct.size === 1 ? [...distinct][0] : distinct.size === 0 ? 'unresolved' : 'conflict';
        expect(vote(said)).toBe(expected);
      },
    );
    fc.assert(law);
  });
});

function vote(said: readonly (ReturnType<typeof to> | undefined)[]) {
  const [direct, template, project, task] = said.map((link) =>
    link === undefined ? {} : { workflow: link },
  );
  const doc = docWith({
    workflows: [row('w1'), row('w2')],
    processTemplates: [
      { ...row('t1'), ...template },
      { ...row('t2'), ...project },
      { ...row('t3'), ...task },
    ],
    projects: [
      { ...row('p2'), processTemplate: to('t2'), isBillable: false },
      { ...row('p3'), processTemplate: to('t3'), isBillable: false },
    ],
    tasks: [{ ...row('k3'), project: to('p3'), status: '' }],
  });
  const run = { ...direct, processTemplate: to('t1'), project: to('p2'), task: to('k3') };
  const answer = resolveLineage(run, createLineageIndex(doc), 'workflow');
  return answer.kind === 'resolved' ? answer.id : answer.kind;
}
