import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';

/** Gives out paths in a folder that goes away with the test file. */
export function useStoreFiles(): () => string {
  const folder = mkdtempSync(join(tmpdir(), 'founder-hq-store-'));
  let count = 0;
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return () => {
    count += 1;
    return join(folder, `${count}.sqlite`);
  };
}
