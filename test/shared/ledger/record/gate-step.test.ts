import { describe, expect, it } from 'vitest';
import { toGateEvent, toWaiverStep } from '#shared/ledger/index.ts';
import {
  evaluateGate,
  grantWaiver,
  revokeWaiver,
  tellGate,
  tellGrant,
  tellRevocation,
  type Waiver,
} from '#shared/lifecycle/index.ts';
import { expectLawful } from './told.ts';
import { asked, idOf } from './work-scene.ts';

const gateId = 'tests';
const names = { waiverId: idOf('waiver'), checkId: 'unit', scope: 'acme-site' };
const people = { owner: 'dana@example.com', approver: 'lee@example.com' };

function waive(): Waiver {
  const request = { ...names, ...people, reason: 'a test page', grantedAt: asked(5).at };
  const granted = grantWaiver(request, false);
  if (!granted.ok) throw new Error(granted.refusal.code);
  return granted.value;
}

describe('toWaiverStep', () => {
  it('keeps a granted waiver and tells its gate who allowed what', () => {
    const waiver = waive();
    const step = toWaiverStep(waiver, { gateId, event: tellGrant(waiver) }, 'lee@example.com');
    expect(expectLawful([step])).toEqual([['gate/tests', 'waiver_granted']]);
    const { expiresAt, grantedAt, reason } = waiver;
    const { waiverId, checkId } = names;
    expect(step).toMatchObject({
      table: 'waivers',
      id: waiverId,
      document: { schema: 'waiver.v1', ...waiver },
      at: grantedAt,
      by: 'lee@example.com',
      facts: { waiverId, checkId, ...people, expiresAt, reason },
    });
    expect(step.facts).not.toHaveProperty('at');
  });

  it('keeps a revoked waiver with its end, and tells why', () => {
    const ask = { ...asked(7, 'dana@example.com'), reason: 'mended' };
    const revoked = revokeWaiver(waive(), ask);
    if (!revoked.ok) throw new Error(revoked.refusal.code);
    const event = tellRevocation(revoked.value, ask);
    const step = toWaiverStep(revoked.value, { gateId, event }, ask.by);
    expect(expectLawful([step])).toEqual([['gate/tests', 'waiver_revoked']]);
    expect(step).toMatchObject({
      document: { revokedAt: ask.at, expiresAt: waive().expiresAt },
      at: ask.at,
      by: ask.by,
      facts: { waiverId: names.waiverId, reason: 'mended' },
    });
  });
});

describe('toGateEvent', () => {
  it('tells a change of status in the stream of its gate, and nothing beside it', () => {
    const check = { checkId: 'unit', required: true, dryRun: false, staleAfterMs: 60_000 };
    const gate = { gateId, scope: 'acme-site', checks: [check] };
    const facts = { at: asked(6).at, checks: [] };
    const before = evaluateGate(gate, { ...facts, waivers: [] });
    const after = evaluateGate(gate, { ...facts, waivers: [waive()] });
    if (!before.ok || !after.ok) throw new Error('expected a gate that asks for something');
    const told = tellGate(before.value, after.value, asked(6).at).map((event) =>
      toGateEvent({ gateId, event }, 'system'),
    );
    expect(expectLawful([], told)).toEqual([['gate/tests', 'gate_status_changed']]);
    expect(told[0]?.event).toEqual({
      type: 'gate_status_changed',
      at: asked(6).at,
      actor: 'system',
      payload: { from: 'NOT_RUN', to: 'WAIVED', checkIds: ['unit'] },
    });
  });

  it('tells the end of a waiver', () => {
    const { waiverId } = names;
    const event = { at: asked(9).at, type: 'waiver_expired', waiverId, status: 'FAILED' } as const;
    const told = toGateEvent({ gateId, event }, 'system');
    expect(expectLawful([], [told])).toEqual([['gate/tests', 'waiver_expired']]);
    expect(told.event.payload).toEqual({ waiverId, status: 'FAILED' });
  });
});
