import * as z from 'zod';
import { DAY_MS, toEpochMs } from '#shared/kernel/index.ts';
import { ACCOUNT, AT, FLAG, ID, text, ULID, usually, words } from '../fields/field-kinds.ts';
import { METADATA } from '../fields/head.ts';
import { areInOrder, must } from '../fields/rule.ts';

/** Days a waiver may last, and one that its owner approved himself. */
const MOST_DAYS = { byAnother: 90, bySelf: 14 };

/** A named, dated exception: the check stays unmet in view. */
export const waiverSchema = z
  .strictObject({
    schema: z.literal('waiver.v1'),
    waiverId: ULID,
    checkId: ID,
    scope: words(500),
    reason: words(500),
    owner: ACCOUNT,
    approver: ACCOUNT,
    // Only where nobody else is there to approve; it says so and lasts no longer than two weeks.
    selfApproved: usually(FLAG, false),
    ticket: text(200).nullish(),
    grantedAt: AT,
    expiresAt: AT,
    revokedAt: AT.nullish(),
    metadata: METADATA,
  })
  .superRefine(
    must(
      {
        path: ['approver'],
        says: 'another person than the owner, unless the waiver says that it is self-approved',
        holds: ({ owner, approver, selfApproved }) => (owner === approver) === selfApproved,
      },
      {
        path: ['expiresAt'],
        says: 'an end after `grantedAt`, within 90 days, or within 14 where self-approved',
        holds: ({ grantedAt, expiresAt, selfApproved }) => {
          const lastsMs = toEpochMs(expiresAt) - toEpochMs(grantedAt);
          const mostDays = selfApproved ? MOST_DAYS.bySelf : MOST_DAYS.byAnother;
          return lastsMs > 0 && lastsMs <= mostDays * DAY_MS;
        },
      },
      {
        path: ['revokedAt'],
        says: 'an instant no earlier than `grantedAt`',
        holds: ({ grantedAt, revokedAt }) => areInOrder([grantedAt, revokedAt]),
      },
    ),
  );

/** A document of {@link waiverSchema}. */
export type WaiverRecord = z.infer<typeof waiverSchema>;
