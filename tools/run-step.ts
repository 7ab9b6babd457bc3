import { spawn } from 'node:child_process';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder that holds `package.json`. */
export const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** How a program ended, and all it printed. */
export interface StepOutcome {
  readonly exitCode: number;
  readonly output: string;
}

/** Runs one program to its end, found as `npm run` would find it, without colours. Units: `timeoutMs`. */
export function runStep(
  step: readonly string[],
  { cwd = ROOT, timeoutMs = 300_000 }: { cwd?: string; timeoutMs?: number } = {},
): Promise<StepOutcome> {
  const [program = '', ...args] = step;
  const path = `${join(cwd, 'node_modules', '.bin')}${delimiter}${process.env['PATH'] ?? ''}`;
  return new Promise((resolve) => {
    const child = spawn(program, args, {
      cwd,
      timeout: timeoutMs,
      env: { ...process.env, PATH: path, NO_COLOR: '1' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const chunks: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => chunks.push(chunk));
    const finish = (exitCode: number, last = ''): void => {
      resolve({ exitCode, output: `${Buffer.concat(chunks).toString()}${last}`.trim() });
    };
    child.once('error', (error) => finish(127, `${program}: ${error.message}`));
    child.once('close', (code, signal) => {
      finish(code ?? 1, signal === null ? '' : `\n${program} was ended by ${signal}`);
    });
  });
}
