import { describe, expect, it } from 'vitest';
import { accept, refuse, toInstant } from '#shared/kernel/index.ts';
import * as breaker from '#shared/lifecycle/index.ts';
import { followMatrix, NO } from '../follow-matrix.ts';

const { decide, evolve, initial } = breaker.breakerDecider;
const replay = (history: readonly breaker.BreakerEvent[]) => history.reduce(evolve, initial);
const given = (...history: readonly breaker.BreakerEvent[]) => ({
  when: (command: breaker.BreakerCommand) => decide(command, replay(history)),
});
const second = (n: number) => toInstant(n * 1_000);
const asked = (n: number) => ({ at: second(n), by: 'system' });

const created = { type: 'breaker_created', at: second(0), toolId: 'aider' } as const;
const tripped = { type: 'breaker_tripped', at: second(10), faults: 5, cooldownMs: 60_000 } as const;
const halfOpened = {
  type: 'breaker_half_opened',
  at: second(70),
  openMs: 60_000,
  probeId: 'S9',
} as const;
const reopened = {
  type: 'breaker_reopened',
  at: second(80),
  faults: 6,
  cooldownMs: 120_000,
} as const;
const closed = { type: 'breaker_closed', at: second(80), openMs: 70_000 } as const;

const command = (n: number): Record<breaker.BreakerTrigger, breaker.BreakerCommand> => ({
  trip: { ...asked(n), type: 'trip', faults: 5 },
  probe: { ...asked(n), type: 'probe', probeId: 'S9' },
  close: { ...asked(n), type: 'close', probeId: 'S9' },
  reopen: { ...asked(n), type: 'reopen', probeId: 'S9' },
});

describe('the breaker machine', () => {
  // Every cell is written out from the specification, none computed from the table it checks.
  followMatrix({
    decider: breaker.breakerDecider,
    table: breaker.BREAKER_TRANSITIONS,
    states: breaker.BREAKER_STATES,
    triggers: breaker.BREAKER_TRIGGERS,
    // biome-ignore format: a matrix is read by its columns
    matrix: {
      closed:    { trip: 'open', probe: NO,          close: NO,       reopen: NO },
      open:      { trip: NO,     probe: 'half_open', close: NO,       reopen: NO },
      half_open: { trip: NO,     probe: NO,          close: 'closed', reopen: 'open' },
    },
    history: {
      closed: [created],
      open: [created, tripped],
      half_open: [created, tripped, halfOpened],
    },
    command: () => command(200),
    birth: { ...asked(1), type: 'create', toolId: 'aider' },
    counts: { edges: 4, refused: 8, final: 0 },
  });
});

