import { describe, expect, it } from 'vitest';
import { accept, refuse, toInstant } from '#shared/kernel/index.ts';
import * as gate from '#shared/lifecycle/index.ts';

const HOUR = 3_600_000;
const at = toInstant(100 * HOUR);
const unit = { checkId: 'unit', required: true, dryRun: false, staleAfterMs: 24 * HOUR } as const;
const lint = { ...unit, checkId: 'lint' } as const;
const gates = (...checks: readonly gate.CheckDefinition[]): gate.Gate => ({
  gateId: 'G1',
  scope: 'run',
  checks,
});
const ran = (
  state: gate.GateCheck['state'],
  more: Partial<gate.GateCheck> = {},
): gate.GateCheck => ({
  ...gate.gateCheckDecider.initial,
  checkRunId: 'K1',
  gateId: 'G1',
  checkId: 'unit',
  required: true,
  attempt: 1,
  state,
  subjectHash: 'aa',
  createdAt: toInstant(90 * HOUR),
  endedAt: toInstant(91 * HOUR),
  ...more,
});
const waiver: gate.Waiver = {
  waiverId: 'V1',
  checkId: 'unit',
  scope: 'run',
  reason: 'x',
  owner: 'dana',
  approver: 'lee',
  selfApproved: false,
  grantedAt: toInstant(95 * HOUR),
  expiresAt: toInstant(101 * HOUR),
};
const facts = (...checks: readonly gate.GateCheck[]): gate.GateFacts => ({
  at,
  checks,
  waivers: [],
});
const statusOf = (definition: gate.Gate, known: gate.GateFacts) => {
  const result = gate.evaluateGate(definition, known);
  return result.ok ? result.value.status : result.refusal.code;
};

