import { describe, expect, it } from 'vitest';
import { accept, refuse, toInstant } from '#shared/kernel/index.ts';
import {
  elapsedMs,
  judge,
  must,
  should,
  toSaid,
  toStamp,
  toTold,
} from '#shared/lifecycle/index.ts';

const [early, late] = [toInstant(1_000), toInstant(2_000)];
const stamp = { at: early };
const asked = { ...stamp, by: 'system', type: 'start' } as const;
const passed = (guard: string) => ({
  ...stamp,
  type: 'override_recorded',
  trigger: 'start',
  guard,
  person: 'dana',
  reason: 'x',
});

describe('judge', () => {
  const first: { readonly code: string } = { code: 'FIRST' };
  const second: typeof first = { code: 'SECOND' };
  const third: typeof first = { code: 'THIRD' };
  const override = { person: 'dana', reason: 'x' };

  it('refuses with the first guard that does not hold', () => {
    const guards = [must(true, first), must(false, second), must(false, third)];
    expect(judge(guards, asked, stamp)).toEqual(refuse(second));
  });

  it('needs no override where all hold', () => {
    const guards = [must(true, first), should(true, second)];
    expect(judge(guards, { ...asked, override }, stamp)).toEqual(accept([]));
  });

  it('records each guard a person passes by, in order', () => {
    const guards = [should(false, first), should(true, second), should(false, third)];
    expect(judge(guards, { ...asked, override }, stamp)).toEqual(
      accept([passed('FIRST'), passed('THIRD')]),
    );
  });

  it('stops a person at what nobody passes by', () => {
    const guards = [should(false, first), must(false, second)];
    expect(judge(guards, { ...asked, override }, stamp)).toEqual(refuse(second));
  });

  it.each([
    ['person', { person: '', reason: 'x' }],
    ['reason', { person: 'dana', reason: '' }],
  ])('lets nobody pass without a %s', (_name, blank) => {
    const guards = [should(false, first)];
    expect(judge(guards, { ...asked, override: blank }, stamp)).toEqual(refuse(first));
  });
});

describe('toStamp', () => {
  it('moves a command to the last stamp only where it is earlier, and says so', () => {
    expect(toStamp(early, undefined)).toEqual({ at: early });
    expect(toStamp(early, early)).toEqual({ at: early });
    expect(toStamp(late, early)).toEqual({ at: late });
    expect(toStamp(early, late)).toEqual({ at: late, clockAdjusted: true });
  });
});

describe('elapsedMs', () => {
  it('is the time between two stamps, and nothing where one is missing', () => {
    expect(elapsedMs(early, late)).toBe(1_000);
    expect(elapsedMs(undefined, late)).toBe(0);
    expect(elapsedMs(early, undefined)).toBe(0);
  });
});

describe('what a message carries', () => {
  it('is left without who asked for what and when, and without the stamp', () => {
    const override = { person: 'dana', reason: 'x' };
    expect(toSaid({ ...asked, override, taskId: 'T1' })).toEqual({ taskId: 'T1' });
    const event = { type: 'task_started', at: late, clockAdjusted: true, taskId: 'T1' } as const;
    expect(toTold(event)).toEqual({ taskId: 'T1' });
  });
});
