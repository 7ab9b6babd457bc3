/**
 * What the dry run of a file of a million rows takes: seconds, and the most memory the process ever held; one JSON line.
 */
import { closeSync, createReadStream, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { importHistory } from '#worker/import/index.ts';

const ROWS = 1_000_000;
const ROWS_A_WRITE = 500;
const LIMIT_MB = 300;

function writeFile(file: string): void {
  const descriptor = openSync(file, 'w');
  writeSync(
    descriptor,
    'task_id,workflow,person,estimated_hours,actual_hours,started_on,project\n',
  );
  for (let from = 0; from < ROWS; from += ROWS_A_WRITE) {
    const rows = Array.from({ length: ROWS_A_WRITE }, (_, step) => toLine(from + step));
    writeSync(descriptor, rows.join(''));
  }
  closeSync(descriptor);
}

const toLine = (id: number): string =>
  `T-${id},Audit ${id % 200},Dana ${id % 20},${id % 40},${(id % 97) / 4},2026-03-02,"Acme, ${id % 50}"\n`;

const folder = mkdtempSync(join(tmpdir(), 'founder-hq-million-'));
try {
  const file = join(folder, 'million.csv');
  writeFile(file);
  const startMs = performance.now();
  const { accepted, refusedCount } = await importHistory({ source: createReadStream(file) });
  const seconds = Number(((performance.now() - startMs) / 1_000).toFixed(1));
  const peakMb = Math.round(process.resourceUsage().maxRSS / 1_000);
  const figures = { rows: ROWS, accepted, refusedCount, seconds, peakMb, limitMb: LIMIT_MB };
  console.log(JSON.stringify(figures));
  if (accepted !== ROWS || peakMb > LIMIT_MB) process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true });
}
