import { describe, expect, it } from 'vitest';
import { runStep } from '../../tools/run-step.ts';

describe('npm run gates', () => {
  it('runs the gate that is named, and says how it went in one line', async () => {
    const { exitCode, output } = await runStep(['node', 'tools/gates.ts', 'docs']);
    expect(exitCode).toBe(0);
    expect(output).toMatch(/^ok +docs +\d+\.\d s {2}\S.*\n\n1 of 1 gates are green\.$/);
  });

  it('names the gates there are to whoever asks for another', async () => {
    const { exitCode, output } = await runStep(['node', 'tools/gates.ts', 'docs', 'dogs']);
    expect(exitCode).toBe(2);
    expect(output).toMatch(/^error: no gate `dogs`\nnext: choose from .*lint.*docs/);
  });
});

describe('runStep', () => {
  it('gives back what a program prints on both streams, and its exit code', async () => {
    const script = "console.log('out'); console.error('err'); process.exitCode = 3;";
    const { exitCode, output } = await runStep(['node', '--eval', script]);
    expect(exitCode).toBe(3);
    expect(output.split('\n').sort()).toEqual(['err', 'out']);
  });

  it('does not wait for ever', async () => {
    const script = 'setInterval(() => {}, 1_000)';
    const { exitCode, output } = await runStep(['node', '--eval', script], { timeoutMs: 300 });
    expect(exitCode).not.toBe(0);
    expect(output).toContain('node was ended by SIGTERM');
  });

  it('says which program is missing', async () => {
    const { exitCode, output } = await runStep(['no-such-program']);
    expect([exitCode, output]).toEqual([127, expect.stringContaining('no-such-program')]);
  });
});
