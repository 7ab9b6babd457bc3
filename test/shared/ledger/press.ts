import { createHash } from 'node:crypto';
import {
  type Command,
  createCommand,
  type Desk,
  decideInbox,
  type HoursCommand,
  type LedgerRow,
  type LifecycleCommand,
  type LifecycleType,
  toCommandRow,
  type VisibleRow,
} from '#shared/ledger/index.ts';

/** SHA-256 by the platform. */
export const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** Nine o'clock on a Monday; presses are told in seconds from here. */
const NINE_MS = Date.parse('2026-03-02T09:00:00.000Z');
/** Units: seconds after nine → ms since 1970. */
export const at = (seconds: number): number => NINE_MS + seconds * 1_000;
/** Units: seconds. */
export const MINUTES = 60;
export const HOURS = 3_600;
export const DAYS = 24 * HOURS;

interface Asker {
  readonly by?: string;
  readonly person?: string;
  readonly note?: string;
  readonly run?: string;
}

/** A lifecycle press so many seconds after nine, by Dana for herself unless told otherwise. */
export function press(
  type: LifecycleType,
  task: string,
  seconds: number,
  asker: Asker = {},
): LifecycleCommand {
  const { by = 'dana', person = 'Dana', ...more } = asker;
  const draft = { type, atMs: at(seconds), by, data: { task, person, ...more } };
  return createCommand(draft, sha256);
}

/** Hours logged by Dana for herself. */
export function log(
  hours: number,
  seconds: number,
  more: Partial<HoursCommand['data']> & { readonly by?: string } = {},
): HoursCommand {
  const { by = 'dana', ...data } = more;
  const what = { task: 'Audit', person: 'Dana', day: '2026-03-02', note: 'call', entry: 1 };
  const draft = { type: 'LogHours', atMs: at(seconds), by, data: { ...what, hours, ...data } };
  return createCommand(draft as Omit<HoursCommand, 'key'>, sha256);
}

let rows = 0;
/** The row a button would insert, with some cells changed. */
export function toRow(command: Command, cells: Partial<LedgerRow> = {}): VisibleRow {
  rows += 1;
  const blank = { outcome: '', seq: '', rowId: `i-${rows}` };
  return { ...toCommandRow(command, command.type), ...blank, ...cells };
}

/** What the worker makes of commands it has had in hand for a day. */
export function decide(
  commands: readonly Command[],
  before: {
    readonly desks?: ReadonlyMap<string, Desk>;
    readonly position?: number;
    readonly seconds?: number;
    readonly seenSeconds?: number;
  } = {},
): ReturnType<typeof decideInbox> & { readonly outcomes: readonly string[] } {
  const { desks = new Map(), position = 0, seconds = DAYS, seenSeconds = 0 } = before;
  const inbox = decideInbox({
    waiting: commands.map((command) => ({ command, firstSeenMs: at(seenSeconds) })),
    desks,
    headPosition: position,
    nowMs: at(seconds),
    sha256,
  });
  const toText = ({ command, outcome }: (typeof inbox.decisions)[number]) =>
    `${command.type} ${command.data.task}: ${outcome.kind}${outcome.kind === 'refused' ? ` ${outcome.code}` : ''}`;
  return { ...inbox, outcomes: inbox.decisions.map(toText) };
}

/** Dana's desk after commands that were all decided a day later. */
export function toDesk(...commands: readonly Command[]): Desk {
  const desk = decide(commands).desks.get('desk/dana');
  if (desk === undefined) throw new Error('nothing was decided for Dana');
  return desk;
}
