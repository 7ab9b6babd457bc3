import {
  COST_COMMAND_DATA,
  createCommand,
  type DraftOf,
  GATE_COMMAND_DATA,
  type GateCommand,
  optimisticView,
  type RecordCostCommand,
  readCommandRow,
  toCommandRow,
} from '#shared/ledger/index.ts';
import { toDocId } from '../doc-address.ts';
import { type DocParameters, openApi, openLedger } from '../doc-reader.ts';
import { failure } from '../failures.ts';
import type * as coda from '../sdk.ts';
import { sha256 } from '../sha256.ts';
import { describeKnown } from './describe-press.ts';
import { malformed } from './press.ts';
import { insertRow, readAnchored } from './record-press.ts';

/** A command that moves no clock, so that only the worker can say what comes of it. */
type AskCommand = GateCommand | RecordCostCommand;

/** What a button asks of the worker. */
export interface Ask extends DocParameters {
  /** What people read in the Ledger table, without the one who asks. */
  readonly title: string;
  readonly asked: Pick<DraftOf<AskCommand>, 'type' | 'data'>;
}

const FORMS = { ...COST_COMMAND_DATA, ...GATE_COMMAND_DATA };

/** Inserts the one row an ask is and says what is known of it. Errors: a value nobody can mean. */
export async function recordAsk(
  context: coda.ExecutionContext,
  { title: what, asked, ...where }: Ask,
): Promise<string> {
  const atMs = Date.now();
  const api = openApi(context);
  const [{ loginId: by, name }, ledger] = await Promise.all([api.whoami(), openLedger(api, where)]);
  const command = createCommand({ ...asked, atMs, by }, sha256);
  const title = `${what} · ${name}`;
  const row = { ...toCommandRow(command, title), outcome: '', seq: '' };
  const read = readCommandRow(row, FORMS, sha256);
  if (!read.ok) throw malformed(read.refusal.detail);
  const visible = await readAnchored(api, ledger, row.stream);
  const facts = { docId: toDocId(where.doc), nowMs: atMs, sha256 };
  const { mode } = optimisticView(visible, facts);
  if (mode === 'copied') throw failure('LEDGER_COPIED', facts);
  const known = visible.find(({ key }) => key === command.key);
  if (known !== undefined) return describeKnown(title, known);
  await insertRow(api, ledger, row);
  return mode === 'worker'
    ? `Recorded: ${title}. The worker decides it at its next pass.`
    : `Recorded: ${title}. It waits for a worker, and no sign of one is to be seen here.`;
}
