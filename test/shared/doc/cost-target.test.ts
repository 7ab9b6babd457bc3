import { describe, expect, it } from 'vitest';
import { findCostTarget } from '#shared/doc/index.ts';
import { docWith, to } from './small-doc.ts';

const project = (rowId: string, name: string) => ({ rowId, name, isBillable: true });
const task = (rowId: string, name: string, projectId?: string) => ({
  rowId,
  name,
  status: '',
  ...(projectId === undefined ? {} : { project: to(projectId) }),
});
const DOC = docWith({
  projects: [
    { ...project('p1', 'Acme'), externalId: 'P-1' },
    project('p2', 'Birch'),
    project('p3', 'Twin'),
    project('p4', 'Twin'),
    project('p5', 'Report'),
  ],
  tasks: [
    task('t1', 'Interview', 'p1'),
    task('t2', 'Loose'),
    task('t3', 'Report', 'p2'),
    task('t4', 'Acme', 'p1'),
    task('t5', 'Same', 'p1'),
    task('t6', 'Same', 'p2'),
    task('t7', 'Gone', 'p9'),
  ],
  executionRuns: [
    { rowId: 'i-1', name: '', runId: 'R1', task: to('t1') },
    { rowId: 'i-2', name: '', project: to('p2') },
    { rowId: 'i-3', name: '', runId: 'R3', task: to('t1'), project: to('p2') },
  ],
});
const find = (called: string) => {
  const target = findCostTarget(DOC, called, [
    { runId: 'R7', task: 'interview' },
    { runId: 'R8', task: 'nobody knows' },
  ]);
  return target.kind === 'found' ? target.projectId : target.kind;
};

describe('findCostTarget', () => {
  it('finds a project by row id, external id or name, and a task for its project', () => {
    expect(['p1', 'P-1', ' acme', 'Interview', 't3'].map(find)).toEqual([
      'p1',
      'p1',
      'p1',
      'p1',
      'p2',
    ]);
  });

  it('finds a run by its id, whether a button made it or a person typed it', () => {
    expect(['R7', 'R1', 'i-2'].map(find)).toEqual(['p1', 'p1', 'p2']);
  });

  it('takes two things of one name where both lead to one project, and else none of them', () => {
    expect(['Acme', 'Report', 'Twin', 'Same', 'R3'].map(find)).toEqual([
      'p1',
      ...Array.from({ length: 4 }, () => 'unclear'),
    ]);
  });

  it('tells what leads nowhere from what nobody knows', () => {
    expect(['Loose', 'Gone', 'R8', 'Cedar', ''].map(find)).toEqual([
      ...Array.from({ length: 3 }, () => 'unclear'),
      'unknown',
      'unknown',
    ]);
    expect(findCostTarget(DOC, 'Loose', [])).toMatchObject({
      reason: expect.stringContaining('leads to no project'),
    });
  });
});
