import { HOUR_MS, isInstant, MINUTE_MS, toEpochMs, toInstant } from '#shared/kernel/index.ts';
import { parseAnchorRow, parseStateRow, type VisibleRow } from '#shared/ledger/index.ts';
import type { HealthFinding } from './health-finding.ts';
import type { LastPass } from './last-pass.ts';

/** The most rows the Ledger table should hold. */
const ROWS_MAX = 5_000;
/** A press that waits longer than any schedule should take. Units: ms. */
const LATE_MS = 30 * MINUTE_MS;
/** A schedule that has not run for so long has stopped. Units: ms. */
const STOPPED_MS = 24 * HOUR_MS;
const TABLE = 'Ledger';

/** What is known when the rows of the Ledger table are looked at. */
export interface LedgerRowFacts {
  readonly rows: readonly VisibleRow[];
  readonly docId: string;
  /** The e-mail address of the token's account. */
  readonly loginId: string;
  readonly nowMs: number;
}

/** What is odd about the rows of the Ledger table. */
export function judgeLedgerRows(facts: LedgerRowFacts): readonly HealthFinding[] {
  return [...judgeCopy(facts), ...judgeStates(facts), ...judgeSize(facts), ...judgePresser(facts)];
}

/** Whether the table came along in a copy of another doc. */
function judgeCopy({ rows, docId }: LedgerRowFacts): readonly HealthFinding[] {
  const anchors = rows.map(parseAnchorRow).filter((anchor) => anchor !== undefined);
  const other = anchors.find((anchor) => anchor.docId !== docId);
  if (other === undefined) return [];
  const message = `The Ledger table came along in a copy of doc ${other.docId}, so no button in it counts.`;
  const fix = 'See what came along with `founder-hq init --adopt`, and drop it with `--apply`.';
  return [{ code: 'LEDGER_COPIED', severity: 'error', table: TABLE, message, fix }];
}

function judgeStates({ rows }: LedgerRowFacts): readonly HealthFinding[] {
  const states = rows.filter(({ kind }) => kind === 'state');
  const damaged = states.filter(
    (row) => parseStateRow(row) === undefined && parseAnchorRow(row) === undefined,
  );
  const doubled = states.length - new Set(states.map(({ key }) => key)).size;
  const fix = 'Make a pass with `founder-hq sync`: it puts the rows right by the ledger.';
  const where = { severity: 'warning', table: TABLE, fix } as const;
  return [
    ...(damaged.length === 0
      ? []
      : [
          {
            code: 'STATE_DAMAGED',
            message: `${damaged.length} of the ledger’s state rows were changed by hand, the first \`${damaged[0]?.title}\`.`,
            ...where,
          },
        ]),
    ...(doubled === 0
      ? []
      : [
          {
            code: 'STATE_DOUBLED',
            message: `${doubled} of the ledger’s state rows are there twice.`,
            ...where,
          },
        ]),
  ];
}

function judgeSize({ rows }: LedgerRowFacts): readonly HealthFinding[] {
  if (rows.length <= ROWS_MAX) return [];
  const message = `The Ledger table has ${rows.length} rows, and ${ROWS_MAX} should be the most: every read of it takes longer.`;
  const fix = 'Make passes on a schedule: they remove settled rows after 14 days.';
  return [{ code: 'LEDGER_LONG', severity: 'warning', table: TABLE, message, fix }];
}

/** The limits of the API are the account's: a worker that shares one takes them from whoever presses buttons. */
function judgePresser({ rows, loginId }: LedgerRowFacts): readonly HealthFinding[] {
  const presses = rows.filter(({ by, kind }) => by === loginId && kind !== 'state');
  if (presses.length === 0) return [];
  const message = `The worker’s token is of ${loginId}, who presses buttons too: both share one budget of calls.`;
  const fix =
    'Make an account for the worker alone, share the doc with it, and use a token of that account.';
  return [{ code: 'ACCOUNT_SHARED', severity: 'info', message, fix }];
}

/** Whether somebody decides what is asked for, and in time. */
export function judgeSchedule(
  { rows, nowMs }: LedgerRowFacts,
  lastPass: LastPass | undefined,
): readonly HealthFinding[] {
  const waiting = rows.flatMap(({ kind, at }) =>
    kind === 'command' && isInstant(at) ? [toEpochMs(at)] : [],
  );
  const oldestMs = Math.min(...waiting);
  const passed =
    lastPass === undefined
      ? 'no pass from this folder is known'
      : `the last pass ended at ${lastPass.endedAt}`;
  const fix = 'Make a pass with `founder-hq sync`, and put it on a schedule.';
  const findings: HealthFinding[] = [];
  if (lastPass !== undefined && lastPass.outcome !== 'done') {
    const message = `The last pass failed with ${lastPass.outcome}, at ${lastPass.endedAt}.`;
    const again = 'Mend what is named here, and make a pass with `founder-hq sync`.';
    findings.push({ code: 'LAST_PASS_FAILED', severity: 'warning', message, fix: again });
  }
  if (nowMs - oldestMs > LATE_MS) {
    const message = `${waiting.length} ${waiting.length === 1 ? 'press of a button waits' : 'presses of buttons wait'} to be decided, the oldest since ${toInstant(oldestMs)}; ${passed}.`;
    findings.push({ code: 'SCHEDULE_BEHIND', severity: 'warning', message, fix });
  } else if (lastPass !== undefined && nowMs - toEpochMs(lastPass.endedAt) > STOPPED_MS) {
    const message = `No pass was made for a day: ${passed}.`;
    findings.push({ code: 'SCHEDULE_STOPPED', severity: 'warning', message, fix });
  }
  return findings;
}
