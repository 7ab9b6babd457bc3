import type { Account } from '#shared/coda/index.ts';
import type {
  DraftOf,
  HoursCommand,
  LifecycleCommand,
  LifecycleType,
} from '#shared/ledger/index.ts';
import type { DocParameters } from '../doc-reader.ts';
import { failure } from '../failures.ts';

interface Asked extends DocParameters {
  readonly task: string;
  /** Who works; blank for the account itself. */
  readonly person: string | undefined;
}

/** What a button was asked, before it is known who pressed it. */
export type Press =
  | (Asked & { readonly type: LifecycleType; readonly note?: string | undefined })
  | (Asked & {
      readonly type: 'LogHours';
      readonly hours: number;
      readonly day: string;
      readonly note: string;
      readonly entry: number | undefined;
    });

const MAX_NOTE_CHARS = 10_000;
/** The command of a press. */
export type PressCommand = LifecycleCommand | HoursCommand;

const VERBS: Readonly<Record<PressCommand['type'], string>> = {
  StartRun: 'Start',
  PauseRun: 'Pause',
  ResumeRun: 'Resume',
  FinishRun: 'Finish',
  LogHours: 'Log',
};

/** The command a press asks for, without its key. Errors: a value nobody can mean. */
export function toDraft(press: Press, account: Account, atMs: number): DraftOf<PressCommand> {
  const task = press.task.trim();
  if (task === '') throw malformed('the task is blank');
  const note = toNote(press.note ?? '');
  const who = { task, person: toPerson(press.person, account) };
  const by = account.loginId;
  if (press.type !== 'LogHours') {
    const { type } = press;
    return { type, atMs, by, data: { ...who, ...(note === '' ? {} : { note }) } };
  }
  const { type, day } = press;
  const hours = toHours(press.hours);
  return { type, atMs, by, data: { ...who, hours, day, note, entry: toEntry(press.entry ?? 1) } };
}

/** What people read in the Ledger table. */
export function toTitle(command: PressCommand, press: Press, account: Account): string {
  const amount = command.type === 'LogHours' ? ` ${command.data.hours} h` : '';
  const named = press.person?.trim() ?? '';
  const who = named === '' ? account.name : named;
  return `${VERBS[command.type]}${amount} · ${command.data.task} · ${who}`;
}

/** The account's own name and address mean the same person as no person given, and so the same desk. */
function toPerson(person: string | undefined, { name, loginId }: Account): string {
  const text = person?.trim() ?? '';
  const isSelf = [name, loginId].some((own) => own.toLowerCase() === text.toLowerCase());
  return text === '' || isSelf ? loginId : text;
}

function toNote(note: string): string {
  if (note.length <= MAX_NOTE_CHARS) return note.trim();
  throw malformed(`the note has ${note.length} characters, more than ${MAX_NOTE_CHARS}`);
}

function toHours(hours: number): number {
  if (hours > 0 && hours <= 24) return hours;
  throw malformed(
    `hours must be above 0 and at most 24, not ${hours}; a Duration column counts days, so multiply it by 24`,
  );
}

function toEntry(entry: number): number {
  if (Number.isInteger(entry) && entry >= 1) return entry;
  throw malformed(`entry must be 1, 2, 3, …, not ${entry}`);
}

/** The error of a value nobody can mean. */
export const malformed = (detail: string): Error => failure('COMMAND_MALFORMED', { detail });
