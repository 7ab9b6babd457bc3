import { describe, expect, it } from 'vitest';
import { guardStream, learnSecret, MASK } from '#worker/secrets/index.ts';

describe('guardStream', () => {
  it('hides secrets from texts, leaves bytes alone, and tells when a text is written', () => {
    learnSecret('tok-guarded-77');
    const written: unknown[] = [];
    const stream = {
      write: (text: string | Uint8Array, second?: unknown, third?: unknown) => {
        written.push(text);
        for (const done of [second, third]) if (typeof done === 'function') done();
        return true;
      },
    };
    guardStream(stream as unknown as NodeJS.WriteStream);
    let told = 0;
    const guarded = stream as unknown as NodeJS.WriteStream;
    guarded.write('a tok-guarded-77\n');
    guarded.write('b\n', () => (told += 1));
    guarded.write('c\n', 'utf8', () => (told += 1));
    guarded.write(Buffer.from('d'));
    expect(written).toEqual([`a ${MASK}\n`, 'b\n', 'c\n', Buffer.from('d')]);
    expect(told).toBe(2);
  });
});
