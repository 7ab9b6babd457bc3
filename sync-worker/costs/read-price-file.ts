import { isUtf8 } from 'node:buffer';
import { createReadStream } from 'node:fs';
import { readJsonText } from '#shared/contracts/index.ts';
import {
  importModelPrices,
  type ModelPriceFinding,
  type ModelPriceOptions,
  type Price,
} from '#shared/cost/index.ts';
import { DomainError } from '#shared/kernel/index.ts';

/** What a file of model prices gives. */
export interface PriceFile {
  readonly prices: readonly Price[];
  /** What was left aside or had to be rounded. */
  readonly findings: readonly ModelPriceFinding[];
  /** How many models the file names. */
  readonly models: number;
}

/** Longer than any such file, so that one without end does not fill the memory. Units: bytes. */
const FILE_MAX_BYTES = 16 * 1_024 * 1_024;
const SHOWN_MAX = 200;
const WHY: ReadonlyMap<unknown, string> = new Map([
  ['ENOENT', 'there is no such file'],
  ['EISDIR', 'it is a folder; name a file'],
  ['EACCES', 'this user may not read it'],
]);

/**
 * The prices of a file in the public form of model prices (see `importModelPrices`).
 * Errors: `DomainError` `PRICES_UNREADABLE` where the file cannot be read, is no such file, or holds no price.
 */
export async function readPriceFile(path: string, options: ModelPriceOptions): Promise<PriceFile> {
  const json = readJsonText(await readText(path));
  if (!json.ok) {
    const { path: place, expected, received } = json.refusal;
    const where = place.slice(0, SHOWN_MAX);
    throw unreadable(path, `at ${where} expected ${expected}, received ${received}`);
  }
  const imported = importModelPrices(json.value, options);
  if (!imported.ok) {
    const { model } = imported.refusal;
    const what = model === undefined ? 'the file' : `\`${model.slice(0, SHOWN_MAX)}\``;
    throw unreadable(path, `expected an object of models with their costs, ${what} is none`);
  }
  const { prices, findings } = imported.value;
  if (prices.length === 0) throw unreadable(path, 'no model in it has a cost that is known');
  return { prices, findings, models: countModels(json.value) };
}

/** The file's own description of its fields stands among the models. */
const countModels = (models: unknown): number =>
  Object.keys(Object(models)).filter((name) => name !== 'sample_spec').length;

async function readText(path: string): Promise<string> {
  const bytes = await readStart(path).catch((cause: unknown) => {
    const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
    throw unreadable(path, WHY.get(code) ?? 'the file cannot be read', cause);
  });
  if (bytes.length > FILE_MAX_BYTES) {
    throw unreadable(path, `it is longer than ${FILE_MAX_BYTES} bytes`);
  }
  if (!isUtf8(bytes)) throw unreadable(path, 'it is no UTF-8 text');
  return bytes.toString('utf8');
}

/** A file, or where it is too long its first bytes and one more; it may be a pipe, whose length nobody knows. */
async function readStart(path: string): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of createReadStream(path, { end: FILE_MAX_BYTES })) chunks.push(chunk);
  return Buffer.concat(chunks);
}

const unreadable = (path: string, why: string, cause?: unknown): DomainError<'PRICES_UNREADABLE'> =>
  new DomainError('PRICES_UNREADABLE', `No prices were read from \`${path}\`: ${why}.`, { cause });
