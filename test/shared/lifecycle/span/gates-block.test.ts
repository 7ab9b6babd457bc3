import { describe, expect, it } from 'vitest';
import * as lifecycle from '#shared/lifecycle/index.ts';
import { applySteps } from './run-bench.ts';
import { minute, toCheck, toTask, toView, toWorkstream } from './view.ts';

const asked = { at: minute(9), by: 'system' };
const gate = (status: lifecycle.GateStatus, gateId = 'G1', guards = ['T1', 'S1', 'unit']) => ({
  gateId,
  status,
  guards,
});
const waiting = toView({
  tasks: [toTask({ state: 'pending' })],
  workstreams: [toWorkstream({ state: 'planned' })],
  checks: [toCheck({ state: 'pending' })],
});
const held = (blockedBy: readonly string[]) =>
  toView({
    tasks: [toTask({ state: 'blocked', blockedBy })],
    workstreams: [toWorkstream({ state: 'blocked', blockedBy })],
    checks: [toCheck({ state: 'blocked', blockedBy })],
  });
const all = (command: object) => [
  { entity: 'task', id: 'T1', command: { ...asked, ...command } },
  { entity: 'workstream', id: 'S1', command: { ...asked, ...command } },
  { entity: 'gate_check', id: 'K1', command: { ...asked, ...command } },
];
const block = (...blockedBy: string[]) =>
  all({ type: 'block', blockedBy, reason: 'gate_not_passed' });
const unblock = all({ type: 'unblock', openBlockers: [] });

describe('toGateBlocks', () => {
  it.each<[lifecycle.GateStatus, boolean, boolean]>([
    ['FAILED', true, false],
    ['ERROR', true, false],
    ['INCONCLUSIVE', true, false],
    ['NOT_RUN', false, false],
    ['STALE', false, false],
    ['WAIVED', false, true],
    ['PASSED', false, true],
  ])('%s holds up what waits: %s; lets go what is held: %s', (status, doesBlock, doesFree) => {
    expect(lifecycle.toGateBlocks(waiting, [gate(status)], asked)).toEqual(
      doesBlock ? block('G1') : [],
    );
    expect(lifecycle.toGateBlocks(held(['G1']), [gate(status)], asked)).toEqual(
      doesFree ? unblock : [],
    );
  });

  it('moves nothing that is queued, begun or over', () => {
    const begun = toView({
      tasks: (['queued', 'running', 'retrying', 'validating', 'completed'] as const).map((state) =>
        toTask({ state }),
      ),
      workstreams: (['ready', 'executing', 'validating', 'failed'] as const).map((state) =>
        toWorkstream({ state }),
      ),
      checks: (['running', 'passed'] as const).map((state) => toCheck({ state })),
    });
    expect(lifecycle.toGateBlocks(begun, [gate('FAILED')], asked)).toEqual([]);
    expect(lifecycle.toGateBlocks(begun, [gate('PASSED')], asked)).toEqual([]);
  });

  it('moves only what a gate guards, a check also by its own id', () => {
    expect(lifecycle.toGateBlocks(waiting, [gate('FAILED', 'G1', ['T9'])], asked)).toEqual([]);
    expect(lifecycle.toGateBlocks(waiting, [gate('FAILED', 'G1', ['T9', 'K1'])], asked)).toEqual(
      block('G1').slice(2),
    );
  });

  it('names every gate that blocks, and lets go only when the last of them is passed', () => {
    const two = [gate('FAILED'), gate('ERROR', 'G2'), gate('STALE', 'G3')];
    expect(lifecycle.toGateBlocks(waiting, two, asked)).toEqual(block('G1', 'G2'));
    const one = [gate('PASSED'), gate('NOT_RUN', 'G2')];
    expect(lifecycle.toGateBlocks(held(['G1', 'G2']), one, asked)).toEqual([]);
    expect(lifecycle.toGateBlocks(held(['G1']), one, asked)).toEqual(unblock);
    expect(
      lifecycle.toGateBlocks(held(['G1']), [gate('PASSED'), gate('FAILED', 'G2')], asked),
    ).toEqual([]);
  });

  it('leaves what a person or a task holds up', () => {
    expect(lifecycle.toGateBlocks(held(['G1', 'T7']), [gate('PASSED')], asked)).toEqual([]);
    expect(lifecycle.toGateBlocks(held(['T7']), [gate('FAILED')], asked)).toEqual([]);
  });

  it('answers steps that the machines accept', () => {
    const after = applySteps(waiting, lifecycle.toGateBlocks(waiting, [gate('FAILED')], asked));
    const blocked = { state: 'blocked', blockedBy: ['G1'] };
    expect(after).toMatchObject({ tasks: [blocked], workstreams: [blocked], checks: [blocked] });
    const freed = applySteps(after, lifecycle.toGateBlocks(after, [gate('WAIVED')], asked));
    expect(freed).toMatchObject({
      tasks: [{ state: 'pending' }],
      workstreams: [{ state: 'ready' }],
      checks: [{ state: 'pending' }],
    });
  });
});

