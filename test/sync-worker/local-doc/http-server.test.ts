import { afterEach, describe, expect, it } from 'vitest';
import { isDomainError } from '#shared/kernel/index.ts';
import { BEHAVIOUR_OF, type Behaviour, type Listening } from '#worker/local-doc/index.ts';
import { createStudioDoc, type StudioDoc } from './studio-doc.ts';

const open: Listening[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((server) => server.close()));
});

async function serve(behaviour: Partial<Behaviour> = {}): Promise<StudioDoc & Listening> {
  const studio = createStudioDoc({ behaviour });
  const server = await studio.doc.listen();
  open.push(server);
  return { ...studio, ...server };
}

const bearer = ({ doc }: StudioDoc) => ({ authorization: `Bearer ${doc.token}` });

describe('the HTTP server', () => {
  it('serves the API below its base address, on this computer only', async () => {
    const served = await serve();
    expect(served.baseUrl).toBe(`http://127.0.0.1:${served.port}/apis/v1`);
    const answer = await fetch(`${served.baseUrl}/whoami`, { headers: bearer(served) });
    expect([answer.status, await answer.json()]).toEqual([
      200,
      expect.objectContaining({ loginId: 'dana@example.com', href: `${served.baseUrl}/whoami` }),
    ]);
    const outside = await fetch(`http://127.0.0.1:${served.port}/whoami`, {
      headers: bearer(served),
    });
    expect(outside.status).toBe(404);
  });

  it.each([[{}], [{ authorization: 'Bearer unknown' }], [{ authorization: 'unknown' }]])(
    'answers 401 to %j',
    async (headers) => {
      const { baseUrl } = await serve();
      const answer = await fetch(`${baseUrl}/whoami`, { headers });
      expect(await answer.json()).toEqual({
        statusCode: 401,
        statusMessage: 'Unauthorized',
        message: expect.any(String),
      });
    },
  );

  it('carries a table named in a path by any characters', async () => {
    const served = await serve();
    served.doc.person.addTables([
      { name: 'Täsks / 50 % (?#)', columns: [{ name: 'name', type: 'text' }] },
    ]);
    const answer = await fetch(`${served.baseUrl}${served.rowsOf('Täsks / 50 % (?#)')}`, {
      headers: bearer(served),
    });
    expect(answer.status).toBe(200);
  });

  it.each([['resetBefore'], ['resetAfter']] as const)(
    'breaks the connection on %s',
    async (fault) => {
      const served = await serve();
      served.doc.failNext(fault);
      const call = fetch(`${served.baseUrl}/whoami`, { headers: bearer(served) });
      await expect(call).rejects.toThrow('fetch failed');
      const next = await fetch(`${served.baseUrl}/whoami`, { headers: bearer(served) });
      expect(next.status).toBe(200);
    },
  );

  it('sends a 429 without Retry-After, or with it', async () => {
    const headersOf = async (behaviour: Partial<Behaviour>) => {
      const served = await serve({ limits: BEHAVIOUR_OF.strict.limits, ...behaviour });
      const call = () => fetch(`${served.baseUrl}/docs`, { headers: bearer(served) });
      for (let before = 0; before < 4; before += 1) await (await call()).text();
      const refused = await call();
      return [refused.status, refused.headers.get('retry-after')];
    };
    expect(await headersOf({})).toEqual([429, null]);
    expect(await headersOf({ retryAfterSeconds: 7 })).toEqual([429, '7']);
  });

  it('judges the version header: only `latest`, and only while reads are up to date', async () => {
    const statuses = async (isDocVersionJudged: boolean) => {
      const lag = { minMs: 60_000, maxMs: 60_000 };
      const served = await serve({ isDocVersionJudged, snapshotLag: lag });
      const ask = async (version: string) => {
        const headers = { ...bearer(served), 'x-coda-doc-version': version };
        const answer = await fetch(`${served.baseUrl}/docs/${served.doc.docId}/tables`, {
          headers,
        });
        return answer.status;
      };
      const seen = [await ask('latest'), await ask('7')];
      served.doc.person.insertRow('tasks', { name: 'Audit' });
      seen.push(await ask('latest'));
      served.wait(60_000);
      return [...seen, await ask('latest')];
    };
    expect(await statuses(true)).toEqual([200, 400, 400, 200]);
    expect(await statuses(false)).toEqual([200, 200, 200, 200]);
  });

  it('refuses a body that is no JSON, a path that is none, and a method that is not served', async () => {
    const served = await serve();
    const statusOf = async (method: string, path: string, body?: string) => {
      const init = { method, headers: bearer(served), ...(body === undefined ? {} : { body }) };
      return (await fetch(`${served.baseUrl}${path}`, init)).status;
    };
    expect(await statusOf('POST', served.rowsOf('tasks'), '{')).toBe(400);
    expect(await statusOf('POST', served.rowsOf('tasks'), '[]')).toBe(400);
    expect(await statusOf('GET', '/docs/nonsense/tables')).toBe(404);
    expect(await statusOf('GET', served.rowsOf('nonsense'))).toBe(404);
    expect(await statusOf('PATCH', served.rowsOf('tasks'))).toBe(404);
    expect(await statusOf('GET', '/docs/%zz')).toBe(404);
  });

  it('answers 500 when the disk is full, and serves on', async () => {
    const studio = createStudioDoc({ fileBytesMax: 100_000 });
    const server = await studio.doc.listen();
    open.push(server);
    const post = async (name: string) => {
      const body = JSON.stringify({ rows: [{ cells: [{ column: 'name', value: name }] }] });
      const init = { method: 'POST', headers: bearer(studio), body };
      return (await fetch(`${server.baseUrl}${studio.rowsOf('tasks')}`, init)).status;
    };
    expect([await post('x'.repeat(84_000)), await post('small')]).toEqual([500, 202]);
  });

  it('says which port is taken', async () => {
    const { port } = await serve();
    const second = createStudioDoc();
    const failure = await second.doc.listen(port).catch((error: unknown) => error);
    expect(isDomainError(failure) && failure.code).toBe('PORT_IN_USE');
    expect(String(failure)).toContain(String(port));
  });
});
