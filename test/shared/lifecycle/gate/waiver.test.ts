import { describe, expect, it } from 'vitest';
import { accept, DAY_MS, refuse, toInstant } from '#shared/kernel/index.ts';
import * as gate from '#shared/lifecycle/index.ts';

const day = (n: number) => toInstant(n * DAY_MS);
const request = {
  waiverId: 'V1',
  checkId: 'unit',
  scope: 'run',
  reason: 'the fix ships on Friday',
  owner: 'dana',
  approver: 'lee',
  grantedAt: day(10),
} as const;
const waiver = { ...request, selfApproved: false, expiresAt: day(40) } as const;
const own = { ...request, approver: 'dana' } as const;

describe('grantWaiver', () => {
  it('lasts thirty days where nobody says otherwise', () => {
    expect(gate.grantWaiver(request, false)).toEqual(accept(waiver));
    expect(gate.grantWaiver(request, true)).toEqual(accept(waiver));
  });

  it('is self-approved in a doc of one person only, says so and lasts a fortnight', () => {
    expect(gate.grantWaiver(own, false)).toEqual(refuse({ code: 'APPROVAL_REQUIRED' }));
    expect(gate.grantWaiver(own, true)).toEqual(
      accept({ ...own, selfApproved: true, expiresAt: day(24) }),
    );
  });

  it.each([
    ['ninety days', request, 90 * DAY_MS, 90 * DAY_MS],
    ['fourteen days of a self-approved one', own, 14 * DAY_MS, 14 * DAY_MS],
  ])('lasts at most %s and more than nothing', (_name, asked, mostMs, lastsMs) => {
    const until = (ms: number) => ({ ...asked, expiresAt: toInstant(10 * DAY_MS + ms) });
    expect(gate.grantWaiver(until(lastsMs), true).ok).toBe(true);
    expect(gate.grantWaiver(until(lastsMs + 1), true)).toEqual(
      refuse({ code: 'WAIVER_PERIOD', lastsMs: lastsMs + 1, mostMs }),
    );
    expect(gate.grantWaiver(until(1), true).ok).toBe(true);
    expect(gate.grantWaiver(until(0), true)).toEqual(
      refuse({ code: 'WAIVER_PERIOD', lastsMs: 0, mostMs }),
    );
  });

  it('asks for a reason, an owner and an approver, in this order', () => {
    const empty = { ...request, reason: '', owner: '', approver: '' };
    expect(gate.grantWaiver(empty, true)).toEqual(refuse({ code: 'REASON_REQUIRED' }));
    expect(gate.grantWaiver({ ...empty, reason: 'x' }, true)).toEqual(
      refuse({ code: 'ACTOR_REQUIRED' }),
    );
    expect(gate.grantWaiver({ ...request, approver: '' }, true)).toEqual(
      refuse({ code: 'APPROVAL_REQUIRED' }),
    );
  });
});

describe('isInForce', () => {
  const just = (n: number, ms: number) => toInstant(n * DAY_MS + ms);
  it('covers from its grant up to, and without, its end', () => {
    expect(gate.isInForce(waiver, just(10, -1))).toBe(false);
    expect(gate.isInForce(waiver, day(10))).toBe(true);
    expect(gate.isInForce(waiver, just(40, -1))).toBe(true);
    expect(gate.isInForce(waiver, day(40))).toBe(false);
  });

  it('covers nothing from its revocation on', () => {
    const revoked = { ...waiver, revokedAt: day(20) };
    expect(gate.isInForce(revoked, just(20, -1))).toBe(true);
    expect(gate.isInForce(revoked, day(20))).toBe(false);
  });
});

describe('revokeWaiver', () => {
  const asked = { at: day(20), by: 'lee', reason: 'fixed' };
  it('ends a waiver once, while it has force', () => {
    const revoked = { ...waiver, revokedAt: day(20) };
    expect(gate.revokeWaiver(waiver, asked)).toEqual(accept(revoked));
    expect(gate.revokeWaiver(revoked, { ...asked, at: day(21) })).toEqual(
      refuse({ code: 'WAIVER_ENDED', endedAt: day(20) }),
    );
    expect(gate.revokeWaiver(waiver, { ...asked, at: day(40) })).toEqual(
      refuse({ code: 'WAIVER_ENDED', endedAt: day(40) }),
    );
    expect(gate.revokeWaiver(waiver, { ...asked, at: toInstant(40 * DAY_MS - 1) }).ok).toBe(true);
  });

  it('asks for an actor and a reason', () => {
    expect(gate.revokeWaiver(waiver, { ...asked, by: '', reason: '' })).toEqual(
      refuse({ code: 'ACTOR_REQUIRED' }),
    );
    expect(gate.revokeWaiver(waiver, { ...asked, reason: '' })).toEqual(
      refuse({ code: 'REASON_REQUIRED' }),
    );
  });

  it('ends it no earlier than it began, whatever the clock says', () => {
    expect(gate.revokeWaiver(waiver, { ...asked, at: day(9) })).toEqual(
      accept({ ...waiver, revokedAt: day(10) }),
    );
  });
});

describe('listExpired', () => {
  it('finds what ended after one moment and up to another, and nothing that was revoked', () => {
    const revoked = { ...waiver, revokedAt: day(20) };
    const list = (since: number, at: number) =>
      gate.listExpired([waiver, revoked], toInstant(since), toInstant(at));
    const end = 40 * DAY_MS;
    expect(list(end - 2, end - 1)).toEqual([]);
    expect(list(end - 1, end)).toEqual([waiver]);
    expect(list(end, end + 1)).toEqual([]);
  });
});
