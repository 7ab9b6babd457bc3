import { createHash } from 'node:crypto';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { accept, type Instant } from '#shared/kernel/index.ts';
import {
  type ChainHead,
  EMPTY_HEAD,
  type Envelope,
  hashEnvelope,
  type Json,
  type UnsealedEnvelope,
  verifyChain,
} from '#shared/ledger/index.ts';

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

const unsealed = (payload: Json, { position, hash }: ChainHead): UnsealedEnvelope => ({
  position: position + 1,
  stream: 'desk/dana',
  version: position + 1,
  type: 'run_started',
  at: '2026-03-02T09:00:00.000Z' as Instant,
  actor: 'worker',
  payload,
  previousHash: hash,
});

function chainOf(payloads: readonly Json[]): readonly Envelope[] {
  let head = EMPTY_HEAD;
  return payloads.map((payload) => {
    const envelope = unsealed(payload, head);
    const sealed = { ...envelope, hash: hashEnvelope(envelope, sha256) };
    head = sealed;
    return sealed;
  });
}

describe('hashEnvelope', () => {
  it('is the hash of the envelope’s canonical text, written out here by hand', () => {
    const text =
      '{"actor":"worker","at":"2026-03-02T09:00:00.000Z","idempotencyKey":"K1","payload":{"a":1,"b":[]},' +
      `"position":1,"previousHash":"${'0'.repeat(64)}","stream":"desk/dana","type":"run_started","version":1}`;
    const envelope = { ...unsealed({ b: [], a: 1 }, EMPTY_HEAD), idempotencyKey: 'K1' };
    expect(hashEnvelope(envelope, sha256)).toBe(sha256(text));
  });

  it('leaves out the hash itself and any field an envelope does not have', () => {
    const envelope = unsealed(null, EMPTY_HEAD);
    const more = { ...envelope, hash: 'f'.repeat(64), note: 'x' };
    expect(hashEnvelope(more, sha256)).toBe(hashEnvelope(envelope, sha256));
  });
});

describe('verifyChain', () => {
  const chain = chainOf([1, 2, 3, 4]);
  const edit = (index: number, change: Partial<Envelope>) =>
    chain.map((envelope, place) => (place === index ? { ...envelope, ...change } : envelope));

  it('answers the head of a whole chain, and the empty head of none', () => {
    const [, , , last] = chain;
    expect(verifyChain(chain, sha256)).toEqual(accept({ position: 4, hash: last?.hash }));
    expect(verifyChain([], sha256)).toEqual(accept(EMPTY_HEAD));
  });

  it('goes on from the head of the page before', () => {
    const before = verifyChain(chain.slice(0, 2), sha256);
    const head = before.ok ? before.value : EMPTY_HEAD;
    expect(head.position).toBe(2);
    expect(verifyChain(chain.slice(2), sha256, head)).toEqual(verifyChain(chain, sha256));
  });

  it('finds an envelope left out', () => {
    const result = verifyChain([...chain.slice(0, 1), ...chain.slice(2)], sha256);
    const expected = { code: 'POSITION_SKIPPED', position: 2, expected: '2', received: '3' };
    expect(result).toEqual({ ok: false, refusal: expected });
  });

  it('finds a changed content where it stands', () => {
    const result = verifyChain(edit(1, { payload: 9 }), sha256);
    expect(result).toMatchObject({ refusal: { code: 'CONTENT_CHANGED', position: 2 } });
  });

  it('finds a content sealed anew, since the next link still names the old hash', () => {
    const second = chain[1] as Envelope;
    const hash = hashEnvelope({ ...second, payload: 9 }, sha256);
    const result = verifyChain(edit(1, { payload: 9, hash }), sha256);
    const refusal = { code: 'LINK_BROKEN', position: 3, expected: hash, received: second.hash };
    expect(result).toEqual({ ok: false, refusal });
  });

  it('refuses any change of any field at any place', () => {
    const change = fc.oneof(
      fc.record({ stream: fc.string() }),
      fc.record({ version: fc.nat() }),
      fc.record({ type: fc.string() }),
      fc.record({ actor: fc.string() }),
      fc.record({ payload: fc.nat() }),
      fc.record({ idempotencyKey: fc.string() }),
      fc.record({ hash: fc.string() }),
      fc.record({ previousHash: fc.string() }),
      fc.record({ position: fc.nat() }),
    );
    const law = fc.property(fc.nat({ max: 3 }), change, (index, fields) => {
      const edited = edit(index, fields);
      fc.pre(JSON.stringify(edited) !== JSON.stringify(chain));
      expect(verifyChain(edited, sha256).ok).toBe(false);
    });
    fc.assert(law);
  });
});
