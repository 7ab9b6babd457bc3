import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FOUNDER_HQ_TABLES } from '#shared/doc/index.ts';
import { connect, parseDocId } from '#worker/cli/connection.ts';
import { createDocFromTables, type Listening } from '#worker/local-doc/index.ts';

const doc = createDocFromTables(FOUNDER_HQ_TABLES);
const folder = mkdtempSync(join(tmpdir(), 'founder-hq-connection-'));
let server: Listening;
beforeAll(async () => {
  server = await doc.listen();
});
afterAll(async () => {
  await server.close();
  doc.close();
  rmSync(folder, { recursive: true });
});

const NO_STATE = join(folder, 'none.json');
let states = 0;
function stateFile(change: Readonly<Record<string, unknown>> = {}): string {
  states += 1;
  const file = join(folder, `${states}.json`);
  const { docId, token } = doc;
  const state = { baseUrl: server.baseUrl, docId, token, profile: 'instant', ...change };
  writeFileSync(file, JSON.stringify(state));
  return file;
}

describe('parseDocId', () => {
  it.each([
    ['AbC_d-12xy', 'AbC_d-12xy'],
    ['https://coda.io/d/Founder-HQ_dAbC_d-12xy/Home_suXyz#_luabc', 'AbC_d-12xy'],
    ['https://coda.io/d/_dAbC_d-12xy', 'AbC_d-12xy'],
    ['https://docs.superhuman.com/d/HQ_dAbC_d-12xy?view=1', 'AbC_d-12xy'],
  ])('finds the id in %s', (text, id) => {
    expect(parseDocId(text)).toBe(id);
  });

  it.each([['https://coda.io/workspaces/x'], [''], ['two words']])('refuses %j', (text) => {
    expect(() => parseDocId(text)).toThrow(expect.objectContaining({ code: 'DOC_ADDRESS' }));
  });
});

describe('connect', () => {
  it('finds the local doc that is being served', async () => {
    const connection = await connect({}, { env: {}, stateFile: stateFile() });
    expect(await connection.api.getDoc(connection.docId)).toMatchObject({ id: doc.docId });
    expect(connection.lagMs).toBe(0);
  });

  it('has patience with a local doc that is as slow as Coda', async () => {
    const connection = await connect({}, { env: {}, stateFile: stateFile({ profile: 'strict' }) });
    expect(connection.lagMs).toBeGreaterThan(360_000);
  });

  it('takes a token that is set before the local doc’s own', async () => {
    const env = { CODA_API_TOKEN: 'wrong' };
    const { api, docId } = await connect({ doc: doc.docId }, { env, stateFile: stateFile() });
    await expect(api.getDoc(docId)).rejects.toMatchObject({ code: 'UNAUTHORIZED' });
  });

  it('reaches another address of the API, and says when the doc is not there', async () => {
    const env = { CODA_API_TOKEN: doc.token, CODA_API_BASE: server.baseUrl };
    const { api, docId, counts } = await connect(
      { doc: 'AbCdEfGhIj' },
      { env, stateFile: NO_STATE },
    );
    await expect(api.getDoc(docId)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    expect(counts().reads).toBe(1);
  });

  it.each([
    ['no doc is named and none is served', {}, NO_STATE, 'DOC_UNNAMED'],
    ['a doc is named without a token', { doc: 'AbCdEfGhIj' }, NO_STATE, 'TOKEN_MISSING'],
  ])('says so where %s', async (_, options, file, code) => {
    await expect(connect(options, { env: {}, stateFile: file })).rejects.toMatchObject({ code });
  });

  it('says so where the local doc was served once and is not now', async () => {
    const file = stateFile({ baseUrl: 'http://127.0.0.1:9/apis/v1' });
    await expect(connect({}, { env: {}, stateFile: file })).rejects.toMatchObject({
      code: 'LOCAL_DOC_AWAY',
    });
  });

  it('says so where the state file is damaged', async () => {
    const file = join(folder, 'damaged.json');
    writeFileSync(file, '{"baseUrl":');
    const connecting = connect({}, { env: {}, stateFile: file });
    await expect(connecting).rejects.toMatchObject({ code: 'STATE_UNREADABLE' });
  });

  it.each(['../../elsewhere', 'AbC_d\0-12xy', 'AbC_d-12xy\n'])(
    'says so where the state file names a doc no file may be named after: %j',
    async (docId) => {
      const connecting = connect({}, { env: {}, stateFile: stateFile({ docId }) });
      await expect(connecting).rejects.toMatchObject({ code: 'STATE_UNREADABLE' });
    },
  );
});
