import type { CodaRequest } from '#shared/coda/index.ts';

/** The limits of the API, of which each request counts against one. */
export type RequestClass = 'read' | 'write' | 'content' | 'docs';

const DOC_CONTENT = /^\/docs\/[^/]+\/(tables|pages)\//;
const ROW_LIST = /^\/docs\/[^/]+\/tables\/[^/]+\/rows$/;

/** The limit a request counts against. Deletes and button pushes are taken for content writes, the narrowest. */
export function classifyRequest({ method, path }: CodaRequest): RequestClass {
  if (method === 'GET') return path === '/docs' ? 'docs' : 'read';
  return DOC_CONTENT.test(path) ? 'content' : 'write';
}

/** Whether a request asks for a page of rows. */
export const isRowPage = ({ method, path }: CodaRequest): boolean =>
  method === 'GET' && ROW_LIST.test(path);

/** Whether a request asks how far a queued change has come. */
export const isMutationPoll = ({ method, path }: CodaRequest): boolean =>
  method === 'GET' && path.startsWith('/mutationStatus/');
