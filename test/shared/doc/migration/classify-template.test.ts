import { describe, expect, it } from 'vitest';
import { classifyTemplate, stepsOf } from '#shared/doc/migration/classify-template.ts';

const NOTHING = { name: 'Thing', type: '', checklist: '', link: '', body: '' };
const PDF = 'https://files.example/a.pdf';

describe('a template', () => {
  it.each([
    [{ checklist: 'Call\nReport' }, 'process', 'Operational', 'has a checklist'],
    [{ body: '- Call\n- Report' }, 'process', 'Operational', 'its text is a list of steps'],
    [{ type: 'SOP' }, 'process', 'Operational', 'its type is `SOP`'],
    [{ name: 'Hiring checklist' }, 'process', 'Operational', 'its name is that of a process'],
    [
      { type: 'Communication', checklist: 'Greet\nAsk' },
      'process',
      'Communication',
      'has a checklist',
    ],
    [{ link: PDF }, 'resource', 'Document', 'points to a file'],
    [{ link: 'https://files.example/a.PNG?x=1' }, 'resource', 'Media', 'points to a file'],
    [{ link: 'https://files.example/a' }, 'resource', undefined, 'points to a file'],
    [{ type: 'E-mail' }, 'resource', 'Communication', 'its type is `E-mail`'],
    [{ type: 'Video' }, 'resource', 'Media', 'its type is `Video`'],
    [
      { type: 'Contract', link: PDF },
      'resource',
      'Document',
      'points to a file, its type is `Contract`',
    ],
    [{ name: 'Welcome letter' }, 'resource', 'Communication', 'its name is that of a resource'],
    [{ type: 'Communication', link: PDF }, 'resource', 'Communication', 'points to a file'],
  ] as const)('%j is a %s, of type %s', (facts, kind, type, because) => {
    const verdict = classifyTemplate({ ...NOTHING, ...facts });
    expect(verdict).toEqual({ kind, because, ...(type === undefined ? {} : { type }) });
  });

  it.each([
    [{}, 'nothing says what it is'],
    [{ body: 'Some words.' }, 'nothing says what it is'],
    [{ body: '- One line alone' }, 'nothing says what it is'],
    [{ body: '- A step\nand words' }, 'nothing says what it is'],
    [{ type: 'Communication' }, 'nothing says what it is'],
    [{ name: 'Proposal checklist' }, 'nothing says what it is'],
    [{ name: 'Reprocessing docking' }, 'nothing says what it is'],
    [{ checklist: 'Call', link: PDF }, 'has a checklist, points to a file'],
    [{ type: 'Process', link: PDF }, 'points to a file, its type is `Process`'],
    [
      { name: 'Welcome e-mail', checklist: 'Write' },
      'has a checklist, its name is that of a resource',
    ],
  ])('%j is for a person to decide', (facts, because) => {
    expect(classifyTemplate({ ...NOTHING, ...facts })).toEqual({ kind: 'doubtful', because });
  });

  it('has its steps in the checklist, else in a text that is a list of them', () => {
    const body = '1. Call\n2. Report';
    expect(stepsOf({ ...NOTHING, checklist: 'Talk', body })).toBe('Talk');
    expect(stepsOf({ ...NOTHING, body })).toBe(body);
    expect(stepsOf({ ...NOTHING, body: 'Words' })).toBe('');
  });
});
