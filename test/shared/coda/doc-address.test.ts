import { describe, expect, it } from 'vitest';
import { parseDocAddress } from '#shared/coda/index.ts';

describe('parseDocAddress', () => {
  it.each([
    ['https://coda.io/d/Founder-HQ_dCxcSmXz318', 'CxcSmXz318'],
    ['https://coda.io/d/Founder-HQ_dCxcSmXz318/Tasks_suAbC#_lu1', 'CxcSmXz318'],
    ['https://coda.io/d/Foo_dab_dcdefgh/', 'ab_dcdefgh'],
    ['https://coda.io/d/dCxcSmXz318', 'CxcSmXz318'],
    [' CxcSmXz318 ', 'CxcSmXz318'],
  ])('finds the id in `%s`', (text, id) => {
    expect(parseDocAddress(text)).toBe(id);
  });

  it.each(['', 'abc', 'https://coda.io/docs', 'https://coda.io/d/Founder-HQ_dshort', '../etc'])(
    'finds none in `%s`',
    (text) => {
      expect(parseDocAddress(text)).toBeUndefined();
    },
  );
});
