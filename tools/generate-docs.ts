/** `npm run docs`: diagrams and reference pages out of the code; `--check` only compares. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { toChartSheet } from './chart-sheet.ts';
import { toContractPages } from './contract-files.ts';
import { toDocTablesPage } from './doc-tables-page.ts';
import { toLifecyclePages } from './lifecycle-pages.ts';
import { toPackPage } from './pack-page.ts';
import { ROOT } from './run-step.ts';

const isCheck = process.argv.includes('--check');

for (const { path, text } of [
  ...toLifecyclePages(),
  ...toContractPages(),
  toDocTablesPage(),
  toPackPage(),
  toChartSheet('light'),
  toChartSheet('dark'),
]) {
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
