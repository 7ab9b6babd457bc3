import type { DocApi } from '#shared/coda/index.ts';
import { isDomainError } from '#shared/kernel/index.ts';
import {
  createCommand,
  optimisticView,
  parseCommandRow,
  toCommandRow,
  type VisibleRow,
} from '#shared/ledger/index.ts';
import { toDocId } from '../doc-address.ts';
import { type Ledger, openApi, openLedger, readStream } from '../doc-reader.ts';
import { failure } from '../failures.ts';
import type * as coda from '../sdk.ts';
import { sha256 } from '../sha256.ts';
import { describePress } from './describe-press.ts';
import { type GatesOfTask, readGatesOfTask } from './gates-of-task.ts';
import { type Press, toDraft, toTitle } from './press.ts';

const ANCHOR_STREAM = 'ledger';
/** A row inserted twice is still one command, so an insert whose answer was lost may simply be sent again. */
const INSERT_TRIES = 2;

/**
 * Inserts the one row a press is and says what it did. It reads only what words the answer, for what is visible may be
 * minutes old; the moment of the press is taken first and once, so that a row sent twice is one command.
 */
export async function recordPress(context: coda.ExecutionContext, press: Press): Promise<string> {
  const atMs = Date.now();
  const api = openApi(context);
  const [account, ledger] = await Promise.all([api.whoami(), openLedger(api, press)]);
  const command = createCommand(toDraft(press, account, atMs), sha256);
  const title = toTitle(command, press, account);
  const row = { ...toCommandRow(command, title), outcome: '', seq: '' };
  const read = parseCommandRow(row, sha256);
  if (!read.ok) throw failure('COMMAND_MALFORMED', { detail: read.refusal.detail });

  const docId = toDocId(press.doc);
  const [visible, gates] = await Promise.all([
    readAnchored(api, ledger, row.stream),
    press.type === 'FinishRun' ? readGates(api, docId, command.data.task) : NO_GATES,
  ]);
  const facts = { docId, nowMs: atMs, sha256 };
  const before = optimisticView(visible, facts);
  if (before.mode === 'copied') throw failure('LEDGER_COPIED', { docId: facts.docId });
  const known = visible.find(({ key }) => key === command.key);
  if (known === undefined) await insertRow(api, ledger, row);
  // Without a worker nobody looks at gates, so a run ends where it is finished. Of other tasks no end is shown here.
  const required = before.mode === 'worker' ? (gates?.required ?? []) : [];
  const after = optimisticView([...visible, row], { ...facts, gatesOf: () => required });
  return describePress({ title, command, before, after, known, gates });
}

const NO_GATES: GatesOfTask = { required: [], missing: [] };

/** What only words the answer must not keep a press from being recorded. */
const readGates = (api: DocApi, docId: string, task: string): Promise<GatesOfTask | undefined> =>
  readGatesOfTask(api, docId, task).catch((error: unknown) => {
    if (isDomainError(error)) return undefined;
    throw error;
  });

/** The rows of a stream, and the row that says whose the table is. */
export async function readAnchored(
  api: DocApi,
  ledger: Ledger,
  stream: string,
): Promise<readonly VisibleRow[]> {
  const streams = [stream, ANCHOR_STREAM];
  const rows = await Promise.all(streams.map((one) => readStream(api, ledger, one)));
  return rows.flat();
}

/** Inserts the row of a command, once more where the answer was lost. Errors: those of the API. */
export async function insertRow(
  api: DocApi,
  { docId, tableId, binding }: Ledger,
  row: ReturnType<typeof toCommandRow>,
): Promise<void> {
  const columns = binding.tables.get('Ledger')?.columns;
  const cells = Object.entries(row).flatMap(([name, value]) => {
    const column = columns?.get(name)?.columnId;
    // Outcome and seq are the worker's to say, not even to say that they are blank.
    return column === undefined || name === 'outcome' || name === 'seq' ? [] : [{ column, value }];
  });
  for (let attempt = 1; ; attempt += 1) {
    try {
      await api.upsertRows(docId, tableId, { rows: [cells], isParsingDisabled: true });
      return;
    } catch (error) {
      const mayHelp = isDomainError(error) && error.retryable && error.code !== 'RATE_LIMITED';
      if (!mayHelp || attempt === INSERT_TRIES) throw error;
    }
  }
}
