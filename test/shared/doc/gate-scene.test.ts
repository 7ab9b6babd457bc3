import { describe, expect, it } from 'vitest';
import { createGateScenes, type FounderHqDoc } from '#shared/doc/index.ts';
import { docWith, to } from './small-doc.ts';

const doc: FounderHqDoc = docWith({
  workflows: [
    { rowId: 'w', name: 'Audit' },
    { rowId: 'w2', name: 'Other' },
  ],
  processTemplates: [
    { rowId: 'pt', name: 'Audit v1', workflow: to('w'), requiredGates: 'lint; client approval' },
    { rowId: 'other', name: 'Other', requiredGates: 'unit tests' },
  ],
  projects: [
    {
      rowId: 'p',
      name: 'Acme',
      isBillable: true,
      processTemplate: to('pt'),
      requiredGates: 'Budget <= 90%\nlint',
    },
  ],
  tasks: [{ rowId: 't', name: 'Interview', status: 'In progress', project: to('p') }],
});
const sceneOf = (change: Partial<FounderHqDoc> = {}, task = 'interview') =>
  createGateScenes({ ...doc, ...change })({ runId: 'R', task });

describe('createGateScenes', () => {
  it('takes the gates of the project and of its template, each once', () => {
    const scene = sceneOf();
    expect(scene.gates.map(({ text }) => text)).toEqual([
      'budget <= 90 %',
      'lint',
      'client approval',
    ]);
    expect(scene).toMatchObject({ task: { rowId: 't' }, workflowId: 'w', faults: [] });
  });

  it('asks for the gates of every template where paths disagree, and follows no workflow', () => {
    const row = { rowId: 'e', name: 'R', runId: 'R', processTemplate: to('other') };
    const processTemplates = doc.processTemplates.map((template) =>
      template.rowId === 'other' ? { ...template, workflow: to('w2') } : template,
    );
    const scene = sceneOf({ executionRuns: [row], processTemplates });
    expect(scene.gates.map(({ text }) => text)).toContain('unit tests');
    expect(scene.gates.map(({ text }) => text)).toContain('client approval');
    expect(scene.workflowId).toBeUndefined();
  });

  it('says of a list that cannot be read where it stands, and keeps the other list', () => {
    const [project] = doc.projects;
    const projects = project === undefined ? [] : [{ ...project, requiredGates: 'lint\nlinr' }];
    const scene = sceneOf({ projects });
    expect(scene.faults).toEqual([
      '`required_gates` of `Acme` in projects, line 2: no gate is called `linr`; did you mean `lint`?',
    ]);
    expect(scene.gates.map(({ text }) => text)).toEqual(['lint', 'client approval']);
  });

  const interview = { rowId: 't', name: 'Interview', status: 'Done', project: to('p') };
  const second = { ...interview, rowId: 't2', project: to('p2') };

  it('cannot tell what is asked for where no task is called so', () => {
    expect(sceneOf({}, 'Elsewhere')).toEqual({
      projects: [],
      templates: [],
      gates: [],
      faults: [expect.stringMatching(/^no task is called `Elsewhere` any more/)],
    });
  });

  it('cannot tell what is asked for where two tasks are called so', () => {
    const scene = sceneOf({ tasks: [interview, second] });
    expect(scene).toMatchObject({
      gates: [],
      faults: [expect.stringMatching(/^more than one task is called `interview`/)],
    });
  });

  it('goes by the row of the run where the name leads nowhere, or to two', () => {
    const row = { rowId: 'e', name: 'R', runId: 'R', task: to('t') };
    for (const tasks of [[interview, second], [{ ...interview, name: 'Renamed' }]]) {
      const scene = sceneOf({ tasks, executionRuns: [row] });
      expect(scene).toMatchObject({ task: { rowId: 't' }, faults: [] });
      expect(scene.gates).toHaveLength(3);
    }
  });

  it('asks for nothing of an unknown task where no list in the doc asks for anything', () => {
    const blank = <Row extends object>(row: Row) => ({ ...row, requiredGates: ' ' });
    const projects = doc.projects.map(blank);
    const scene = sceneOf({ projects, processTemplates: [] }, 'Elsewhere');
    expect(scene.faults).toEqual([]);
  });
});
