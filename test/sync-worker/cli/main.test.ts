import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';

const MAIN = fileURLToPath(new URL('../../../sync-worker/main.ts', import.meta.url));
const INTERRUPT = new URL('../../../sync-worker/cli/interrupt.ts', import.meta.url).href;

describe('the process', () => {
  it('survives a reader that has seen enough', async () => {
    const child = spawn(process.execPath, [MAIN, '--help'], { stdio: ['ignore', 'pipe', 'pipe'] });
    child.stdout.destroy();
    let err = '';
    child.stderr.on('data', (chunk: Buffer) => void (err += chunk.toString()));
    const [code] = await once(child, 'close');
    expect([code, err]).toEqual([0, '']);
  });

  it('tells a command of the first Ctrl-C and ends at the second', async () => {
    const script = `
      const { interruptSignal } = await import(${JSON.stringify(INTERRUPT)});
      const stay = setInterval(() => {}, 1_000);
      interruptSignal().addEventListener('abort', () => console.log('stopping'));
      console.log('ready');
    `;
    const child = spawn(process.execPath, ['--input-type=module', '--eval', script]);
    onTestFinished(() => void child.kill('SIGKILL'));
    child.stdout.setEncoding('utf8');
    expect(String((await once(child.stdout, 'data'))[0]).trim()).toBe('ready');
    child.kill('SIGINT');
    expect(String((await once(child.stdout, 'data'))[0]).trim()).toBe('stopping');
    child.kill('SIGINT');
    expect((await once(child, 'close'))[0]).toBe(130);
  });
});
