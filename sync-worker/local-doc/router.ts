import { accept, type Result, refuse } from '#shared/kernel/index.ts';
import { toApiView } from './api-objects.ts';
import { refuseScope, type TokenGrant, type Want } from './api-token.ts';
import type { Behaviour, Bucket } from './behaviour.ts';
import type { DocCore } from './doc-core.ts';
import type { Faults } from './faults.ts';
import { READ_ROUTES } from './read-routes.ts';
import type { ApiRefusal, ApiReply, ApiRequest, ApiResult } from './request.ts';
import { toErrorBody } from './request.ts';
import { countRequest, NO_REQUESTS, type RequestCounts } from './request-counts.ts';
import type { RequestLimits } from './request-limits.ts';
import { type Call, findTable, notFound, type Route } from './route.ts';
import { WRITE_ROUTES } from './write-routes.ts';

/** The API over a doc: one request in, one reply out, and what has been asked so far. */
export interface Router {
  handle(request: ApiRequest): ApiReply;
  counts(): RequestCounts;
}

/** What the API is made of. */
export interface RouterParts {
  readonly core: DocCore;
  readonly grants: readonly TokenGrant[];
  readonly limits: RequestLimits;
  readonly faults: Faults;
}

interface Matched {
  readonly route: Route;
  readonly params: Readonly<Record<string, string>>;
}

const ROUTES = [...READ_ROUTES, ...WRITE_ROUTES].map((route) => ({
  route,
  parts: route.path.split('/').slice(1),
}));

/**
 * The API over a doc. Judged in this order: faults, token, limits, path, size and form of the body, doc, scope, version
 * header, and then the route itself; so a 429 never has an effect.
 */
export function createRouter(parts: RouterParts): Router {
  const { core, faults } = parts;
  let counts = NO_REQUESTS;

  const judge = (request: ApiRequest): ApiResult => {
    const grant = parts.grants.find(({ token }) => token === request.token);
    if (grant === undefined) return no(401, 'The API token is invalid or has expired.');
    const matched = matchRoute(request);
    if (!parts.limits(bucketOf(core.behaviour, matched), core.now())) {
      counts = { ...counts, rateLimited: counts.rateLimited + 1 };
      return no(429, 'Too many requests.');
    }
    counts = countRequest(counts, request);
    if (matched === undefined) return notFound('page');
    const body = readBody(request, core.behaviour);
    if (!body.ok) return body;
    return answer(matched, {
      view: toApiView(core, request.baseUrl),
      request,
      grant,
      body: body.value,
    });
  };

  return {
    counts: () => counts,
    handle(request) {
      const fault = faults.draw(request.method);
      if (fault !== undefined) counts = { ...counts, faults: counts.faults + 1 };
      if (fault === 'resetBefore') return { kind: 'reset' };
      if (fault === 'badGateway') {
        const page = '<html><body><h1>502 Bad Gateway</h1></body></html>';
        return { kind: 'answer', status: 502, body: page, headers: {} };
      }
      core.advance();
      const result = judge(request);
      return fault === 'resetAfter' ? { kind: 'reset' } : toReply(result, core.behaviour);
    },
  };
}

function answer(matched: Matched, asked: Omit<Call, 'params'>): ApiResult {
  const { core } = asked.view;
  const { behaviour } = core;
  const call: Call = { ...asked, params: matched.params };
  const { doc } = call.params;
  if (doc !== undefined && doc !== core.identity().docId) return notFound('doc');
  const want = { kind: kindOf(matched.route), table: findTable(call) };
  const refusal = behaviour.isScopeJudged
    ? refuseScope(call.grant, want, behaviour.isStatusForTableToken)
    : undefined;
  if (refusal !== undefined) return refuse(refusal);
  const { docVersion } = call.request;
  if (behaviour.isDocVersionJudged && docVersion !== undefined) {
    if (docVersion !== 'latest') return no(400, 'X-Coda-Doc-Version must be `latest`.');
    if (core.memory().isStale()) return no(400, 'Doc is not yet up to date.');
  }
  return matched.route.answer(call);
}

function kindOf({ method, path }: Route): Want['kind'] {
  if (path === '/whoami') return 'identity';
  if (path.startsWith('/mutationStatus')) return 'status';
  return method === 'GET' ? 'read' : 'write';
}

function matchRoute({ method, path }: ApiRequest): Matched | undefined {
  const given = path.split('/').slice(1);
  for (const { route, parts } of ROUTES) {
    if (route.method !== method || parts.length !== given.length) continue;
    const params = matchParts(parts, given);
    if (params !== undefined) return { route, params };
  }
  return undefined;
}

function matchParts(
  parts: readonly string[],
  given: readonly string[],
): Record<string, string> | undefined {
  const params: Record<string, string> = {};
  for (const [place, part] of parts.entries()) {
    const text = given[place] ?? '';
    if (part.startsWith(':')) params[part.slice(1)] = decodePart(text);
    else if (part !== text) return undefined;
  }
  return params;
}

function decodePart(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

const bucketOf = (behaviour: Behaviour, matched: Matched | undefined): Bucket =>
  matched?.route.bucket(behaviour) ?? 'read';

function readBody(request: ApiRequest, behaviour: Behaviour): Result<unknown, ApiRefusal> {
  const { bodyText } = request;
  if (Buffer.byteLength(bodyText) > behaviour.requestBytesMax) {
    return refuse({ status: 400, message: 'request entity too large' });
  }
  if (bodyText === '') return accept(undefined);
  try {
    return accept(JSON.parse(bodyText));
  } catch {
    return refuse({ status: 400, message: 'The body is not JSON.' });
  }
}

function toReply(result: ApiResult, behaviour: Behaviour): ApiReply {
  if (result.ok) {
    const { status, body } = result.value;
    const extra = behaviour.hasExtraFields ? { servedBy: 'local-doc' } : {};
    return { kind: 'answer', status, body: { ...toObject(body), ...extra }, headers: {} };
  }
  const { status } = result.refusal;
  const { retryAfterSeconds } = behaviour;
  const isTold = status === 429 && retryAfterSeconds !== undefined;
  const headers: Record<string, string> = isTold
    ? { 'retry-after': String(retryAfterSeconds) }
    : {};
  return { kind: 'answer', status, body: toErrorBody(result.refusal), headers };
}

const toObject = (body: unknown): object => (typeof body === 'object' && body !== null ? body : {});

const no = (status: number, message: string): ApiResult => refuse({ status, message });
