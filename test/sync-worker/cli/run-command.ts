import { vi } from 'vitest';
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