describe('expireWaivers', () => {
  const waiver: lifecycle.Waiver = {
    waiverId: 'V1',
    checkId: 'unit',
    scope: 'run',
    reason: 'x',
    owner: 'dana',
    approver: 'lee',
    selfApproved: false,
    grantedAt: minute(0),
    expiresAt: minute(8),
  };
  const evaluated = (status: lifecycle.GateStatus) => ({
    ...gate(status),
    scope: 'run',
    checkIds: ['unit'],
    checks: [
      { checkId: 'lint', counts: true, status: 'PASSED', underlying: 'PASSED' } as const,
      { checkId: 'unit', counts: true, status, underlying: status },
    ],
  });
  const watch = { ...asked, since: minute(5), waivers: [waiver] };
  const expired = (waiverId: string, status: lifecycle.GateStatus, gateId = 'G1') => ({
    gateId,
    event: { at: minute(9), type: 'waiver_expired', waiverId, status },
  });

  it('shows what it covered again and holds up what depends on it', () => {
    expect(lifecycle.expireWaivers(waiting, [evaluated('FAILED')], watch)).toEqual({
      news: [expired('V1', 'FAILED')],
      steps: block('G1'),
    });
  });

  it('leaves a run that has succeeded as it is, with a note of the first end', () => {
    const view = toView();
    const done = { ...view, run: { ...view.run, state: 'succeeded' } } as const;
    const waivers = [waiver, { ...waiver, waiverId: 'V2', expiresAt: minute(7) }];
    const note = { type: 'note', text: lifecycle.WAIVER_NOTE, waiverExpiredAt: minute(7) } as const;
    const result = lifecycle.expireWaivers(done, [evaluated('NOT_RUN')], { ...watch, waivers });
    expect(result).toEqual({
      news: [expired('V1', 'NOT_RUN'), expired('V2', 'NOT_RUN')],
      steps: [{ entity: 'run', id: 'R1', command: { ...asked, ...note } }],
    });
    expect(applySteps(done, result.steps).run).toMatchObject({
      state: 'succeeded',
      waiverExpiredAt: minute(7),
    });
    expect(
      lifecycle.expireWaivers(done, [evaluated('FAILED')], { ...watch, since: minute(8) }),
    ).toEqual({ news: [], steps: [] });
  });

  it('tells it of every gate the waiver had covered something of', () => {
    const gates = [evaluated('FAILED'), { ...evaluated('PASSED'), gateId: 'G2' }];
    expect(lifecycle.expireWaivers(toView(), gates, watch).news).toEqual([
      expired('V1', 'FAILED'),
      expired('V1', 'PASSED', 'G2'),
    ]);
  });

  it.each([
    ['check', { checkId: 'e2e' }],
    ['scope', { scope: 'elsewhere' }],
  ])('says nothing of a waiver for another %s', (_name, change) => {
    const waivers = [{ ...waiver, ...change }];
    const result = lifecycle.expireWaivers(toView(), [evaluated('FAILED')], { ...watch, waivers });
    expect(result).toEqual({ news: [], steps: [] });
  });
});
