import { describe, expect, it } from 'vitest';
import { RECORD_TABLE_ORDER, RECORD_TABLES } from '#worker/store/index.ts';

describe('RECORD_TABLES', () => {
  it.each(Object.entries(RECORD_TABLES))(
    'lets %s name only what stands before it, or itself',
    (name, { references }) => {
      const place = RECORD_TABLE_ORDER.indexOf(name);
      for (const named of Object.values(references)) {
        expect(RECORD_TABLE_ORDER.indexOf(named)).toBeLessThanOrEqual(place);
      }
    },
  );
});
