import { createHash } from 'node:crypto';
import * as z from 'zod/mini';
import { canonicalJson, type Json } from '#shared/ledger/index.ts';
import type { DumpRow } from '#worker/store/index.ts';
import type { LedgerEnd } from '#worker/verify/index.ts';

/** The form of a backup file: one JSON line that heads it, one for each row, one that sums it up. */
export const BACKUP_VERSION = 1;

/** What a backup is of. */
export interface BackupHeader {
  readonly docId: string;
  readonly at: string;
}

/** What a whole backup holds. */
export interface BackupSummary extends BackupHeader {
  /** Where the ledger in it ends. */
  readonly head: LedgerEnd;
  /** How many rows of each table it holds. */
  readonly tables: Readonly<Record<string, number>>;
  /** Of every line before the last. */
  readonly sha256: string;
}

/** Reads the first line. A newer version is let through, so that it can be told from what is no backup. */
export const headerSchema = z.object({
  format: z.literal('founder-hq-backup'),
  version: z.int(),
  docId: z.string(),
  at: z.iso.datetime(),
});

/** Reads the line of a row. */
export const rowSchema = z.strictObject({
  table: z.string(),
  row: z.record(z.string(), z.union([z.string(), z.number(), z.null()])),
});

/** Reads as much of the last line as tells it from a row. */
export const trailerSchema = z.object({ end: z.unknown() });

/** The first line of a backup. */
export const toHeaderLine = ({ docId, at }: BackupHeader): string =>
  canonicalJson({ format: 'founder-hq-backup', version: BACKUP_VERSION, docId, at });

/** The line of a row. */
export const toRowLine = ({ table, row }: DumpRow): string => canonicalJson({ table, row });

/** The last line of a backup. */
export const toTrailerLine = ({ head, tables, sha256 }: BackupSummary): string =>
  canonicalJson({ end: { head: { ...head }, tables, sha256 } });

/** Sums up a backup while its lines go by, for whoever writes one and whoever reads it. */
export function createTally(header: BackupHeader): {
  add(row: DumpRow): void;
  summary(): BackupSummary;
} {
  const hash = createHash('sha256').update(`${toHeaderLine(header)}\n`);
  const tables: Record<string, number> = {};
  let head: LedgerEnd = { position: 0, hash: '0'.repeat(64) };
  return {
    add(dumped) {
      hash.update(`${toRowLine(dumped)}\n`);
      const { table, row } = dumped;
      tables[table] = (tables[table] ?? 0) + 1;
      if (table === 'events') {
        head = { position: Number(row['position']), hash: String(row['hash']) };
      }
    },
    summary: () => ({ ...header, head, tables, sha256: hash.copy().digest('hex') }),
  };
}

/** What a line says; nothing where it is no JSON. */
export function parseLine(line: string): Json | undefined {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
