import { closeSync, existsSync, openSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * Makes a file that is not there yet for this account alone, since ledgers and docs tell rates and hours. What lies there
 * keeps its rights; a folder that is missing is left to whoever opens the file.
 */
export function makePrivateFile(file: string): void {
  if (file === ':memory:' || existsSync(file) || !existsSync(dirname(file))) return;
  closeSync(openSync(file, 'a', 0o600));
}
