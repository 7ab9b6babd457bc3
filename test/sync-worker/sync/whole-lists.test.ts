import { describe, expect, it } from 'vitest';
import type { CodaRequest } from '#shared/coda/index.ts';
import { createCodaApi } from '#shared/coda/index.ts';
import type { TickOptions } from '#worker/sync/index.ts';
import { openTarget } from '#worker/sync/index.ts';
import { createSyncScene } from './sync-scene.ts';

type Scene = Awaited<ReturnType<typeof createSyncScene>>;
type Body = Record<string, unknown>;

const MINUTE_MS = 60_000;

/** A doc of 300 typed runs, so that its listing takes two pages. */
async function withManyRuns() {
  const scene = await createSyncScene();
  for (let at = 0; at < 300; at += 1) {
    scene.add('execution_runs', { run_id: `R${at}`, task: 'Interview', actual_hours: 1 });
  }
  await scene.settle();
  // Until then only changes are listed.
  await scene.wait(24 * 60 * MINUTE_MS);
  return scene;
}

/** A tick over a wire that changes what comes back from the table of runs. */
async function tickOver(
  { doc, api, runTick }: Scene,
  change: (body: Body, request: CodaRequest) => unknown,
  options: Partial<TickOptions> = {},
) {
  const target = await openTarget(api, doc.docId);
  const runsId = target.binding.tables.get('execution_runs')?.tableId ?? '';
  const bent = createCodaApi(async (request) => {
    const { status, body } = await doc.transport(request);
    const isOfRuns = request.path.endsWith(`/tables/${runsId}/rows`) && request.method === 'GET';
    return { status, body: isOfRuns ? change(body as Body, request) : body };
  });
  return runTick({ target: { ...target, api: bent }, ...options });
}

const firstPageAlone = (body: Body): Body => ({ items: body['items'], href: body['href'] });
const isSecond = ({ query }: CodaRequest) => query?.['pageToken'] !== undefined;

const BENT: readonly [string, (body: Body, request: CodaRequest) => unknown, string][] = [
  ['ends after its first page', firstPageAlone, 'LIST_SHORT'],
  [
    'has an empty last page',
    (body, asked) => (isSecond(asked) ? { items: [] } : body),
    'LIST_SHORT',
  ],
  [
    'leads back to a page already read',
    (body, asked) => ({
      ...body,
      nextPageToken: asked.query?.['pageToken'] ?? body['nextPageToken'],
    }),
    'UNREADABLE',
  ],
  [
    'leads to another host',
    (body) => ({ ...body, nextPageLink: 'https://elsewhere.example/rows?pageToken=1' }),
    'UNREADABLE',
  ],
  ['goes on without a token', (body) => ({ ...body, nextPageToken: '' }), 'UNREADABLE'],
  ['is cut off', (body) => JSON.stringify(body).slice(0, 900), 'UNREADABLE'],
  ['has no rows at all', () => ({ href: 'x' }), 'UNREADABLE'],
];

describe('a listing that is not whole', () => {
  it.each(BENT)(
    'that %s stops the tick, and nothing is taken for gone',
    async (_, change, code) => {
      const scene = await withManyRuns();
      const head = await scene.store.head();
      const { writes } = scene.counts();
      await expect(tickOver(scene, change)).rejects.toMatchObject({ code });
      expect([await scene.store.head(), scene.counts().writes]).toEqual([head, writes]);
      expect(await scene.runTick()).toMatchObject({ events: 0, isSettled: true, fuses: [] });
    },
  );

  it('that is shorter than the doc says keeps what was there, and stops the tick if it stays so', async () => {
    const scene = await withManyRuns();
    const lagMs = 5 * MINUTE_MS;
    const shorten = (body: Body, asked: CodaRequest) => (isSecond(asked) ? { items: [] } : body);
    const first = await tickOver(scene, shorten, { lagMs });
    expect(first).toMatchObject({ events: 0, rowsSent: 0, observed: { removed: 0 }, fuses: [] });
    await scene.wait(lagMs);
    const later = tickOver(scene, shorten, { lagMs });
    await expect(later).rejects.toMatchObject({ code: 'LIST_SHORT', retryable: true });
    expect(await scene.runTick({ lagMs })).toMatchObject({ events: 0, isSettled: true });
    await scene.wait(MINUTE_MS);
    // Its patience begins anew: the listing was whole in between.
    expect(await tickOver(scene, shorten, { lagMs })).toMatchObject({ events: 0 });
  });

  it('is not what people leave who delete rows while it is read', async () => {
    const scene = await withManyRuns();
    const { doc } = scene;
    const deleteOne = (body: Body, asked: CodaRequest): Body => {
      const [last] = doc.person.readRows('execution_runs').slice(-1);
      if (!isSecond(asked)) doc.person.deleteRow('execution_runs', last?.rowId ?? '');
      return body;
    };
    expect(await tickOver(scene, deleteOne)).toMatchObject({ observed: { removed: 1 } });
  });
});
