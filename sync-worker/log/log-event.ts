import { isDomainError } from '#shared/kernel/index.ts';

/**
 * What can be said in the log. Only codes, counts, times, ids and places of the code: no message and no cell, since those may quote a note, a
 * rate or a cost. What a failure says in words goes to whoever started the command.
 */
export type LogEvent = LogFacts & {
  /** Which doc it is about, where one process serves several. */
  readonly doc?: string;
};

type LogFacts =
  | { readonly event: 'started'; readonly command: string; readonly version: string }
  | { readonly event: 'ended'; readonly exitCode: number | string; readonly ms: number }
  | ({ readonly event: 'request'; readonly ms: number } & RequestFacts & {
        readonly status: number;
      })
  | ({ readonly event: 'request_failed'; readonly ms: number } & RequestFacts & FailureFacts)
  | { readonly event: 'waited'; readonly ms: number }
  | { readonly event: 'step'; readonly step: string; readonly tick: number }
  | ({ readonly event: 'tick'; readonly ms: number } & TickFacts)
  | ({ readonly event: 'tick_failed'; readonly ms: number } & FailureFacts)
  | {
      readonly event: 'finding';
      readonly severity: 'error' | 'warning' | 'info';
      readonly code: string;
      readonly count: number;
    }
  | ({ readonly event: 'failed' } & FailureFacts);

/** Which request it was: the limit it counts against, and no more of its address than its kind. */
export interface RequestFacts {
  readonly class: string;
  readonly method: string;
  /** `rows`, `mutationStatus`, `columns` …: what the address is about, without any id. */
  readonly about: string;
  /** 1 for the first try. */
  readonly attempt: number;
}

/** What a pass did, in numbers. */
export interface TickFacts {
  readonly ticks: number;
  readonly events: number;
  readonly commands: number;
  readonly waiting: number;
  readonly rowsSent: number;
  readonly rowsOnTheirWay: number;
  readonly unconfirmed: number;
  readonly held: number;
  readonly conflicts: number;
  readonly reads: number;
  readonly writes: number;
}

/** A failure by its codes, outermost first, and where in the code it arose. */
export interface FailureFacts {
  readonly codes: readonly string[];
  /** File and line. */
  readonly place?: string;
}

/** Takes an event. It never throws and is never waited for. */
export type Log = (event: LogEvent) => void;

/** A log that keeps nothing. */
export const SILENT: Log = () => undefined;

/** How loud an event is. */
export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

const REFUSED_FROM = 400;
/** Shorter waits are the rhythm of the requests; longer ones are worth a line. Units: ms. */
const LONG_WAIT_MS = 2_000;

/** The level of an event; a first answer that is good, a step and a short wait are for whoever looks closely. */
export function levelOf(event: LogEvent): LogLevel {
  switch (event.event) {
    case 'request':
      return event.status >= REFUSED_FROM || event.attempt > 1 ? 'warn' : 'debug';
    case 'request_failed':
      return 'warn';
    case 'waited':
      return event.ms >= LONG_WAIT_MS ? 'info' : 'debug';
    case 'step':
      return 'debug';
    case 'finding':
      return event.severity === 'warning' ? 'warn' : event.severity;
    case 'tick_failed':
    case 'failed':
      // Somebody wanted it so.
      return event.codes[0] === 'INTERRUPTED' ? 'info' : 'error';
    case 'started':
    case 'ended':
    case 'tick':
      return 'info';
  }
}

const DEPTH_MAX = 6;

/** A failure and all that lay behind it, by code, or by kind where there is none. */
export function toFailureFacts(error: unknown): FailureFacts {
  const place = error instanceof Error ? firstPlace(error) : undefined;
  return { codes: [...new Set(listCodes(error, 0))], ...(place === undefined ? {} : { place }) };
}

function listCodes(error: unknown, depth: number): readonly string[] {
  if (depth > DEPTH_MAX || error === undefined) return [];
  if (!(error instanceof Error)) return ['UNEXPECTED'];
  const code = isDomainError(error) || ('code' in error && typeof error.code === 'string');
  const parts: readonly unknown[] = error instanceof AggregateError ? error.errors : [];
  const behind = [error.cause, ...parts].flatMap((cause) => listCodes(cause, depth + 1));
  return [code ? String(error.code) : error.name, ...behind];
}

/** The file and line of the first frame: of the message above the frames nothing is read, whatever it looks like. */
function firstPlace({ stack = '', message }: Error): string | undefined {
  const start = stack.indexOf(message);
  if (start < 0) return undefined;
  const frames = stack.slice(start + message.length);
  return /\n\s+at .*?([\w.-]+:\d+):\d+\)?(?:\n|$)/.exec(frames)?.[1];
}
