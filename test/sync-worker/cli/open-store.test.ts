import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findDocId } from '#worker/cli/open-store.ts';

const folder = mkdtempSync(join(tmpdir(), 'founder-hq-last-doc-'));
const before = process.cwd();
const state = join(folder, '.founder-hq');
beforeAll(() => {
  mkdirSync(state);
  process.chdir(folder);
});
afterAll(() => {
  process.chdir(before);
  rmSync(folder, { recursive: true });
});

describe('findDocId', () => {
  it('finds none where no doc was used yet', async () => {
    await expect(findDocId({})).rejects.toMatchObject({ code: 'DOC_UNNAMED' });
  });

  it('finds the doc used last', async () => {
    writeFileSync(join(state, 'last-doc'), 'AbC_d-12xy\n');
    expect(await findDocId({})).toBe('AbC_d-12xy');
  });

  it.each(['../../elsewhere', 'AbC_d\0-12xy', ''])(
    'refuses a last doc that no file may be named after: %j',
    async (text) => {
      writeFileSync(join(state, 'last-doc'), `${text}\n`);
      await expect(findDocId({})).rejects.toMatchObject({
        code: 'STATE_UNREADABLE',
        message: expect.stringContaining('--doc URL'),
      });
    },
  );

  it('refuses a settled doc that no file may be named after', async () => {
    writeFileSync(join(state, 'config.json'), JSON.stringify({ doc: '../../elsewhere' }));
    await expect(findDocId({})).rejects.toMatchObject({ code: 'CONFIG_UNREADABLE' });
  });
});
