/** The bundle gate: the minified Pack's size beside an empty Pack's, and no text the upload refuses. */
import { readFile } from 'node:fs/promises';
import { buildPackBundle, emptyPackBytes } from '#worker/local-doc/pack-runner/index.ts';

/** Units: bytes. 1.6 times an empty Pack's: what the SDK itself weighs is not ours to save. */
const BUDGET_BYTES = 312_000;
/** The upload refuses a bundle with this text, wherever it stands. */
const REFUSED_TEXT = 'eval(';

const { bundlePath, bundleBytes } = await buildPackBundle();
const source = await readFile(bundlePath, 'utf8');
const empty = await emptyPackBytes();
const toKb = (bytes: number): string => `${(bytes / 1_000).toFixed(1)} KB`;

console.log(`bundle ${toKb(bundleBytes)}, empty Pack ${toKb(empty)}, budget ${toKb(BUDGET_BYTES)}`);
if (bundleBytes > BUDGET_BYTES) {
  console.error(`error: the bundle is ${toKb(bundleBytes - BUDGET_BYTES)} above its budget`);
  process.exitCode = 1;
}
if (source.includes(REFUSED_TEXT)) {
  console.error(`error: the bundle holds \`${REFUSED_TEXT}\`, which the upload refuses`);
  process.exitCode = 1;
}
