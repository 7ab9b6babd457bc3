import { isDomainError } from '#shared/kernel/index.ts';
import type { HealthFinding } from './health-finding.ts';

type Cause = Omit<HealthFinding, 'severity'>;

/** Why no answer came, by the code of what lay behind it. */
const NO_ANSWER: ReadonlyMap<string, Cause> = new Map([
  ...['ENOTFOUND', 'EAI_AGAIN'].map((code): [string, Cause] => [
    code,
    {
      code: 'API_NAME_UNKNOWN',
      message:
        'The name of the API’s computer cannot be looked up: there is no network, or no name service.',
      fix: 'Check the connection and, where it is set, CODA_API_BASE.',
    },
  ]),
  ...['ECONNREFUSED', 'EHOSTUNREACH', 'ENETUNREACH'].map((code): [string, Cause] => [
    code,
    {
      code: 'API_NOT_THERE',
      message: 'Nothing answers where the API should be.',
      fix: 'Check the connection, a firewall and, where it is set, CODA_API_BASE; serve a local doc with `founder-hq local-doc`.',
    },
  ]),
]);

const CUT_OFF: Cause = {
  code: 'API_CUT_OFF',
  message: 'The connection to the API breaks before an answer comes.',
  fix: 'Ask again; if it stays so, look for a proxy or firewall that ends connections.',
};
const PROXY: Cause = {
  code: 'API_BEHIND_PROXY',
  message: 'Something else than the API answers in its place, as a proxy or a sign-in page does.',
  fix: 'Let this computer reach coda.io directly, or sign in to the network first; where CODA_API_BASE is set, check it.',
};
const UNTRUSTED: Cause = {
  code: 'API_UNTRUSTED',
  message: 'The certificate of what answers is not trusted: a proxy may open the connection.',
  fix: 'Name the proxy’s own certificate in NODE_EXTRA_CA_CERTS, or reach coda.io directly.',
};

/**
 * What stands between this computer and the API, where a failure of a call tells; nothing where it is about the call itself.
 * `error` is whatever the call threw.
 */
export function judgeAnswer(error: unknown): HealthFinding | undefined {
  if (!isDomainError(error)) return undefined;
  const cause = judge(error.code, error);
  return cause === undefined ? undefined : { severity: 'error', ...cause };
}

function judge(code: string, error: Error): Cause | undefined {
  const isPage = /: answered \d+: \s*</.test(error.message) || code === 'UNREADABLE';
  switch (code) {
    case 'NETWORK':
      return judgeSilence(listCodes(error));
    case 'SERVER_ERROR':
    case 'TIMED_OUT':
      return {
        code: 'API_FAILING',
        message: `The API fails at present${isPage ? ', with a page in place of an answer' : ''}.`,
        fix: 'Wait some minutes and ask again; https://status.coda.io tells of troubles.',
      };
    case 'RATE_LIMITED':
      return {
        code: 'API_BUDGET_SPENT',
        message:
          'The API refuses further calls for now: another program uses up the budget of this account.',
        fix: 'Stop the other program or give it an account of its own, wait a minute, and ask again.',
      };
    case 'UNAUTHORIZED':
      return {
        code: 'TOKEN_REFUSED',
        message:
          'The token is not taken: it was revoked, has run out, or was cut off when it was copied.',
        fix: 'Make a new one at https://coda.io/account and set it as CODA_API_TOKEN.',
      };
    default:
      return isPage ? PROXY : undefined;
  }
}

function judgeSilence(codes: readonly string[]): Cause {
  const known = codes.map((code) => NO_ANSWER.get(code)).find((cause) => cause !== undefined);
  if (known !== undefined) return known;
  if (codes.some((code) => /CERT|SIGNED|SSL|ISSUER/.test(code))) return UNTRUSTED;
  return codes.some((code) => /redirect|proxy/.test(code)) ? PROXY : CUT_OFF;
}

const DEPTH_MAX = 6;

/** The codes and texts of a failure and all that lay behind it. */
function listCodes(error: unknown, depth = 0): readonly string[] {
  if (!(error instanceof Error) || depth > DEPTH_MAX) return [];
  const code = 'code' in error && typeof error.code === 'string' ? [error.code] : [];
  const parts = error instanceof AggregateError ? error.errors : [];
  const behind = [error.cause, ...parts].flatMap((cause) => listCodes(cause, depth + 1));
  return [...code, error.message, ...behind];
}