describe('evaluateGate', () => {
  it.each<[gate.GateCheck['state'], gate.GateStatus]>([
    ['passed', 'PASSED'],
    ['failed', 'FAILED'],
    ['error', 'ERROR'],
    ['inconclusive', 'INCONCLUSIVE'],
    ['pending', 'NOT_RUN'],
    ['blocked', 'NOT_RUN'],
    ['running', 'NOT_RUN'],
    ['skipped', 'NOT_RUN'],
    ['none', 'NOT_RUN'],
  ])(
    'takes a check that is %s for %s, and for waived under a waiver unless it passed',
    (state, status) => {
      expect(statusOf(gates(unit), facts(ran(state)))).toBe(status);
      const waived = { ...facts(ran(state)), waivers: [waiver] };
      expect(statusOf(gates(unit), waived)).toBe(status === 'PASSED' ? 'PASSED' : 'WAIVED');
    },
  );

  it('takes a check that never ran for not run, and shows a waived one with what lies beneath', () => {
    expect(statusOf(gates(unit), facts())).toBe('NOT_RUN');
    expect(gate.evaluateGate(gates(unit), { ...facts(), waivers: [waiver] })).toEqual(
      accept({
        gateId: 'G1',
        status: 'WAIVED',
        checkIds: ['unit'],
        checks: [
          {
            checkId: 'unit',
            counts: true,
            status: 'WAIVED',
            underlying: 'NOT_RUN',
            waived: waiver,
          },
        ],
      }),
    );
  });

  it('lets the worst decide, in the order of its specification', () => {
    const stale = ran('passed', { subjectHash: 'old' });
    const runs: Record<gate.GateStatus, gate.GateCheck | undefined> = {
      FAILED: ran('failed'),
      ERROR: ran('error'),
      INCONCLUSIVE: ran('inconclusive'),
      NOT_RUN: undefined,
      STALE: stale,
      WAIVED: ran('failed', { checkId: 'waived' }),
      PASSED: ran('passed'),
    };
    expect(gate.GATE_STATUSES).toEqual([
      'FAILED',
      'ERROR',
      'INCONCLUSIVE',
      'NOT_RUN',
      'STALE',
      'WAIVED',
      'PASSED',
    ]);
    gate.GATE_STATUSES.forEach((worse, place) => {
      for (const better of gate.GATE_STATUSES.slice(place)) {
        const pair = [better, worse].map((status, n) => ({ status, checkId: `c${n}` }));
        const checks = pair.flatMap(({ status, checkId }) => {
          const run = runs[status];
          return run === undefined ? [] : [{ ...run, checkId }];
        });
        const waivers = pair
          .filter(({ status }) => status === 'WAIVED')
          .map(({ checkId }) => ({ ...waiver, checkId }));
        const definition = gates({ ...unit, checkId: 'c0' }, { ...unit, checkId: 'c1' });
        const known = { at, checks, waivers, subjectHash: 'aa' };
        expect(gate.evaluateGate(definition, known)).toMatchObject({
          ok: true,
          value: { status: worse, checkIds: worse === better ? ['c0', 'c1'] : ['c1'] },
        });
      }
    });
  });

  it('refuses a gate without a check that counts', () => {
    const empty = refuse({ code: 'GATE_EMPTY', gateId: 'G1' });
    expect(gate.evaluateGate(gates(), facts())).toEqual(empty);
    expect(gate.evaluateGate(gates({ ...unit, required: false }), facts(ran('passed')))).toEqual(
      empty,
    );
    expect(gate.evaluateGate(gates({ ...unit, dryRun: true }), facts(ran('passed')))).toEqual(
      empty,
    );
  });

  it('lists optional checks and dry runs without counting them', () => {
    const definition = gates(
      unit,
      { ...lint, required: false },
      { ...lint, checkId: 'try', dryRun: true },
    );
    const checks = [
      ran('passed'),
      ran('failed', { checkId: 'lint', checkRunId: 'K2' }),
      ran('failed', { checkId: 'try', checkRunId: 'K3', dryRun: true }),
    ];
    expect(gate.evaluateGate(definition, facts(...checks))).toEqual(
      accept({
        gateId: 'G1',
        status: 'PASSED',
        checkIds: ['unit'],
        checks: [
          {
            checkId: 'unit',
            checkRunId: 'K1',
            counts: true,
            status: 'PASSED',
            underlying: 'PASSED',
          },
          {
            checkId: 'lint',
            checkRunId: 'K2',
            counts: false,
            status: 'FAILED',
            underlying: 'FAILED',
          },
          {
            checkId: 'try',
            checkRunId: 'K3',
            counts: false,
            status: 'FAILED',
            underlying: 'FAILED',
          },
        ],
      }),
    );
  });

  it('looks at the latest run of this gate and this check, and at no dry run', () => {
    const old = ran('failed');
    const newer = { createdAt: toInstant(92 * HOUR) };
    const cases: readonly [gate.GateCheck, gate.GateStatus][] = [
      [ran('passed', newer), 'PASSED'],
      [ran('passed', { attempt: 2 }), 'PASSED'],
      [ran('passed', { attempt: 10, checkRunId: 'K2' }), 'PASSED'],
      [ran('passed', { checkRunId: 'K2' }), 'PASSED'],
      [ran('passed', { checkRunId: 'K0' }), 'FAILED'],
      [ran('passed', { createdAt: toInstant(89 * HOUR), attempt: 2 }), 'FAILED'],
      [ran('running', newer), 'NOT_RUN'],
      [ran('passed', { ...newer, dryRun: true }), 'FAILED'],
      [ran('passed', { ...newer, gateId: 'G2' }), 'FAILED'],
      [ran('passed', { ...newer, checkId: 'lint' }), 'FAILED'],
    ];
    for (const [run, status] of cases) {
      expect(statusOf(gates(unit), facts(old, run))).toBe(status);
      expect(statusOf(gates(unit), facts(run, old))).toBe(status);
    }
    const two = [ran('failed', { attempt: 2 }), ran('passed', { attempt: 10 })];
    expect(statusOf(gates(unit), facts(...two))).toBe('PASSED');
  });

  it('spoils a pass by age, one millisecond after its time', () => {
    const aged = (ms: number) => facts(ran('passed', { endedAt: toInstant(76 * HOUR - ms) }));
    expect(statusOf(gates(unit), aged(0))).toBe('PASSED');
    expect(gate.evaluateGate(gates(unit), aged(1))).toMatchObject({
      ok: true,
      value: {
        status: 'STALE',
        checks: [
          { stale: { reason: 'age', since: toInstant(100 * HOUR - 1), ageMs: 24 * HOUR + 1 } },
        ],
      },
    });
    expect(gate.STALE_AFTER_MS).toBe(86_400_000);
  });

  it('spoils a pass of something else, and nothing but a pass', () => {
    const changed = (run: gate.GateCheck) => ({ ...facts(run), subjectHash: 'bb' });
    expect(gate.evaluateGate(gates(unit), changed(ran('passed')))).toMatchObject({
      ok: true,
      value: {
        status: 'STALE',
        checks: [{ stale: { reason: 'subject_changed', since: at, ageMs: 9 * HOUR } }],
      },
    });
    expect(statusOf(gates(unit), { ...facts(ran('passed')), subjectHash: 'aa' })).toBe('PASSED');
    for (const state of ['failed', 'error', 'inconclusive'] as const) {
      const result = gate.evaluateGate(gates(unit), changed(ran(state, { endedAt: toInstant(0) })));
      expect(result.ok && result.value.checks[0]).not.toHaveProperty('stale');
      expect(result).toMatchObject({
        ok: true,
        value: { checks: [{ status: state.toUpperCase() }] },
      });
    }
    const waived = { ...changed(ran('passed')), waivers: [waiver] };
    expect(gate.evaluateGate(gates(unit), waived)).toMatchObject({
      ok: true,
      value: {
        status: 'WAIVED',
        checks: [{ underlying: 'STALE', stale: { reason: 'subject_changed' } }],
      },
    });
    const { endedAt: _endedAt, ...endless } = ran('passed');
    expect(statusOf(gates(unit), changed(endless))).toBe('PASSED');
  });

  it('heeds a waiver of this check and this scope, while it has force', () => {
    const under = (more: Partial<gate.Waiver>, when = at) =>
      statusOf(gates(unit), {
        ...facts(ran('failed')),
        at: when,
        waivers: [{ ...waiver, ...more }],
      });
    expect(under({})).toBe('WAIVED');
    expect(under({ checkId: 'lint' })).toBe('FAILED');
    expect(under({ scope: 'phase' })).toBe('FAILED');
    expect(under({}, toInstant(101 * HOUR - 1))).toBe('WAIVED');
    expect(under({}, toInstant(101 * HOUR))).toBe('FAILED');
    expect(under({ revokedAt: at })).toBe('FAILED');
  });
});

