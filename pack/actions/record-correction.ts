import { readLedgerRows } from '#shared/doc/index.ts';
import { type Instant, msToHours, toInstant } from '#shared/kernel/index.ts';
import {
  createCommand,
  optimisticView,
  parseCommandRow,
  toCommandRow,
} from '#shared/ledger/index.ts';
import { toDocId } from '../doc-address.ts';
import { type DocParameters, openApi, openLedger } from '../doc-reader.ts';
import { failure } from '../failures.ts';
import type * as coda from '../sdk.ts';
import { sha256 } from '../sha256.ts';
import { malformed } from './press.ts';
import { insertRow } from './record-press.ts';

/** What the button that corrects a run was asked. */
export interface Correction extends DocParameters {
  readonly run: string;
  readonly reason: string;
  readonly start: Date | undefined;
  readonly end: Date | undefined;
  readonly interruptionHours: number | undefined;
  readonly task: string | undefined;
}

/**
 * Inserts the row a correction is and says what becomes of the run by it. It reads the whole Ledger table, since a run's id does not say
 * whose it is. Errors: a value nobody can mean.
 */
export async function recordCorrection(
  context: coda.ExecutionContext,
  { interruptionHours, ...asked }: Correction,
): Promise<string> {
  const atMs = Date.now();
  const toMoment = (parameter: 'start' | 'end'): Instant | undefined => {
    const ms = asked[parameter]?.getTime();
    if (Number.isNaN(ms)) throw failure('DATE_UNREADABLE', { parameter });
    return ms === undefined ? undefined : toInstant(ms);
  };
  const run = asked.run.trim();
  const task = asked.task?.trim();
  const data = {
    run,
    reason: asked.reason.trim(),
    start: toMoment('start'),
    end: toMoment('end'),
    interruptionHours,
    task: task === '' ? undefined : task,
  };
  const api = openApi(context);
  const [{ loginId: by, name }, ledger] = await Promise.all([api.whoami(), openLedger(api, asked)]);
  const command = createCommand({ type: 'CorrectRun', atMs, by, data } as const, sha256);
  const rows = await readLedgerRows({ api, ...ledger });
  const row = { ...toCommandRow(command, ''), outcome: '', seq: '', rowId: '' };
  const read = parseCommandRow(row, sha256);
  if (!read.ok) throw malformed(read.refusal.detail);
  const facts = { docId: toDocId(asked.doc), nowMs: atMs, sha256 };
  const { mode, runs, commands } = optimisticView([...rows, row], facts);
  if (mode === 'copied') throw failure('LEDGER_COPIED', facts);
  const mine = runs.find(({ runId }) => runId === run);
  const title = `Correct · ${mine?.task ?? run} · ${name}`;
  await insertRow(api, ledger, toCommandRow(command, title));
  const doubt = commands.find(({ key }) => key === command.key)?.doubt;
  // A run that has left the Ledger table is still known to the worker.
  if (mine === undefined) return `Recorded: ${title}. The worker looks it up.`;
  return doubt === undefined
    ? `Recorded: ${title}. Now ${mine.state}, ${msToHours(mine.netMs).toFixed(2)} h.`
    : `Recorded: ${title}. It may be refused: ${doubt}.`;
}
