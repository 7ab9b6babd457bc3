import { parseContract } from '#shared/contracts/index.ts';
import { compareText, type Result, refuse } from '#shared/kernel/index.ts';
import { sha256 } from '#worker/store/index.ts';
import { createWorkLedger } from '#worker/work/index.ts';
import { type EventLine, readEventLines } from './event-lines.ts';
import {
  type EventLedger,
  type EventRefusal,
  type EventTaken,
  explainContract,
  takeEvent,
} from './take-event.ts';

/** A line that was not taken, as it stood. */
export interface RefusedEvent extends EventRefusal {
  /** From 1. */
  readonly line: number;
  readonly text: string;
}

/** What came of a file of events. */
export interface EventsReport {
  readonly taken: number;
  /** Those the ledger had already. */
  readonly existed: number;
  readonly refused: readonly RefusedEvent[];
  /** Lines of which the ledger counts some figures otherwise than they tell. */
  readonly otherFigures: readonly { readonly line: number; readonly fields: readonly string[] }[];
  /** A last line without a line break, which was not looked at: its writer may not be done. */
  readonly tornLine?: number;
}

/** Where events are taken from, and what goes on meanwhile. */
export interface EventsSource {
  readonly bytes: AsyncIterable<Uint8Array>;
  /** Asked now and then; it may stop the work by an error. */
  readonly keep?: (() => Promise<void>) | undefined;
  readonly onRead?: ((lines: number) => void) | undefined;
}

/** Lines between two looks around. */
const STEP_LINES = 200;
/** Refusals that another line of the same file may lift, since tools write side by side. */
const MAY_COME: ReadonlySet<string> = new Set([
  'ENTITY_UNKNOWN',
  'EVENT_DIFFERS',
  'ILLEGAL_TRANSITION',
  'RECORD_REFUSED',
  'STALE_LEASE',
]);
/** Lines that are looked at again; beyond them the first answer holds. */
const EARLY_MAX = 10_000;

/** Takes the events of a file in, each by itself and once; those that came too early are tried again. Errors: those of the store. */
export async function takeEvents(
  source: EventsSource,
  ledger: Omit<EventLedger, 'work'>,
): Promise<EventsReport> {
  const taker = createTaker({ ...ledger, work: createWorkLedger(ledger.store, sha256) });
  for await (const line of readEventLines(source.bytes)) {
    if (line.isTorn) {
      taker.tear(line);
      break;
    }
    await taker.take(line);
    if (line.line % STEP_LINES !== 0) continue;
    await taker.retry();
    await source.keep?.();
    source.onRead?.(line.line);
  }
  await taker.retry();
  return taker.report();
}

function createTaker(ledger: EventLedger) {
  const tally = createTally();
  let early: Tried[] = [];
  const attempt = async (line: EventLine): Promise<Tried> => ({
    line,
    ...(await takeLine(line, ledger)),
  });
  return {
    tear: tally.tear,
    async take(line: EventLine): Promise<void> {
      const tried = await attempt(line);
      if (isEarly(tried) && early.length < EARLY_MAX) early.push(tried);
      else tally.note(tried);
    },
    /** Tries those that came too early again and again, as long as one of them comes in. */
    async retry(): Promise<void> {
      for (let left = early.length + 1; early.length > 0 && early.length < left; ) {
        left = early.length;
        const again: Tried[] = [];
        // Told in another order than things happened in, they come in fastest in that one.
        const inOrder = early.toSorted((one, other) => compareText(one.at, other.at));
        for (const { line } of inOrder) again.push(await attempt(line));
        for (const tried of again.filter((one) => !isEarly(one))) tally.note(tried);
        early = again.filter(isEarly);
      }
    },
    report: (): EventsReport => {
      for (const tried of early) tally.note(tried);
      return tally.report();
    },
  };
}

/** A line, and what came of it. */
interface Tried extends Answer {
  readonly line: EventLine;
}

interface Answer {
  readonly result: Result<EventTaken, EventRefusal>;
  /** When it happened; blank where that cannot be read. */
  readonly at: string;
}

const isEarly = ({ result }: Tried): boolean => !result.ok && MAY_COME.has(result.refusal.code);

async function takeLine({ text, isCut }: EventLine, ledger: EventLedger): Promise<Answer> {
  if (isCut) return noEvent('TEXT_TOO_LONG', 'it is longer than any event');
  const event = parseContract(text, 'execution_event');
  if (!event.ok) return noEvent(event.refusal.code, explainContract(event.refusal));
  return { at: event.value.at, result: await takeEvent(event.value, ledger) };
}

const noEvent = (code: string, reason: string): Answer => ({
  at: '',
  result: refuse({ code, reason }),
});

function createTally() {
  const refused: RefusedEvent[] = [];
  const otherFigures: { line: number; fields: readonly string[] }[] = [];
  let taken = 0;
  let existed = 0;
  let tornLine: number | undefined;
  return {
    tear: ({ line }: EventLine): void => {
      tornLine = line;
    },
    note: ({ line: { line, text }, result }: Tried): void => {
      if (!result.ok) {
        refused.push({ line, text, ...result.refusal });
        return;
      }
      const { kind, otherFigures: fields } = result.value;
      if (kind === 'taken') taken += 1;
      else existed += 1;
      if (fields.length > 0) otherFigures.push({ line, fields });
    },
    report: (): EventsReport => ({
      taken,
      existed,
      refused: refused.toSorted((one, other) => one.line - other.line),
      otherFigures,
      ...(tornLine === undefined ? {} : { tornLine }),
    }),
  };
}
