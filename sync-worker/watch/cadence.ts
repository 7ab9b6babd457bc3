import { Cron } from 'croner';
import { assert, DAY_MS, DomainError, readDuration } from '#shared/kernel/index.ts';

/** When passes are due: after so long, or at the moments of a calendar. */
export type Cadence =
  | { readonly kind: 'interval'; readonly everyMs: number }
  | {
      readonly kind: 'calendar';
      /** The first moment that is due after another. Units: ms since 1970. */
      readonly after: (wallMs: number) => number;
    };

/** More often than this the doc would be asked for nothing: the API shows a change minutes later. Units: ms. */
const SHORTEST_MS = 10_000;
const EXPECTED =
  'expected from 10s to 24h, like 90s, 5m or 1h, or five fields of cron like "*/5 8-18 * * 1-5"';

/**
 * A cadence as it is written: `90s`, `5m`, `1h`, or the five fields of cron in a time zone. Where clocks are put forward,
 * a moment that they leave out is due when they go on; where they are put back, a fixed time of day is due once.
 * Errors: `DomainError` `CADENCE_UNREADABLE`.
 */
export function parseCadence(text: string, timeZone: string): Cadence {
  const everyMs = readDuration(text.trim());
  if (everyMs !== undefined) return toInterval(everyMs, text);
  try {
    const calendar = new Cron(text, { timezone: timeZone, mode: '5-part', paused: true });
    const after = (wallMs: number): number => {
      const next = calendar.nextRun(new Date(wallMs));
      assert(next !== null, `\`${text}\` has no next moment`);
      return next.getTime();
    };
    // One that never comes, as a thirtieth of February, is seen here and not later.
    after(Date.UTC(2000, 0));
    return { kind: 'calendar', after };
  } catch (cause) {
    throw unreadable(text, cause);
  }
}

function toInterval(everyMs: number, text: string): Cadence {
  if (everyMs >= SHORTEST_MS && everyMs <= DAY_MS) return { kind: 'interval', everyMs };
  throw unreadable(text);
}

const unreadable = (text: string, cause?: unknown): DomainError =>
  new DomainError('CADENCE_UNREADABLE', `${EXPECTED}, received \`${text}\``, { cause });
