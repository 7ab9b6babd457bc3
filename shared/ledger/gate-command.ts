import * as v from 'valibot';
import {
  accept,
  isDay,
  isInstant,
  type Result,
  refuse,
  type Sha256,
  toCrockfordId,
  toEpochMs,
  toInstant,
} from '#shared/kernel/index.ts';
import type { Malformed, Pressed } from './command.ts';
import type { LedgerRow } from './ledger-row.ts';

const words = v.pipe(v.string(), v.trim(), v.nonEmpty(), v.maxLength(500));
const isEnd = (text: string): boolean => isDay(text) || isInstant(text);
const RECORD = v.strictObject({
  run: words,
  gate: words,
  outcome: v.picklist(['passed', 'failed']),
  evidence: words,
});
const WAIVE = v.strictObject({
  run: words,
  gate: words,
  reason: words,
  expires: v.optional(v.pipe(v.string(), v.check(isEnd, 'Expected YYYY-MM-DD or an instant'))),
  approver: v.optional(words),
});

/** The outcome of a gate that somebody has to answer, and what shows it. */
export type RecordGateCommand = Pressed & {
  readonly type: 'RecordGate';
  readonly data: {
    /** A run's id, or its task. */
    readonly run: string;
    /** The gate by its key or its words. */
    readonly gate: string;
    readonly outcome: 'passed' | 'failed';
    /** What shows it: an address, a quotation. */
    readonly evidence: string;
  };
};
/** A wish for a waiver of a gate; without an end it is a wish to revoke the one in force. */
export type WaiveGateCommand = Pressed & {
  readonly type: 'WaiveGate';
  readonly data: {
    /** A run's id, or its task. */
    readonly run: string;
    /** The gate by its key or its words. */
    readonly gate: string;
    readonly reason: string;
    /** `YYYY-MM-DD`, which counts whole, or an instant; blank to revoke. */
    readonly expires?: string | undefined;
    /** Blank for whoever pressed. */
    readonly approver?: string | undefined;
  };
};
/** What a person asks of a gate by a button. */
export type GateCommand = RecordGateCommand | WaiveGateCommand;
/** A gate command before it has its key. */
export type GateCommandDraft = Omit<RecordGateCommand, 'key'> | Omit<WaiveGateCommand, 'key'>;

/** The command of one press on a gate; its key covers what was asked, by whom and when. */
export const createGateCommand = (draft: GateCommandDraft, sha256: Sha256): GateCommand => ({
  ...draft,
  key: toKey(draft, sha256),
});

/** The one row a button inserts; see the rows of other commands. */
export function toGateCommandRow(
  command: GateCommand,
  title: string,
): Omit<LedgerRow, 'outcome' | 'seq'> {
  const { key, type, by, atMs, data } = command;
  const at = toInstant(atMs);
  const stream = `run/${data.run}`;
  const row = { title, kind: 'command', state: 'pending', key, stream, type, at, by };
  return { ...row, data: JSON.stringify(data) };
}

/**
 * The gate command in a row of the Ledger table. Refusals: `NO_HANDLER` for any other type, `MALFORMED`, and `EDITED` where the row
 * no longer fits its key.
 */
export function parseGateCommandRow(
  row: LedgerRow,
  sha256: Sha256,
): Result<GateCommand, Malformed> {
  const { type, at, by, key } = row;
  if (type !== 'RecordGate' && type !== 'WaiveGate') {
    return refuse({ code: 'NO_HANDLER', detail: `no handler for \`${type}\`` });
  }
  if (!isInstant(at) || by === '') {
    return refuse({ code: 'MALFORMED', detail: '`at` must be an instant and `by` an account' });
  }
  const press = { key, by, atMs: toEpochMs(at) };
  const data = parseJson(row.data);
  const read =
    type === 'RecordGate'
      ? toCommand(v.safeParse(RECORD, data), (output) => ({ ...press, type, data: output }))
      : toCommand(v.safeParse(WAIVE, data), (output) => ({ ...press, type, data: output }));
  if (read.ok && toKey(read.value, sha256) !== key) {
    const detail = 'the row was changed by hand; press the button again';
    return refuse({ code: 'EDITED', detail });
  }
  return read;
}

function toCommand<Schema extends v.GenericSchema>(
  read: v.SafeParseResult<Schema>,
  build: (data: v.InferOutput<Schema>) => GateCommand,
): Result<GateCommand, Malformed> {
  if (read.success) return accept(build(read.output));
  const [issue] = read.issues;
  const detail = `\`${v.getDotPath(issue) ?? ''}\`: ${issue.message}`;
  return refuse({ code: 'MALFORMED', detail });
}

function toKey({ type, data, by, atMs }: GateCommandDraft, sha256: Sha256): string {
  const what = Object.entries(data)
    .filter(([, value]) => value !== undefined)
    .sort(([one], [other]) => (one < other ? -1 : 1));
  return toCrockfordId(sha256(JSON.stringify([type, what, by, atMs])));
}

function parseJson(data: string): unknown {
  try {
    return JSON.parse(data);
  } catch {
    return undefined;
  }
}
