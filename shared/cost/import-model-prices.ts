import { accept, type Instant, type Result, refuse } from '#shared/kernel/index.ts';
import { divideHalfEven, parseDecimal, tenTo } from './decimal.ts';
import type { Price } from './price-book.ts';

/** What an import must be told, since the file does not say it. */
export interface ModelPriceOptions {
  /** The file has no dates: its prices hold from this moment. */
  readonly validFrom: Instant;
  /** @default 'USD' */
  readonly currency?: string;
}

/** A field the import did not take as written. Only `PRICE_ROUNDED` still made a price. */
export interface ModelPriceFinding {
  readonly model: string;
  readonly field: string;
  readonly code: 'FIELD_UNKNOWN' | 'PRICE_UNREADABLE' | 'PRICE_ROUNDED';
}

/** The prices of a file, and what of it was left aside. */
export interface ModelPrices {
  readonly prices: readonly Price[];
  readonly findings: readonly ModelPriceFinding[];
}

/** The use and the unit each known field of a model is a price of. */
const PRICED_FIELDS: ReadonlyMap<string, readonly [usageType: string, unit: string]> = new Map([
  ['input_cost_per_token', ['input', 'token']],
  ['output_cost_per_token', ['output', 'token']],
  ['output_cost_per_reasoning_token', ['reasoning', 'token']],
  ['cache_read_input_token_cost', ['cached_input', 'token']],
  ['cache_creation_input_token_cost', ['cache_write', 'token']],
  ['cache_creation_input_token_cost_above_1hr', ['cache_write_1h', 'token']],
  ['input_cost_per_audio_token', ['audio_input', 'token']],
  ['output_cost_per_audio_token', ['audio_output', 'token']],
  ['input_cost_per_token_batches', ['batch_input', 'token']],
  ['output_cost_per_token_batches', ['batch_output', 'token']],
  ['input_cost_per_character', ['input', 'character']],
  ['output_cost_per_character', ['output', 'character']],
  ['input_cost_per_image', ['input', 'image']],
  ['output_cost_per_image', ['output', 'image']],
  ['input_cost_per_second', ['input', 'second']],
  ['output_cost_per_second', ['output', 'second']],
  ['input_cost_per_query', ['input', 'query']],
]);

/** Fields that say what a model is or can do, not what it costs. */
const PLAIN_FIELD =
  /^(max_|supports_|supported_|litellm_provider$|mode$|source$|deprecation_date$|metadata$|rpm$|tpm$|output_vector_size$|tool_use_system_prompt_tokens$)/;
const TIERED_FIELD = /^(\w+?)_above_(\d{1,9})k_tokens$/;
/** The file's own description of its fields stands among the models under this name. */
const SPECIMEN = 'sample_spec';

const COARSEST = 6;
/** 10^15 is the largest power of ten that is still an exact number. */
const FINEST = 15;
const MICRO_DECIMALS = 6;

/**
 * Dated prices from the public JSON of model prices that litellm keeps: an object of models with costs per token in one currency.
 * A cost is taken as exact decimal text and stored per 1,000,000 units, or per more where that alone makes it whole micros; what is
 * finer than 21 decimals is rounded and named. A field that is not known is named, never guessed.
 * Refusals: `NOT_A_PRICE_FILE` where the text is no object of objects.
 * Source: BerriAI/litellm, model_prices_and_context_window.json and its entry `sample_spec`.
 */
export function importModelPrices(
  file: unknown,
  options: ModelPriceOptions,
): Result<ModelPrices, { readonly code: 'NOT_A_PRICE_FILE'; readonly model?: string }> {
  if (!isObject(file)) return refuse({ code: 'NOT_A_PRICE_FILE' });
  const prices: Price[] = [];
  const findings: ModelPriceFinding[] = [];
  for (const [model, entry] of Object.entries(file)) {
    if (model === SPECIMEN) continue;
    if (!isObject(entry)) return refuse({ code: 'NOT_A_PRICE_FILE', model });
    for (const [field, value] of Object.entries(entry)) {
      if (PLAIN_FIELD.test(field)) continue;
      const { price, code } = readField({ model, field, value, place: prices.length + 1 }, options);
      if (price !== undefined) prices.push(price);
      if (code !== undefined) findings.push({ model, field, code });
    }
  }
  return accept({ prices, findings });
}

interface Cell {
  readonly model: string;
  readonly field: string;
  readonly value: unknown;
  /** Place among the prices, by which the price is named: a model's own name may hold what an id may not. */
  readonly place: number;
}

interface Reading {
  readonly price?: Price;
  readonly code?: ModelPriceFinding['code'];
}

function readField(cell: Cell, { validFrom, currency = 'USD' }: ModelPriceOptions): Reading {
  const { model, field, place } = cell;
  const [, base = field, thousands] = TIERED_FIELD.exec(field) ?? [];
  const use = PRICED_FIELDS.get(base);
  if (use === undefined) return { code: 'FIELD_UNKNOWN' };
  const rate = readRate(cell.value);
  if (rate === undefined) return { code: 'PRICE_UNREADABLE' };
  const [usageType, unit] = use;
  const { priceMicros, perQuantity, isRounded } = rate;
  const price = {
    priceId: `${validFrom.slice(0, 10)}:${place}`,
    resourceName: model,
    usageType,
    unit,
    priceMicros,
    perQuantity,
    currency,
    validFrom,
    ...(thousands === undefined ? {} : { aboveTokens: Number(thousands) * 1000 }),
  };
  return isRounded ? { price, code: 'PRICE_ROUNDED' } : { price };
}

/** A cost of one unit as whole micros of the smallest power of ten of units, from a million on, that makes it whole. */
function readRate(
  value: unknown,
): { priceMicros: bigint; perQuantity: number; isRounded: boolean } | undefined {
  if (typeof value !== 'number' && typeof value !== 'string') return undefined;
  // A number's own text has the fewest digits that mean it, so what the file wrote comes back and no rounding error does.
  const decimal = parseDecimal(String(value));
  if (!decimal.ok || decimal.value.digits < 0n) return undefined;
  const { digits, scale } = decimal.value;
  const isFiner = (power: number): boolean =>
    (digits * tenTo(power + MICRO_DECIMALS)) % tenTo(scale) !== 0n;
  let power = COARSEST;
  while (power < FINEST && isFiner(power)) power += 1;
  const priceMicros = divideHalfEven(digits * tenTo(power + MICRO_DECIMALS), tenTo(scale));
  return { priceMicros, perQuantity: 10 ** power, isRounded: isFiner(power) };
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