describe('isGateOpen', () => {
  it('lets work through where the gate is passed or waived, and nowhere else', () => {
    expect(gate.GATE_STATUSES.filter(gate.isGateOpen)).toEqual(['WAIVED', 'PASSED']);
  });
});

describe('tellGate', () => {
  const evaluate = (known: gate.GateFacts) => {
    const result = gate.evaluateGate(gates(unit, lint), known);
    if (!result.ok) throw new Error(result.refusal.code);
    return result.value;
  };
  const both = (state: gate.GateCheck['state']) =>
    facts(ran(state), ran(state, { checkId: 'lint', checkRunId: 'K2' }));
  const passed = evaluate(both('passed'));
  const stale = evaluate({ ...both('passed'), subjectHash: 'bb' });

  it('tells a change of status with the checks that make it', () => {
    const failed = evaluate(both('failed'));
    const change = {
      at,
      type: 'gate_status_changed',
      from: 'PASSED',
      to: 'FAILED',
      checkIds: ['unit', 'lint'],
    };
    expect(gate.tellGate(passed, failed, at)).toEqual([change]);
    expect(gate.tellGate(undefined, failed, at)).toEqual([{ ...change, from: 'NOT_RUN' }]);
    expect(gate.tellGate(failed, failed, at)).toEqual([]);
    expect(gate.tellGate(undefined, evaluate(facts()), at)).toEqual([]);
  });

  it('tells once that a pass has gone stale', () => {
    const marked = (checkRunId: string) => ({
      at,
      type: 'gate_check_marked_stale',
      checkRunId,
      reason: 'subject_changed',
      ageMs: 9 * HOUR,
    });
    const change = {
      at,
      type: 'gate_status_changed',
      from: 'PASSED',
      to: 'STALE',
      checkIds: ['unit', 'lint'],
    };
    expect(gate.tellGate(passed, stale, at)).toEqual([marked('K1'), marked('K2'), change]);
    expect(gate.tellGate(stale, stale, at)).toEqual([]);
    const one = { ...stale, checks: stale.checks.slice(0, 1) };
    expect(gate.tellGate(one, stale, at)).toEqual([marked('K2')]);
  });

  it('tells of a grant what matters later', () => {
    expect(gate.tellGrant(waiver)).toEqual({
      at: toInstant(95 * HOUR),
      type: 'waiver_granted',
      waiverId: 'V1',
      checkId: 'unit',
      owner: 'dana',
      approver: 'lee',
      expiresAt: toInstant(101 * HOUR),
      reason: 'x',
    });
  });

  it('tells of a revocation why it was taken back', () => {
    const asked = { at: toInstant(96 * HOUR), reason: 'mended' };
    expect(gate.tellRevocation(waiver, asked)).toEqual({
      ...asked,
      type: 'waiver_revoked',
      waiverId: 'V1',
    });
  });
});
