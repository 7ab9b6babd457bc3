import { describe, expect, it } from 'vitest';
import { accept, refuse } from '#shared/kernel/index.ts';
import * as policy from '#shared/lifecycle/index.ts';

const run: policy.RunPolicies = {
  patchOnly: true,
  testsMustPass: false,
  asciiOnly: false,
  maxLinesChanged: 300,
  maxFilesChanged: 10,
  requireIssueRef: true,
};
const patch: policy.PatchPolicy = {
  allowedFormats: ['unified_diff', 'whole_file'],
  patchRequired: true,
  maxLinesChanged: 300,
  maxFilesChanged: 10,
  forbidBinary: true,
  forbiddenPaths: ['.git/**'],
  testsForPaths: ['src/**'],
  requireIssueRef: false,
  minReviewers: 1,
  oscillationWindow: 5,
  oscillationThreshold: 3,
};
const scope: policy.ResourceScope = {
  read: ['**'],
  write: ['src/**', 'docs/a.md'],
  create: ['src/**'],
  forbidden: ['.env'],
};
const weaker = (level: policy.PolicyLevel, field: string) =>
  refuse({ code: 'CONSTRAINT_WEAKENED', level, field });

describe('mergeRunPolicies', () => {
  it.each<[keyof policy.RunPolicies, boolean | number, boolean]>([
    ['patchOnly', true, true],
    ['patchOnly', false, false],
    ['testsMustPass', true, true],
    ['testsMustPass', false, true],
    ['asciiOnly', true, true],
    ['requireIssueRef', false, false],
    ['maxLinesChanged', 299, true],
    ['maxLinesChanged', 300, true],
    ['maxLinesChanged', 301, false],
    ['maxFilesChanged', 10, true],
    ['maxFilesChanged', 11, false],
  ])('lets a nearer %s of %s stand: %s', (field, value, isAllowed) => {
    const result = policy.mergeRunPolicies(run, [{ level: 'phase', says: { [field]: value } }]);
    expect(result).toEqual(isAllowed ? accept({ ...run, [field]: value }) : weaker('phase', field));
  });

  it('lays the levels on in their order, however they come, each on all before it', () => {
    const doc = { level: 'doc', says: { maxLinesChanged: 50, asciiOnly: true } } as const;
    const project = { level: 'project', says: { maxLinesChanged: 100 } } as const;
    const merged = accept({ ...run, maxLinesChanged: 50, asciiOnly: true });
    expect(policy.mergeRunPolicies(run, [doc, project])).toEqual(merged);
    expect(policy.mergeRunPolicies(run, [project, doc])).toEqual(merged);
    const loose = { level: 'doc', says: { maxLinesChanged: 101 } } as const;
    expect(policy.mergeRunPolicies(run, [loose, project])).toEqual(
      weaker('doc', 'maxLinesChanged'),
    );
    expect(policy.mergeRunPolicies(run, [])).toEqual(accept(run));
    expect(policy.POLICY_LEVELS).toEqual(['global', 'project', 'phase', 'doc']);
  });

  it('keeps true what a level in between made true', () => {
    const layers = [
      { level: 'project', says: { asciiOnly: true } },
      { level: 'doc', says: { asciiOnly: false } },
    ] as const;
    expect(policy.mergeRunPolicies(run, layers)).toEqual(weaker('doc', 'asciiOnly'));
  });
});

describe('mergePatchPolicies', () => {
  it.each<[keyof policy.PatchPolicy, boolean | number | readonly string[], boolean]>([
    ['allowedFormats', ['unified_diff'], true],
    ['allowedFormats', [], true],
    ['allowedFormats', ['unified_diff', 'binary'], false],
    ['patchRequired', false, false],
    ['forbidBinary', false, false],
    ['requireIssueRef', true, true],
    ['maxLinesChanged', 301, false],
    ['maxFilesChanged', 11, false],
    ['maxFilesChanged', 9, true],
    ['forbiddenPaths', ['.git/**', 'secrets/**'], true],
    ['forbiddenPaths', ['secrets/**'], false],
    ['testsForPaths', ['src/**', 'pack/**'], true],
    ['testsForPaths', [], false],
    ['minReviewers', 2, true],
    ['minReviewers', 1, true],
    ['minReviewers', 0, false],
    ['oscillationWindow', 6, true],
    ['oscillationWindow', 4, false],
    ['oscillationThreshold', 2, true],
    ['oscillationThreshold', 4, false],
  ])('lets a nearer %s of %s stand: %s', (field, value, isAllowed) => {
    const result = policy.mergePatchPolicies(patch, [{ level: 'doc', says: { [field]: value } }]);
    expect(result).toEqual(isAllowed ? accept({ ...patch, [field]: value }) : weaker('doc', field));
  });
});

describe('mergeResourceScopes', () => {
  it.each<[keyof policy.ResourceScope, readonly string[], boolean]>([
    ['read', ['src/**', 'anything'], true],
    ['read', ['../other/**'], false],
    ['read', ['src/../../x'], false],
    ['read', ['/etc/passwd'], false],
    ['read', [], true],
    ['write', ['src/lib/**', 'src/a.ts', 'docs/a.md'], true],
    ['write', ['docs/b.md'], false],
    ['write', ['source/**'], false],
    ['write', ['**'], false],
    ['write', ['src/lib/**', 'pack/**'], false],
    ['create', ['src/**'], true],
    ['create', ['src'], false],
    ['forbidden', ['.env', 'src/secret/**'], true],
    ['forbidden', [], false],
  ])('lets a nearer %s of %j stand: %s', (field, value, isAllowed) => {
    const result = policy.mergeResourceScopes(scope, [
      { level: 'project', says: { [field]: value } },
    ]);
    expect(result).toEqual(
      isAllowed ? accept({ ...scope, [field]: value }) : weaker('project', field),
    );
  });

  it('takes no pattern within a folder for a whole folder', () => {
    const narrow = { level: 'doc', says: { write: ['src/a/b.ts'] } } as const;
    for (const wide of [
      'src/*',
      'src/*/**',
      'src/?/**',
      'src/[ab]/**',
      'src/{a,b}/**',
      'src/a',
      '/**',
    ]) {
      expect(policy.mergeResourceScopes({ ...scope, write: [wide] }, [narrow])).toEqual(
        weaker('doc', 'write'),
      );
    }
    expect(policy.mergeResourceScopes({ ...scope, write: ['x', 'src/a/**'] }, [narrow]).ok).toBe(
      true,
    );
  });
});
