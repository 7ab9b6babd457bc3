import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, vi } from 'vitest';
import { type Register, runProgram } from '#worker/cli/program.ts';

/** A command as the process runs it, without a process of its own. */
export async function runCommand(register: Register, argv: readonly string[]) {
  let [out, err] = ['', ''];
  const stdout = vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    out += String(text);
    return true;
  });
  const stderr = vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    err += String(text);
    return true;
  });
  const before = process.exitCode;
  process.exitCode = undefined;
  const io = { out: (text: string) => (out += text), err: (text: string) => (err += text) };
  try {
    const groups = [{ heading: 'Numbers', commands: [register] }];
    const code = await runProgram(argv, groups, { ...io, isDebug: false });
    return { code: code ?? process.exitCode ?? 0, out, err };
  } finally {
    process.exitCode = before;
    stdout.mockRestore();
    stderr.mockRestore();
  }
}

/** A founder's folder of their own, in which commands of this file run: no doc is served there. Writes files into it. */
export function useEmptyFolder(): (name: string, text: string) => string {
  const folder = mkdtempSync(join(tmpdir(), 'founder-hq-folder-'));
  const before = process.cwd();
  beforeAll(() => process.chdir(folder));
  afterAll(() => {
    process.chdir(before);
    rmSync(folder, { recursive: true });
  });
  return (name, text) => {
    const path = join(folder, name);
    writeFileSync(path, text);
    return path;
  };
}
