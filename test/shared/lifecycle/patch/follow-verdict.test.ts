import { describe, expect, it } from 'vitest';
import * as patch from '#shared/lifecycle/index.ts';
import { asked, commandAt, created, given, scope } from './patch-cases.ts';

const found = {
  ...scope,
  formatOk: true,
  scopeOk: true,
  constraintsOk: true,
  errors: ['hunk 2'],
  path: 'q/P1.patch',
};
const follow = (more: Partial<patch.DiffFindings>) =>
  patch.followVerdict({ ...found, ...more }, asked(1));

describe('followVerdict', () => {
  it('validates what is right', () => {
    expect(follow({})).toEqual(commandAt(1).validate);
  });

  it('drops what is malformed or too large and sets aside what is outside its scope', () => {
    const end = { ...asked(1), isTreeReverted: true, errors: ['hunk 2'] };
    const drop = { ...end, type: 'drop', isByPerson: false };
    expect(follow({ formatOk: false, scopeOk: false })).toEqual({ ...drop, reason: 'malformed' });
    expect(follow({ constraintsOk: false })).toEqual({ ...drop, reason: 'constraints' });
    expect(follow({ scopeOk: false, constraintsOk: false })).toEqual({
      ...end,
      type: 'quarantine',
      reason: 'outside_scope',
      path: 'q/P1.patch',
    });
  });

  it('asks what a new patch accepts', () => {
    const verdicts = [{}, { formatOk: false }, { scopeOk: false }, { constraintsOk: false }];
    const states = verdicts.map((verdict) => {
      const result = given(created).when(follow(verdict));
      return result.ok ? result.value.map(({ type }) => type) : result.refusal.code;
    });
    expect(states).toEqual([
      ['patch_validated'],
      ['patch_dropped'],
      ['patch_quarantined'],
      ['patch_dropped'],
    ]);
    expect(patch.PATCH_LIMITS).toEqual({ maxLinesChanged: 300, maxFilesChanged: 10 });
  });
});

describe('isWithinLimits', () => {
  const files = (n: number) => Array.from({ length: n }, (_, place) => `f${place}`);
  it('bears 300 lines in 10 files, and not one more of either', () => {
    const whole = { files: files(10), insertions: 200, deletions: 100, hunks: 9 };
    expect(patch.isWithinLimits(whole)).toBe(true);
    expect(patch.isWithinLimits({ ...whole, deletions: 101 })).toBe(false);
    expect(patch.isWithinLimits({ ...whole, insertions: 201 })).toBe(false);
    expect(patch.isWithinLimits({ ...whole, files: files(11) })).toBe(false);
    const tight = { maxLinesChanged: 299, maxFilesChanged: 10 };
    expect(patch.isWithinLimits(whole, tight)).toBe(false);
  });
});
