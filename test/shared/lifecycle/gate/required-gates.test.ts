import { readFileSync } from 'node:fs';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { accept, refuse } from '#shared/kernel/index.ts';
import {
  describeFault,
  GATE_FORMS,
  parseRequiredGates,
  VARIANCE_WORDS,
} from '#shared/lifecycle/index.ts';

const read = (text: string) => {
  const result = parseRequiredGates(text);
  return result.ok ? result.value.map((gate) => gate.text) : result.refusal.map(describeFault);
};

describe('parseRequiredGates', () => {
  it('reads a list between semicolons, whatever its case and spaces', () => {
    const text =
      'Client  approval; deliverable linked;checklist done; Budget<=110%; variance state stable OR drifting under; unit tests';
    expect(read(text)).toEqual([
      'client approval',
      'deliverable linked',
      'checklist done',
      'budget <= 110 %',
      'variance state stable or drifting under',
      'unit tests',
    ]);
  });

  it('reads one gate a line too, and the same gate twice as one', () => {
    expect(read('\nunit tests\r\n\nlint; ;Unit Tests\n')).toEqual(['unit tests', 'lint']);
    expect(read('  \n ; ')).toEqual([]);
  });

  it.each([
    ['budget < 99.5 %', { kind: 'budget', op: 'lt', percent: 99.5 }, 'budget-lt-99.5'],
    ['budget ≤ 110 %', { kind: 'budget', op: 'lte', percent: 110 }, 'budget-lte-110'],
    ['security scan', { kind: 'tests', checkType: 'security_scan' }, 'security-scan'],
    [
      'variance state drifting under or stable or stable',
      { kind: 'variance_state', states: ['stable', 'drifting under'] },
      'variance-state-stable-or-drifting-under',
    ],
  ])('reads %s', (text, terms, gateKey) => {
    expect(parseRequiredGates(text)).toMatchObject(accept([{ terms, gateKey }]));
  });

  it('names each unknown gate, its line, and the nearest known one', () => {
    expect(parseRequiredGates('client aproval\nlint\nunit test; dance')).toEqual(
      refuse([
        { code: 'GATE_UNKNOWN', text: 'client aproval', line: 1, expected: 'client approval' },
        { code: 'GATE_UNKNOWN', text: 'unit test', line: 3, expected: 'unit tests' },
        { code: 'GATE_UNKNOWN', text: 'dance', line: 3, expected: 'lint' },
      ]),
    );
    expect(read('Bugdet')).toEqual([
      'line 1: no gate is called `Bugdet`; did you mean `budget <= 110 %`?',
    ]);
    expect(read('variance sate')).toEqual([
      'line 1: no gate is called `variance sate`; did you mean `variance state stable or drifting under`?',
    ]);
  });

  it.each([
    'budget',
    'budget <= 110',
    'budget >= 110 %',
    'budget <= 0 %',
    'budget <= 1000.1 %',
    'budget <= 1e3 %',
    'budget <= 5 % now',
  ])('refuses %s', (text) => {
    expect(read(text)).toEqual([
      `line 1: \`${text}\` cannot be read; expected \`budget <= 110 %\`, with <= or < and a number above 0 and at most 1000`,
    ]);
  });

  it('refuses a state nobody knows, no state, and all of them', () => {
    expect(read('variance state stabel')).toEqual([
      'line 1: `variance state stabel` cannot be read; expected states such as `stable` with `or` between them',
    ]);
    expect(read('variance state')).toEqual([expect.stringContaining('such as')]);
    expect(read(`variance state ${VARIANCE_WORDS.join(' or ')}`)).toEqual([
      expect.stringContaining('always be open'),
    ]);
  });

  it('reads every form the documents show, and its own words back', () => {
    const forms = GATE_FORMS.map(({ form }) => form);
    expect(read(forms.join('\n'))).toEqual(forms);
  });

  it('never drops a part: each is a gate or a fault, whatever is typed', () => {
    const word = fc.constantFrom('lint', 'unit tests', 'budget <= 9 %', 'x', ' ', 'LINT', '≤');
    fc.assert(
      fc.property(fc.array(fc.tuple(word, fc.constantFrom(';', '\n'))), (parts) => {
        const text = parts.flat().join('');
        const result = parseRequiredGates(text);
        const strange = parts.filter(([part]) => part === 'x' || part === '≤').length;
        expect(result.ok ? 0 : result.refusal.length).toBe(strange);
      }),
    );
  });
});

it('is described in the guide form by form', () => {
  const guide = readFileSync('docs/guide/gates.md', 'utf8');
  for (const { form, asks } of GATE_FORMS) expect(guide).toContain(`| \`${form}\` | ${asks} |`);
});
