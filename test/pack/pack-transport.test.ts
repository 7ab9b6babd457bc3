import {
  type FetchRequest,
  type FetchResponse,
  ResponseSizeTooLargeError,
  StatusCodeError,
} from '@codahq/packs-sdk';
import { describe, expect, it } from 'vitest';
import { createCodaApi } from '#shared/coda/index.ts';
import { createPackTransport } from '../../pack/pack-transport.ts';

const ROWS = { method: 'GET', path: '/docs/d/tables/t/rows' } as const;

const over = (fetch: (request: FetchRequest) => Promise<FetchResponse>) =>
  createPackTransport({ fetch });
const answering = (body: unknown): Promise<FetchResponse> =>
  Promise.resolve({ status: 200, headers: {}, body });

describe('createPackTransport', () => {
  it('gives back whatever status Coda answers, thrown by the platform or not', async () => {
    const body = { statusCode: 429, message: 'Too Many Requests' };
    const thrown = over(async (request) => {
      throw new StatusCodeError(429, body, request, { body, headers: {} });
    });
    expect(await thrown(ROWS)).toEqual({ status: 429, body });
    expect(await over(() => answering('<html>'))(ROWS)).toEqual({ status: 200, body: '<html>' });
  });

  it('escapes what it is told to ask and sends JSON only where there is something to send', async () => {
    const seen: FetchRequest[] = [];
    const transport = over((request) => {
      seen.push(request);
      return answering({});
    });
    await transport({ ...ROWS, query: { query: 'c-1:"a&b"' } });
    await transport({ method: 'DELETE', path: ROWS.path, body: { rowIds: ['i-1'] } });
    const url = 'https://coda.io/apis/v1/docs/d/tables/t/rows';
    expect(seen).toEqual([
      { method: 'GET', url: `${url}?query=c-1%3A%22a%26b%22`, cacheTtlSecs: 0 },
      {
        method: 'DELETE',
        url,
        cacheTtlSecs: 0,
        headers: { 'Content-Type': 'application/json' },
        body: '{"rowIds":["i-1"]}',
      },
    ]);
  });

  it('calls it a lost answer when the connection breaks', async () => {
    const broken = over(() => Promise.reject(new Error('socket hang up')));
    await expect(broken(ROWS)).rejects.toMatchObject({ code: 'NETWORK', retryable: true });
  });

  it('halves a listing whose pages are larger than the platform takes', async () => {
    const limits: (string | null)[] = [];
    const transport = over(({ url }) => {
      const limit = new URL(url).searchParams.get('limit');
      limits.push(limit);
      return Number(limit) > 50
        ? Promise.reject(new ResponseSizeTooLargeError())
        : answering({ items: [] });
    });
    for await (const page of createCodaApi(transport).listRows('d', 't')) {
      expect(page.rows).toEqual([]);
    }
    expect(limits).toEqual(['200', '100', '50']);
  });
});
