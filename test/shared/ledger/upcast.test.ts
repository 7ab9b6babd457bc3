import { describe, expect, it } from 'vitest';
import { toInstant } from '#shared/kernel/index.ts';
import {
  type Envelope,
  type Json,
  toShapedType,
  type Upcaster,
  upcast,
} from '#shared/ledger/index.ts';

const envelope = (type: string, payload: Json): Envelope => ({
  position: 1,
  stream: 'run/r1',
  version: 1,
  type,
  at: toInstant(0),
  actor: 'system',
  payload,
  previousHash: 'p',
  hash: 'h',
});
const text = (payload: Json): string => (typeof payload === 'string' ? payload : '');
// Out of order on purpose: the number decides, not the place in the list.
const upcasters: readonly Upcaster[] = [
  { type: 'run_queued', from: 2, upcast: (payload) => `${text(payload)}>3` },
  { type: 'run_queued', from: 3, upcast: (payload) => `${text(payload)}>4` },
  { type: 'run_queued', from: 1, upcast: (payload) => `${text(payload)}>2` },
  { type: 'run_started', from: 1, upcast: () => 'another type' },
];

describe('upcast', () => {
  it.each([
    ['run_queued', '1>2>3>4'],
    ['run_queued.v2', '1>3>4'],
    ['run_queued.v4', '1'],
    ['run_paused', '1'],
  ])('leads %s to the newest shape, step by step', (type, payload) => {
    const event = envelope(type, '1');
    const plain = type.replace(/\.v\d$/, '');
    expect(upcast(event, upcasters)).toEqual({
      ok: true,
      value: { ...event, type: plain, payload },
    });
  });

  it.each([
    ['run_queued.v5', 'run_queued', 5, 4],
    ['run_paused.v2', 'run_paused', 2, 1],
  ])('refuses %s, which a newer program wrote', (type, plain, shape, newestShape) => {
    expect(upcast(envelope(type, '1'), upcasters)).toEqual({
      ok: false,
      refusal: { code: 'EVENT_SHAPE_UNKNOWN', type: plain, shape, newestShape },
    });
  });

  it('takes a number that is no shape as part of the name', () => {
    expect(upcast(envelope('run_queued.v0', '1'), upcasters)).toMatchObject({
      ok: true,
      value: { type: 'run_queued.v0', payload: '1' },
    });
    for (const type of ['.v2', 'run_queued.v2x', 'run_queued.v2.x']) {
      expect(upcast(envelope(type, '1'), [])).toMatchObject({ ok: true, value: { type } });
    }
    expect(upcast(envelope('run_queued.v12', '1'), [])).toMatchObject({
      refusal: { type: 'run_queued', shape: 12, newestShape: 1 },
    });
  });

  it('reads back the type that a shape is written under', () => {
    expect([1, 2, 12].map((shape) => toShapedType('run_queued', shape))).toEqual([
      'run_queued',
      'run_queued.v2',
      'run_queued.v12',
    ]);
  });
});
