import { describe, expect, expectTypeOf, it } from 'vitest';
import { PAYLOAD_FIELDS } from '#shared/contracts/events/payload-fields.ts';
import { judgePayload } from '#shared/contracts/events/payload-schema.ts';
import {
  type EVENT_CATALOGUE,
  type EventType,
  findEventKind,
  listEventKinds,
  SEVERITIES,
  severityOf,
} from '#shared/contracts/index.ts';
import type * as lifecycle from '#shared/lifecycle/index.ts';
import { listMachineEvents, listOtherEvents } from './written-events.ts';

/** Ours beside the specification: documents without an event of their own, and the desk of a person's presses. */
const OURS = ['document_recorded', 'command_decided'];

describe('the event catalogue', () => {
  it('holds the 83 events of the machines, the 37 others and our own', () => {
    const [machines, others] = [listMachineEvents(), listOtherEvents()];
    expect([machines.length, others.length]).toEqual([83, 37]);
    const written = [...machines, ...others].map(({ type }) => type);
    expect(
      listEventKinds()
        .map(({ type }) => type)
        .sort(),
    ).toEqual([...written, ...OURS].sort());
    expect(new Set(written).size).toBe(120);
  });

  it.each([...listMachineEvents(), ...listOtherEvents()])(
    '$type has the entity, severity and payload that are written',
    ({ type, entity, severity, payload }) => {
      const kind = findEventKind(type);
      expect(kind?.type).toBe(type);
      // A person can pass by a guard of every machine, not of tasks alone.
      expect(kind?.entity).toBe(type === 'override_recorded' ? 'any' : entity);
      expect(kind?.severity).toBe(severity.replace('of the record', 'of_record'));
      expect(kind?.payload.map((field) => field.replace('?', ''))).toEqual(payload);
    },
  );

  it('uses every payload field it gives a kind', () => {
    const used = listEventKinds().flatMap(({ payload }) => payload);
    const names = new Set(used.map((field) => field.replace('?', '')));
    expect([...names].sort()).toEqual(Object.keys(PAYLOAD_FIELDS).sort());
  });

  it('weighs a told record as the record weighs, and what it does not know as nothing alarming', () => {
    expect(severityOf('run_failed')).toBe('error');
    expect(severityOf('run_failed', 'debug')).toBe('error');
    expect(severityOf('alert_raised')).toBe('error');
    expect(severityOf('alert_raised', 'critical')).toBe('critical');
    expect(severityOf('constructor')).toBe('info');
    expect(findEventKind('toString')).toBeUndefined();
    expect(SEVERITIES).toEqual(['debug', 'info', 'warning', 'error', 'critical']);
  });
});

describe('a payload', () => {
  const judge = (type: string, payload: unknown) => judgePayload(type, payload).length === 0;

  it('of a type nobody knows is not judged', () => {
    expect(judgePayload('run_exploded', 1)).toEqual([]);
    expect(judgePayload('run_queued', 1)).toHaveLength(1);
  });

  it('carries at least the fields listed, and may carry more', () => {
    expect(judge('task_queued', { priority: 'high', score: 3 })).toBe(true);
    expect(judge('task_queued', { priority: 'high', score: 3, degradedInputs: true })).toBe(true);
    expect(judge('task_queued', { priority: 'high' })).toBe(false);
    expect(judge('task_queued', { priority: 'high', score: null })).toBe(false);
  });

  it('may leave out, or set to null, what is marked so', () => {
    expect(judge('run_failed', { reason: 'timeout', exitCode: 1, durationMs: 5 })).toBe(true);
    const facts = { reason: 'timeout', errorId: null, exitCode: 1, durationMs: 5 };
    expect(judge('run_failed', facts)).toBe(true);
    expect(judge('run_failed', { ...facts, errorId: 'x' })).toBe(false);
  });

  it.each([0, 1])('holds whole milliseconds, such as %i', (waitMs) => {
    expect(judge('phase_activated', { waitMs, workstreams: 0 })).toBe(true);
  });

  it.each([-1, 0.5, '1'])('holds no milliseconds such as %s', (waitMs) => {
    expect(judge('phase_activated', { waitMs, workstreams: 0 })).toBe(false);
  });
});

describe('the events of the deciders', () => {
  type Types<Entity extends keyof typeof EVENT_CATALOGUE> = KeysOf<
    (typeof EVENT_CATALOGUE)[Entity]
  >;
  type KeysOf<Rows> = { [Weight in keyof Rows]: keyof Rows[Weight] }[keyof Rows];
  type Anywhere = 'override_recorded';

  it('are exactly those the catalogue has for their entity, as the compiler sees it', () => {
    expect(findEventKind('command_decided')?.entity).toBe('desk');
    expectTypeOf<lifecycle.RunEvent['type']>().toEqualTypeOf<Types<'run'> | Anywhere>();
    expectTypeOf<lifecycle.TaskEvent['type']>().toEqualTypeOf<Types<'task'> | Anywhere>();
    expectTypeOf<lifecycle.WorkstreamEvent['type']>().toEqualTypeOf<
      Types<'workstream'> | Anywhere
    >();
    expectTypeOf<lifecycle.PhaseEvent['type']>().toEqualTypeOf<Types<'phase'> | Anywhere>();
    expectTypeOf<lifecycle.StepEvent['type']>().toEqualTypeOf<Types<'step'> | Anywhere>();
    expectTypeOf<lifecycle.WorkerEvent['type']>().toEqualTypeOf<Types<'worker'> | Anywhere>();
    expectTypeOf<lifecycle.PatchEvent['type']>().toEqualTypeOf<Types<'patch'> | Anywhere>();
    expectTypeOf<lifecycle.GateCheckEvent['type']>().toEqualTypeOf<
      Types<'gate_check'> | Anywhere
    >();
    expectTypeOf<lifecycle.BreakerEvent['type']>().toEqualTypeOf<Types<'breaker'> | Anywhere>();
    expectTypeOf<'command_decided'>().toExtend<EventType>();
  });
});
