import { describe, expect, it } from 'vitest';
import { toDocId } from '../../pack/doc-address.ts';

describe('toDocId', () => {
  it.each([
    ['https://coda.io/d/Founder-HQ_dCxcSmXz318', 'CxcSmXz318'],
    ['https://coda.io/d/Founder-HQ_dCxcSmXz318/Tasks_suAbC#_luX', 'CxcSmXz318'],
    ['https://coda.io/d/My_draft_doc_dAbc-_dEf12?x=1', 'Abc-_dEf12'],
    ['https://coda.io/d/_dCxcSmXz318', 'CxcSmXz318'],
    ['https://docs.superhuman.com/d/Founder-HQ_dCxcSmXz318', 'CxcSmXz318'],
    ['  CxcSmXz318 ', 'CxcSmXz318'],
  ])('finds the id in %s', (text, docId) => {
    expect(toDocId(text)).toBe(docId);
  });

  it.each(['', 'my doc', 'https://example.com/doc', 'https://coda.io/docs', 'abc'])(
    'asks for an address instead of %s',
    (text) => {
      expect(() => toDocId(text)).toThrow("Copy the doc's address from the browser.");
    },
  );
});
