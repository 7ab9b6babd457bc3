import * as v from 'valibot';
import {
  accept,
  type Instant,
  isInstant,
  type Result,
  refuse,
  type Sha256,
  toCrockfordId,
  toEpochMs,
  toInstant,
} from '#shared/kernel/index.ts';
import type { LedgerRow } from './ledger-row.ts';

/** What every command has: what makes it one, and who made it when. */
export interface Pressed {
  /** 26 Crockford characters: one key, one effect, however many rows carry it. */
  readonly key: string;
  /** When the button was pressed, fixed once and kept over retries. Units: ms since 1970. */
  readonly atMs: number;
  /** The account that pressed; not a proven person. */
  readonly by: string;
}

/** What the data of each type of command looks like: a new command is a new line of such a table. */
export type CommandForms = Readonly<Record<string, v.GenericSchema>>;

/** A command of one of the types of a table. */
export type CommandIn<Forms extends CommandForms> = {
  readonly [Type in keyof Forms & string]: Pressed & {
    readonly type: Type;
    readonly data: v.InferOutput<Forms[Type]>;
  };
}[keyof Forms & string];

/** A command before it has its key. */
export type DraftOf<Asked extends Pressed> = Asked extends Pressed ? Omit<Asked, 'key'> : never;

/** What is needed of any command to write it down. */
export interface AnyDraft extends Omit<Pressed, 'key'> {
  readonly type: string;
  /** What it is about names the stream of its row: a person's desk, a run, or what a cost is for. */
  readonly data:
    | { readonly person: string }
    | { readonly run: string }
    | { readonly target: string };
}

/** Why a row is no command. It never becomes one, so it is refused at once. */
export interface Malformed {
  readonly code: 'NO_HANDLER' | 'MALFORMED' | 'EDITED';
  readonly detail: string;
}

/**
 * What adds something is known by what it adds and not by its press, so that the same once more, minutes or months later and from
 * whichever account, is the same; by type, with what of its data does not tell two of them apart.
 */
const ADDITIVE: Readonly<Record<string, readonly string[]>> = {
  LogHours: [],
  RecordCost: ['category'],
};

/**
 * The command of one press. Nothing that was read from the doc enters its key, since what a Pack reads may be minutes old:
 * a key covers what was asked, by whom and when; that of an additive command covers what was added.
 */
export const createCommand = <const Draft extends AnyDraft>(
  draft: Draft,
  sha256: Sha256,
): Draft & Pick<Pressed, 'key'> => ({ ...draft, key: toKey(draft, sha256) });

/** A clock that was never set tells 1970 or worse, and a run from then on would last for decades. */
const isOfToday = (at: Instant): boolean => at >= '2000' && at < '2100';

const DESK = 'desk/';

/** Whose desk a command is for: one person's runs are decided together, since a person works on one thing at a time. */
export const toDeskId = (person: string): string => `${DESK}${person.trim().toLowerCase()}`;
/** What a desk's person was called, in lower case. */
export const toDeskPerson = (deskId: string): string => deskId.slice(DESK.length);

/** The one row a button inserts. It never carries an outcome or a seq: those are the worker's to say. */
export function toCommandRow(
  command: AnyDraft & Pressed,
  title: string,
): Omit<LedgerRow, 'outcome' | 'seq'> {
  return {
    title,
    kind: 'command',
    state: 'pending',
    key: command.key,
    stream: toStream(command),
    type: command.type,
    at: toInstant(command.atMs),
    by: command.by,
    data: JSON.stringify(command.data),
  };
}

/**
 * The command in a row of the Ledger table. Refusals: `NO_HANDLER` for a type the table of forms does not have, `MALFORMED`, and `EDITED`
 * where the row was changed by hand, so that it no longer fits its key.
 */
export function readCommandRow<Forms extends CommandForms>(
  row: LedgerRow,
  forms: Forms,
  sha256: Sha256,
): Result<CommandIn<Forms>, Malformed> {
  const { type, at, by, key } = row;
  const form = Object.hasOwn(forms, type) ? forms[type] : undefined;
  if (form === undefined) {
    return refuse({ code: 'NO_HANDLER', detail: `no handler for \`${type}\`` });
  }
  if (!isInstant(at) || !isOfToday(at) || by === '') {
    const detail = '`at` must be an instant from 2000 to 2099 and `by` an account';
    return refuse({ code: 'MALFORMED', detail });
  }
  const read = v.safeParse(form, parseJson(row.data));
  if (!read.success) {
    const [issue] = read.issues;
    const detail = `\`${v.getDotPath(issue) ?? ''}\`: ${issue.message}`;
    return refuse({ code: 'MALFORMED', detail });
  }
  const command = { key, by, atMs: toEpochMs(at), type, data: read.output } as CommandIn<Forms>;
  return toKey(command, sha256) === key
    ? accept(command)
    : refuse({ code: 'EDITED', detail: 'the row was changed by hand; press the button again' });
}

function toStream({ data }: AnyDraft): string {
  if ('person' in data) return toDeskId(data.person);
  return 'run' in data ? `run/${data.run}` : `cost/${data.target.trim().toLowerCase()}`;
}

function toKey(
  { type, data, by, atMs }: Omit<AnyDraft, 'data'> & { readonly data: unknown },
  sha256: Sha256,
): string {
  const apart = ADDITIVE[type];
  const what = Object.entries(Object(data))
    .filter(([name, value]) => value !== undefined && apart?.includes(name) !== true)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => [name, toKeyed(name, value)]);
  const press = apart === undefined ? [by, atMs] : [];
  return toCrockfordId(sha256(JSON.stringify([type, what, ...press])));
}

/** What a key goes by: neither blanks around a text nor zeros at the ends of an amount make another of it. */
function toKeyed(name: string, value: unknown): unknown {
  if (typeof value !== 'string') return value;
  const text = value.trim();
  if (name !== 'amount') return text;
  return text
    .replace(/^(-?)0+(?=\d)/, '$1')
    .replace(/(\.\d*?)0+$/, '$1')
    .replace(/\.$/, '');
}

function parseJson(data: string): unknown {
  try {
    return JSON.parse(data);
  } catch {
    return undefined;
  }
}
