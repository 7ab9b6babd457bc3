import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatOutcome, type Outcome, parseOutcome } from '#shared/ledger/index.ts';

const position = fc.nat();
const anyOutcome: fc.Arbitrary<Outcome> = fc.oneof(
  fc.record({ kind: fc.constant('accepted'), position }),
  fc.record({ kind: fc.constant('same'), position }),
  fc.record({ kind: fc.constant('already_so') }),
  fc.record({ kind: fc.constant('superseded') }),
  fc.record({
    kind: fc.constant('refused'),
    code: fc.constantFrom('FINAL_STATE', 'NO_OPEN_RUN'),
    reason: fc.string(),
  }),
);

describe('parseOutcome', () => {
  it('reads back every outcome as its cell shows it', () => {
    fc.assert(
      fc.property(anyOutcome, (outcome) => {
        expect(parseOutcome(formatOutcome(outcome))).toEqual(outcome);
      }),
    );
  });

  it.each([
    '',
    'accepted',
    'accepted -1',
    'accepted 1.5',
    'accepted 9999999999999999',
    'Accepted 3',
    'not accepted 3',
    'refused',
    'refused: final – x',
    'refused: FINAL_STATE',
    'it was refused: FINAL_STATE – x',
    'done',
  ])('finds none in %j', (text) => {
    expect(parseOutcome(text)).toBeUndefined();
  });
});

describe('formatOutcome', () => {
  it('says in words what became of a command', () => {
    expect(formatOutcome({ kind: 'accepted', position: 7 })).toBe('accepted 7');
    expect(formatOutcome({ kind: 'same', position: 7 })).toBe('same as 7');
    expect(formatOutcome({ kind: 'already_so' })).toBe('already so');
    expect(formatOutcome({ kind: 'superseded' })).toBe('superseded');
    expect(formatOutcome({ kind: 'refused', code: 'FINAL_STATE', reason: 'it ended' })).toBe(
      'refused: FINAL_STATE – it ended',
    );
  });
});
