import type { Account, CodaApi, DocInfo } from '#shared/coda/index.ts';
import { isDomainError, isTimeZone, MINUTE_MS } from '#shared/kernel/index.ts';
import { AHEAD_MAX_MS } from '#shared/ledger/index.ts';
import type { HealthFinding } from './health-finding.ts';

/** What there is to say of a token that is taken: whether it opens more than it should. */
export function judgeAccount(
  { isScoped, loginId }: Account,
  { isAllDocsAllowed }: { readonly isAllDocsAllowed: boolean },
): readonly HealthFinding[] {
  if (isScoped || isAllDocsAllowed) return [];
  const message = `The token opens every doc of ${loginId}, so whoever gets hold of it has them all.`;
  const fix =
    'Make one for this doc alone at https://coda.io/account, or go on with --allow-all-docs.';
  return [{ code: 'TOKEN_ALL_DOCS', severity: 'error', message, fix }];
}

/** The doc, or why the token does not open it. Errors: those of the API that are about neither. */
export async function findDoc(api: CodaApi, docId: string): Promise<DocInfo | HealthFinding> {
  try {
    return await api.getDoc(docId);
  } catch (error) {
    if (!isDomainError(error)) throw error;
    if (error.code === 'FORBIDDEN') {
      const message = `The token may not read doc ${docId}: it was made for another doc, for one table, or for writing alone.`;
      const fix = 'Make one that reads and writes this doc at https://coda.io/account.';
      return { code: 'TOKEN_ELSEWHERE', severity: 'error', message, fix };
    }
    if (error.code !== 'NOT_FOUND') throw error;
    const message = `The token opens no doc ${docId}: the address is wrong, the doc was deleted, or it is not shared with the token’s account.`;
    const fix = 'Copy the doc’s address from the browser, and share the doc with that account.';
    return { code: 'DOC_NOT_FOUND', severity: 'error', message, fix };
  }
}

/** What is odd about the doc as a whole. */
export function judgeDoc({ isOverApiSizeLimit, timezone }: DocInfo): readonly HealthFinding[] {
  const findings: HealthFinding[] = [];
  if (isOverApiSizeLimit) {
    const message = 'The doc has grown beyond what the API serves.';
    const fix = 'Move old rows and large files to another doc until it is below 125 MB.';
    findings.push({ code: 'DOC_TOO_LARGE', severity: 'error', message, fix });
  }
  if (timezone !== undefined && !isTimeZone(timezone)) {
    const message = `The doc’s time zone \`${timezone}\` is not known here, so its days cannot be told.`;
    const fix = 'Set the time zone in the doc’s settings.';
    findings.push({ code: 'DOC_ZONE_UNKNOWN', severity: 'warning', message, fix });
  }
  return findings;
}

/** Whether this computer’s clock goes as the server’s. Units: ms the server is ahead. */
export function judgeClock(skewMs: number): readonly HealthFinding[] {
  const awayMs = Math.abs(skewMs);
  if (awayMs <= MINUTE_MS) return [];
  const way = skewMs > 0 ? 'behind' : 'ahead of';
  const minutes = Math.round(awayMs / MINUTE_MS);
  const message = `This computer’s clock is ${minutes} ${minutes === 1 ? 'minute' : 'minutes'} ${way} the server’s, so starts and ends of runs are off.`;
  const fix = 'Let the clock be set by the network, and ask again.';
  const severity = awayMs > AHEAD_MAX_MS ? 'error' : 'warning';
  return [{ code: 'CLOCK_WRONG', severity, message, fix }];
}
