import { createHash } from 'node:crypto';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toInstant } from '#shared/kernel/index.ts';
import {
  canonicalJson,
  EMPTY_HEAD,
  type Json,
  toSealedText,
  type UnsealedEnvelope,
} from '#shared/ledger/index.ts';

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** An event with nothing but what every event has. */
const BARE: UnsealedEnvelope = {
  position: 1,
  stream: 'desk/dana',
  version: 1,
  type: 'run_started',
  at: toInstant(Date.UTC(2026, 2, 2, 9)),
  actor: 'worker',
  payload: { b: [], a: 1 },
  previousHash: EMPTY_HEAD.hash,
};

/** An event with everything an event can have, and a payload of odd names, texts and numbers. */
const WHOLE: UnsealedEnvelope = {
  ...BARE,
  position: 7,
  version: 3,
  actor: 'dana@example.com',
  previousHash: '207dac52dc25c1aa63535cf50dc362ab76d5a4003e1899c466b767900aa1dfef',
  idempotencyKey: 'K1',
  payload: {
    note: 'Ünïcode · “quoted”\n\\',
    half: '\ud83d',
    '\ud83d\ude00': 1e21,
    '€': -0,
    '10': [0.1, 1e-7, null],
    '9': {},
    '': true,
    a: { z: [[]], Z: false },
  },
  transition: { trigger: 'queue', to: 'queued', from: 'draft' },
  scope: { taskId: 'T1', runId: 'R1' },
  correlationId: 'C1',
  causationId: 'E1',
};

describe('toSealedText', () => {
  it('is the envelope’s canonical text, written out here by hand', () => {
    expect(toSealedText({ ...BARE, idempotencyKey: 'K1' })).toBe(
      '{"actor":"worker","at":"2026-03-02T09:00:00.000Z","idempotencyKey":"K1","payload":{"a":1,"b":[]},' +
        `"position":1,"previousHash":"${'0'.repeat(64)}","stream":"desk/dana","type":"run_started","version":1}`,
    );
  });

  // Ledgers that exist were sealed with these hashes: they are copied from one and never computed anew.
  it.each([
    [
      'a bare event',
      { ...BARE, idempotencyKey: 'K1' },
      '207dac52dc25c1aa63535cf50dc362ab76d5a4003e1899c466b767900aa1dfef',
    ],
    [
      'an event of everything',
      WHOLE,
      'f4009bbe4a838b0354c57a064f7449597684e8f05d211ed50f49d680da235d68',
    ],
  ])('keeps the hash of %s', (_what, envelope, hash) => {
    expect(sha256(toSealedText(envelope))).toBe(hash);
  });

  it('names its fields in the order of canonical JSON, whichever an event has', () => {
    const optional = fc.record(
      {
        idempotencyKey: fc.string(),
        correlationId: fc.string(),
        causationId: fc.string(),
        scope: fc.record({ runId: fc.string(), taskId: fc.string() }, { requiredKeys: [] }),
        transition: fc.record({ from: fc.string(), trigger: fc.string(), to: fc.string() }),
      },
      { requiredKeys: [] },
    );
    const law = fc.property(optional, (fields) => {
      const envelope = { ...BARE, ...fields };
      expect(toSealedText(envelope)).toBe(canonicalJson(JSON.parse(JSON.stringify(envelope))));
    });
    fc.assert(law);
  });

  it('leaves out the hash itself and any field an envelope does not have', () => {
    const more = { ...BARE, hash: 'f'.repeat(64), note: 'x' };
    expect(toSealedText(more)).toBe(toSealedText(BARE));
  });

  it('changes with any field', () => {
    const change: Readonly<Partial<Record<keyof UnsealedEnvelope, Json>>> = {
      position: 8,
      stream: 'desk/carl',
      version: 4,
      type: 'run_ended',
      at: '2026-03-02T09:00:00.001Z',
      actor: 'carl@example.com',
      payload: null,
      previousHash: EMPTY_HEAD.hash,
      idempotencyKey: 'K2',
      transition: { from: 'draft', trigger: 'queue', to: 'blocked' },
      scope: { runId: 'R1' },
      correlationId: 'C2',
      causationId: 'E2',
    };
    const texts = Object.entries(change).map(([name, value]) =>
      toSealedText({ ...WHOLE, [name]: value }),
    );
    expect(new Set([toSealedText(WHOLE), ...texts])).toHaveLength(14);
  });

  it('stops on an envelope without a field that every envelope has', () => {
    const { actor: _actor, ...less } = WHOLE;
    expect(() => toSealedText(less as UnsealedEnvelope)).toThrow('expected a JSON value');
  });
});
