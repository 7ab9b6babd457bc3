import {
  accept,
  DAY_MS,
  type Instant,
  type Ms,
  type Result,
  refuse,
  toEpochMs,
  toInstant,
} from '#shared/kernel/index.ts';

/** A named, dated exception. What it covers stays unmet in view; it only no longer stands in the way. */
export interface Waiver {
  readonly waiverId: string;
  /** The one check definition it covers. */
  readonly checkId: string;
  /** The one scope it covers it in. */
  readonly scope: string;
  readonly reason: string;
  readonly owner: string;
  readonly approver: string;
  /** Whether its owner approved it, since nobody else was there to. */
  readonly selfApproved: boolean;
  readonly ticket?: string;
  readonly grantedAt: Instant;
  /** From this moment on it covers nothing. */
  readonly expiresAt: Instant;
  readonly revokedAt?: Instant;
}

/** A wish for a waiver; without an end it lasts as long as is usual. */
export type WaiverRequest = Omit<Waiver, 'selfApproved' | 'expiresAt' | 'revokedAt'> &
  Partial<Pick<Waiver, 'expiresAt'>>;

/** Why a waiver is not granted or not revoked. */
export type WaiverRefusal =
  | { readonly code: 'REASON_REQUIRED' | 'ACTOR_REQUIRED' | 'APPROVAL_REQUIRED' }
  | { readonly code: 'WAIVER_PERIOD'; readonly lastsMs: Ms; readonly mostMs: Ms }
  | { readonly code: 'WAIVER_ENDED'; readonly endedAt: Instant };

/** How long a waiver lasts where nobody says. Units: ms. */
export const WAIVER_MS: Ms = 30 * DAY_MS;
/** How long it lasts at most. Units: ms. */
export const MAX_WAIVER_MS: Ms = 90 * DAY_MS;
/** How long one lasts at most, and as a rule, that its owner approved. Units: ms. */
export const SELF_APPROVED_WAIVER_MS: Ms = 14 * DAY_MS;

/**
 * A waiver, approved by another than its owner; in a doc of one person by that person, and then it says so and is short.
 * Refusals: `ACTOR_REQUIRED` without an owner, `APPROVAL_REQUIRED`, `REASON_REQUIRED`, `WAIVER_PERIOD` for one that ends before it
 * begins or lasts too long.
 */
export function grantWaiver(
  request: WaiverRequest,
  isOnePersonDoc: boolean,
): Result<Waiver, WaiverRefusal> {
  const { owner, approver, grantedAt } = request;
  const missing = findMissing(request, isOnePersonDoc);
  if (missing !== undefined) return refuse({ code: missing });
  const selfApproved = owner === approver;
  const usualMs = selfApproved ? SELF_APPROVED_WAIVER_MS : WAIVER_MS;
  const mostMs = selfApproved ? SELF_APPROVED_WAIVER_MS : MAX_WAIVER_MS;
  const { expiresAt = toInstant(toEpochMs(grantedAt) + usualMs) } = request;
  const lastsMs = toEpochMs(expiresAt) - toEpochMs(grantedAt);
  if (lastsMs <= 0 || lastsMs > mostMs) return refuse({ code: 'WAIVER_PERIOD', lastsMs, mostMs });
  return accept({ ...request, selfApproved, expiresAt });
}

/** The waiver without force from a moment on. Refusals: `ACTOR_REQUIRED`, `REASON_REQUIRED`, `WAIVER_ENDED` where it has none any more. */
export function revokeWaiver(
  waiver: Waiver,
  asked: { readonly at: Instant; readonly by: string; readonly reason: string },
): Result<Waiver, WaiverRefusal> {
  const { expiresAt, revokedAt, grantedAt } = waiver;
  if (asked.by === '') return refuse({ code: 'ACTOR_REQUIRED' });
  if (asked.reason === '') return refuse({ code: 'REASON_REQUIRED' });
  if (revokedAt !== undefined) return refuse({ code: 'WAIVER_ENDED', endedAt: revokedAt });
  if (expiresAt <= asked.at) return refuse({ code: 'WAIVER_ENDED', endedAt: expiresAt });
  // A clock that runs backwards must not end a waiver before it began.
  return accept({ ...waiver, revokedAt: asked.at < grantedAt ? grantedAt : asked.at });
}

/** Whether a waiver has force at a moment: from its grant up to, and without, its end. */
export const isInForce = (waiver: Waiver, at: Instant): boolean =>
  waiver.grantedAt <= at &&
  at < waiver.expiresAt &&
  (waiver.revokedAt === undefined || at < waiver.revokedAt);

/** The waivers that came to their end by themselves after one moment and up to another. */
export const listExpired = (
  waivers: readonly Waiver[],
  since: Instant,
  at: Instant,
): readonly Waiver[] =>
  waivers.filter(
    ({ expiresAt, revokedAt }) => revokedAt === undefined && since < expiresAt && expiresAt <= at,
  );

function findMissing(
  { reason, owner, approver }: WaiverRequest,
  isOnePersonDoc: boolean,
): 'REASON_REQUIRED' | 'ACTOR_REQUIRED' | 'APPROVAL_REQUIRED' | undefined {
  if (reason === '') return 'REASON_REQUIRED';
  if (owner === '') return 'ACTOR_REQUIRED';
  const isApproved = approver !== '' && (approver !== owner || isOnePersonDoc);
  return isApproved ? undefined : 'APPROVAL_REQUIRED';
}
