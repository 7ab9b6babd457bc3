import { isUtf8 } from 'node:buffer';
import { createReadStream } from 'node:fs';
import type { DumpRow } from '#worker/store/index.ts';
import { type LedgerRow, verifyLedger, type Witness } from '#worker/verify/index.ts';
import { toBackupError } from './backup-error.ts';
import {
  BACKUP_VERSION,
  type BackupHeader,
  type BackupSummary,
  createTally,
  headerSchema,
  parseLine,
  rowSchema,
  toHeaderLine,
  toRowLine,
  toTrailerLine,
  trailerSchema,
} from './backup-lines.ts';

/** Longer than any row; a file without line ends must not fill the memory. Units: bytes. */
const LINE_MAX_BYTES = 64 * 1_024 * 1_024;
/** Far longer than any first line, so that a file which is no backup is known early. Units: bytes. */
const HEADER_MAX_BYTES = 16 * 1_024;
const LINE_END = 10;

/**
 * The rows of a backup; what they came to is told when all of them were read and the file was found whole. A reader that
 * keeps what it got must be able to undo it, since a fault may show in the last line.
 * Errors: `DomainError` `BACKUP_UNREADABLE`, `BACKUP_NEWER`, `BACKUP_CUT`, `BACKUP_EDITED`.
 */
export async function* readBackup(
  file: string,
  onWhole: (summary: BackupSummary) => void,
): AsyncGenerator<DumpRow> {
  let tally: ReturnType<typeof createTally> | undefined;
  let isEnded = false;
  for await (const line of readLines(file)) {
    if (isEnded) throw toBackupError('BACKUP_EDITED', `\`${file}\` goes on after its end`);
    if (tally === undefined) {
      tally = createTally(readHeader(line, file));
      continue;
    }
    const value = parseLine(line);
    if (trailerSchema.safeParse(value).success) {
      const summary = tally.summary();
      checkSame(line, { expected: toTrailerLine(summary), file });
      isEnded = true;
      onWhole(summary);
      continue;
    }
    const row = rowSchema.safeParse(value);
    if (!row.success) throw toBackupError('BACKUP_EDITED', `\`${file}\` has a line that is no row`);
    checkSame(line, { expected: toRowLine(row.data), file });
    tally.add(row.data);
    yield row.data;
  }
  if (!isEnded) throw toBackupError('BACKUP_CUT', `\`${file}\` ends before its last line`);
}

/**
 * What a backup holds, once every line, the ledger in it and what the witness saw of that ledger were checked. Nothing is kept.
 * Errors: those of `readBackup`, `BACKUP_OF_OTHER_DOC`, `BACKUP_OUTDATED`, and `BACKUP_BROKEN` where the file is whole and the ledger in it is not.
 */
export async function checkBackup(file: string, witness: Witness): Promise<BackupSummary> {
  let whole: BackupSummary | undefined;
  async function* readEvents(): AsyncGenerator<LedgerRow> {
    for await (const { table, row } of readBackup(file, (summary) => (whole = summary))) {
      const { position, body, hash } = row;
      if (table === 'events') {
        yield { position: Number(position), body: String(body), hash: String(hash) };
      }
    }
  }
  const { docId } = witness;
  const found = await readDocId(file);
  if (found !== docId) {
    const text = `\`${file}\` is a backup of doc ${found}, expected doc ${docId}`;
    throw toBackupError('BACKUP_OF_OTHER_DOC', text);
  }
  const events = readEvents();
  const verdict = await verifyLedger({
    ...witness,
    rows: events,
    readHead: () => whole?.head ?? { position: 0, hash: '' },
  });
  if (verdict.ok && whole !== undefined) return whole;
  // A fault in the middle may be the file's rather than the ledger's: its last line knows.
  for await (const _ of readBackup(file, () => {}));
  if (!verdict.ok && verdict.fault.code === 'ANCHOR_BEYOND') {
    const text = `\`${file}\` ends before event ${verdict.fault.position}, which an anchor saw`;
    throw toBackupError('BACKUP_OUTDATED', text);
  }
  throw toBackupError('BACKUP_BROKEN', `\`${file}\` holds a broken ledger: ${describe(verdict)}`);
}

function describe(verdict: Awaited<ReturnType<typeof verifyLedger>>): string {
  if (verdict.ok) return 'it has no end';
  const { code, position, expected, received } = verdict.fault;
  return `${code} at event ${position} (expected \`${expected}\`, received \`${received}\`)`;
}

async function readDocId(file: string): Promise<string> {
  for await (const line of readLines(file)) return readHeader(line, file).docId;
  throw toBackupError('BACKUP_CUT', `\`${file}\` is empty`);
}

function readHeader(line: string, file: string): BackupHeader {
  const header = headerSchema.safeParse(parseLine(line));
  if (!header.success) throw toBackupError('BACKUP_UNREADABLE', `\`${file}\` is no backup`);
  const { docId, at, version } = header.data;
  if (version > BACKUP_VERSION) {
    const text = `\`${file}\` was written by a newer Founder HQ (expected version ${BACKUP_VERSION}, received ${version})`;
    throw toBackupError('BACKUP_NEWER', text);
  }
  checkSame(line, { expected: toHeaderLine({ docId, at }), file });
  return { docId, at };
}

/** Every line has one form, so that one that was touched anywhere is found even where its meaning stayed. */
function checkSame(line: string, { expected, file }: { expected: string; file: string }): void {
  if (line !== expected) throw toBackupError('BACKUP_EDITED', `\`${file}\` was changed`);
}

/** Lines that ended; what follows the last end is half a line, and thrown for. Each byte is copied once at most. */
async function* readLines(file: string): AsyncGenerator<string> {
  let parts: Buffer[] = [];
  let partBytes = 0;
  let maxBytes = HEADER_MAX_BYTES;
  const chunks: AsyncIterable<Buffer> = createReadStream(file);
  for await (const chunk of chunks) {
    let start = 0;
    for (let end = chunk.indexOf(LINE_END); end >= 0; end = chunk.indexOf(LINE_END, start)) {
      yield toText([...parts, chunk.subarray(start, end)], file);
      parts = [];
      partBytes = 0;
      maxBytes = LINE_MAX_BYTES;
      start = end + 1;
    }
    parts.push(chunk.subarray(start));
    partBytes += chunk.length - start;
    if (partBytes > maxBytes) {
      throw toBackupError('BACKUP_UNREADABLE', `\`${file}\` has a line without end`);
    }
  }
  if (partBytes > 0) throw toBackupError('BACKUP_CUT', `\`${file}\` ends within a line`);
}

function toText(parts: readonly Buffer[], file: string): string {
  const line = Buffer.concat(parts);
  if (isUtf8(line)) return line.toString('utf8');
  throw toBackupError('BACKUP_EDITED', `\`${file}\` is no UTF-8 text`);
}
