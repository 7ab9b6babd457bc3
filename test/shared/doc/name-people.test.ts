import { describe, expect, it } from 'vitest';
import { namePeople } from '#shared/doc/index.ts';

const dana = { rowId: 'p1', name: 'Dana ', email: 'Dana@studio.example', externalId: 'dana' };
const other = { rowId: 'p2', name: 'dana', email: 'other@studio.example' };

describe('namePeople', () => {
  it('knows a person by row id, name, address and external id, in any case', () => {
    const named = namePeople([dana, { rowId: 'p3', name: '' }]);
    expect([...named.keys()].sort()).toEqual(['dana', 'dana@studio.example', 'p1', 'p3']);
    expect(named.get('dana')).toBe(dana);
  });

  it('takes a name of two for neither, and each still by what is theirs alone', () => {
    const named = namePeople([dana, other]);
    expect(named.get('dana')).toBeUndefined();
    expect(named.get('p1')).toBe(dana);
    expect(named.get('other@studio.example')).toBe(other);
  });
});
