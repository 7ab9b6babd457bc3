/** `npm run docs`: diagrams and reference tables out of the transition tables; `--check` only compares. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { toLifecyclePages } from './lifecycle-pages.ts';
import { ROOT } from './run-step.ts';

const isCheck = process.argv.includes('--check');

for (const { path, text } of toLifecyclePages()) {
  const target = join(ROOT, path);
  if (!isCheck) {
    await mkdir(dirname(target), { recursive: true });
    await writeFile(target, text);
    console.log(`wrote ${path}`);
  } else if (text !== (await readFile(target, 'utf8').catch(() => undefined))) {
    console.error(`error: ${path} does not say what the code says\nnext: npm run docs`);
    process.exitCode = 1;
  }
}