describe('breakerDecider', () => {
  it('repeats its birth', () => {
    const birth = { ...asked(0), type: 'create', toolId: 'aider' } as const;
    expect(given().when(birth)).toEqual(accept([created]));
  });

  it('trips at the fifth fault and not at the fourth', () => {
    const trip = { ...asked(10), type: 'trip', faults: 4 } as const;
    const refusal = { code: 'BELOW_THRESHOLD', faults: 4, threshold: 5 } as const;
    expect(given(created).when(trip)).toEqual(refuse(refusal));
    expect(given(created).when({ ...trip, faults: 5 })).toEqual(accept([tripped]));
  });

  it('lets a probe through when the cooldown is over and not a millisecond before', () => {
    const open = given(created, tripped);
    const early = open.when({ at: toInstant(69_999), by: 'system', type: 'probe', probeId: 'S9' });
    expect(early).toEqual(refuse({ code: 'COOLDOWN_OPEN', leftMs: 1 }));
    expect(open.when(command(70).probe)).toEqual(accept([halfOpened]));
  });

  it('lets a person trip it early and probe early', () => {
    const override = { person: 'dana', reason: 'the vendor says it is down' };
    const early = given(created).when({ ...asked(10), type: 'trip', faults: 0, override });
    expect(early).toMatchObject({ ok: true, value: [{ guard: 'BELOW_THRESHOLD' }, { faults: 0 }] });
    const probe = given(created, tripped).when({ ...command(11).probe, override });
    expect(probe).toMatchObject({
      ok: true,
      value: [{ guard: 'COOLDOWN_OPEN' }, { openMs: 1_000 }],
    });
    const note = { ...override, at: second(12), trigger: 'probe', guard: 'COOLDOWN_OPEN' } as const;
    const half = [created, tripped, halfOpened];
    expect(replay([...half, { type: 'override_recorded', ...note }])).toEqual({
      ...replay(half),
      version: 4,
      lastAt: second(12),
    });
  });

  it('doubles the cooldown at each failed probe, up to a quarter of an hour', () => {
    let state = replay([created, tripped]);
    const seen: number[] = [];
    for (let at = 1_000; at < 7_000; at += 1_000) {
      for (const when of [command(at).probe, command(at + 1).reopen]) {
        const result = decide(when, state);
        expect(result.ok).toBe(true);
        state = result.ok ? result.value.reduce(evolve, state) : state;
      }
      seen.push(state.cooldownMs);
    }
    expect(seen).toEqual([120_000, 240_000, 480_000, 900_000, 900_000, 900_000]);
    expect(state).toMatchObject({ faults: 11, trippedAt: second(10), openedAt: second(6_001) });
  });

  it('counts the cooldown from the moment it last opened', () => {
    const again = given(created, tripped, halfOpened, reopened);
    expect(again.when(command(199).probe)).toEqual(
      refuse({ code: 'COOLDOWN_OPEN', leftMs: 1_000 }),
    );
    expect(again.when(command(200).probe)).toEqual(
      accept([{ ...halfOpened, at: second(200), openMs: 120_000 }]),
    );
  });

  it('forgets the outage when a probe succeeds', () => {
    const half = [created, tripped, halfOpened];
    expect(given(...half).when(command(80).close)).toEqual(accept([closed]));
    expect(replay([...half, closed])).toEqual({
      state: 'closed',
      version: 4,
      toolId: 'aider',
      faults: 0,
      cooldownMs: 60_000,
      createdAt: second(0),
      lastAt: second(80),
    });
    expect(replay([...half, reopened, { ...halfOpened, at: second(200) }, closed]).cooldownMs).toBe(
      60_000,
    );
  });

  it('hears nobody but its probe', () => {
    const half = given(created, tripped, halfOpened);
    for (const type of ['close', 'reopen'] as const) {
      const stray = { ...asked(80), type, probeId: 'S8' };
      const override = { person: 'dana', reason: 'it did work' };
      const open = refuse({ code: 'BREAKER_OPEN', probeId: 'S9' });
      expect(half.when(stray)).toEqual(open);
      expect(half.when({ ...stray, override })).toEqual(open);
    }
    expect(half.when({ ...command(80).close, by: '' })).toEqual(refuse({ code: 'ACTOR_REQUIRED' }));
    expect(replay([created, tripped, halfOpened, reopened])).not.toHaveProperty('probeId');
  });
});

describe('judgeCall', () => {
  it('lets every call through a closed breaker, none through an open one and the probe through a half-open one', () => {
    expect(breaker.judgeCall(replay([created]), 'S1')).toEqual(accept(true));
    const open = refuse({ code: 'BREAKER_OPEN', probeId: undefined });
    expect(breaker.judgeCall(replay([created, tripped]), 'S1')).toEqual(open);
    const half = replay([created, tripped, halfOpened]);
    expect(breaker.judgeCall(half, 'S9')).toEqual(accept(true));
    expect(breaker.judgeCall(half, 'S1')).toEqual(refuse({ code: 'BREAKER_OPEN', probeId: 'S9' }));
  });
});

describe('countFaults', () => {
  it('counts faults in a row, past what says nothing of the tool', () => {
    expect(breaker.countFaults([])).toBe(0);
    expect(breaker.countFaults(['spawn_error', 'timeout', 'transport_error', 'server_error'])).toBe(
      4,
    );
    expect(
      breaker.countFaults(['timeout', 'test_failed', 'patch_refused', 'rate_limited', 'timeout']),
    ).toBe(2);
    expect(breaker.countFaults(['timeout', 'timeout', 'success', 'timeout'])).toBe(1);
    expect(breaker.countFaults(['timeout', 'success'])).toBe(0);
  });
});

describe('isToolFault', () => {
  it('takes no success for a fault', () => {
    for (const outcome of ['success', 'test_failed', 'patch_refused', 'rate_limited'] as const) {
      expect(breaker.isToolFault(outcome)).toBe(false);
    }
    expect(breaker.isToolFault('timeout')).toBe(true);
  });
});
