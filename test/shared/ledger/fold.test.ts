import { describe, expect, it } from 'vitest';
import { toInstant } from '#shared/kernel/index.ts';
import { type Envelope, type Fold, foldStream, isSnapshotDue } from '#shared/ledger/index.ts';

const envelope = (version: number): Envelope => ({
  position: version,
  stream: 'worker/w1',
  version,
  type: 'counted',
  at: toInstant(version),
  actor: 'system',
  payload: version,
  previousHash: '',
  hash: '',
});
const texts: Fold<string> = {
  initial: '',
  evolve: (text, { version }) => `${text}${version} `,
  foldVersion: 2,
};
const events = [1, 2, 3, 4].map(envelope);
const snapshot = { stream: 'worker/w1', version: 2, foldVersion: 2, state: 'two ' };

describe('foldStream', () => {
  it('folds a stream from its start', () => {
    expect(foldStream(texts, events)).toBe('1 2 3 4 ');
    expect(foldStream(texts, [])).toBe('');
  });

  it('goes on from a snapshot, whether or not the events before it are given', () => {
    expect(foldStream(texts, events, snapshot)).toBe('two 3 4 ');
    expect(foldStream(texts, events.slice(2), snapshot)).toBe('two 3 4 ');
  });

  it('passes over a snapshot that another fold made', () => {
    expect(foldStream(texts, events, { ...snapshot, foldVersion: 1 })).toBe('1 2 3 4 ');
  });
});

describe('isSnapshotDue', () => {
  it.each([
    [0, 99, false],
    [99, 100, true],
    [98, 101, true],
    [100, 101, false],
    [100, 199, false],
    [150, 200, true],
  ])('from %i to %i answers %s', (before, after, due) => {
    expect(isSnapshotDue(before, after)).toBe(due);
  });
});
