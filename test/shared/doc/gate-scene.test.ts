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

  it('asks for nothing where nobody knows the task', () => {
    expect(sceneOf({}, 'Elsewhere')).toEqual({
      projects: [],
      templates: [],
      gates: [],
      faults: [],
    });
  });
});
