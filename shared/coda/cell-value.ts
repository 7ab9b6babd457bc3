import * as v from 'valibot';
import { toDecimalText } from './decimal-text.ts';

/** How row values are asked for. Only `rich` tells a relation from its name; `simple` gives text as it was typed. */
export type ValueFormat = 'simple' | 'simpleWithArrays' | 'rich';

/** A cell as the API gives it, told apart by what it is rather than by its column's type, which is only a hint. */
export type CellValue =
  | { readonly kind: 'blank' }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'number'; readonly number: number }
  | { readonly kind: 'checkbox'; readonly checked: boolean }
  /** `amount` is plain decimal text; `currency` is an ISO 4217 code. */
  | { readonly kind: 'money'; readonly amount: string; readonly currency: string }
  | {
      readonly kind: 'link';
      readonly rowId: string;
      readonly name: string;
      readonly tableId: string;
    }
  /** `email` is "" where Coda does not tell it. */
  | { readonly kind: 'person'; readonly name: string; readonly email: string }
  | { readonly kind: 'url'; readonly url: string }
  | { readonly kind: 'list'; readonly items: readonly CellValue[] };

const FENCE = '```';
const BLANK: CellValue = { kind: 'blank' };

const RICH_VALUE = v.variant('@type', [
  v.object({
    '@type': v.literal('MonetaryAmount'),
    currency: v.string(),
    amount: v.union([
      v.pipe(v.number(), v.finite()),
      v.pipe(v.string(), v.regex(/^-?\d+(\.\d+)?$/)),
    ]),
  }),
  v.object({
    '@type': v.literal('StructuredValue'),
    additionalType: v.literal('row'),
    name: v.string(),
    rowId: v.string(),
    tableId: v.string(),
  }),
  v.object({
    '@type': v.literal('Person'),
    name: v.string(),
    email: v.nullish(v.string()),
  }),
  v.object({ '@type': v.literal('WebPage'), url: v.string() }),
  v.object({ '@type': v.literal('ImageObject'), url: v.string() }),
]);
type RichValue = v.InferOutput<typeof RICH_VALUE>;

/**
 * The meaning of one cell of an answer. It never fails: the form of an empty cell is not documented, so `""`,
 * `null` and `[]` are all blank, and an object of a form nobody has described is kept as its JSON text.
 * Source: Coda API reference, schemas `CellValue` and `RichValue`.
 */
export function parseCellValue(value: unknown, format: ValueFormat): CellValue {
  if (typeof value === 'string') return toText(format === 'rich' ? withoutFence(value) : value);
  if (typeof value === 'number') return { kind: 'number', number: value };
  if (typeof value === 'boolean') return { kind: 'checkbox', checked: value };
  if (value === null || value === undefined) return BLANK;
  return parseCompound(value, format);
}

function parseCompound(value: unknown, format: ValueFormat): CellValue {
  if (Array.isArray(value)) {
    const items = value.map((item: unknown) => parseCellValue(item, format));
    return items.length === 0 ? BLANK : { kind: 'list', items };
  }
  const rich = v.safeParse(RICH_VALUE, value);
  return rich.success ? toCellValue(rich.output) : toText(JSON.stringify(value));
}

function toCellValue(rich: RichValue): CellValue {
  switch (rich['@type']) {
    case 'MonetaryAmount': {
      const { amount, currency } = rich;
      const decimal = typeof amount === 'number' ? toDecimalText(amount) : amount;
      return { kind: 'money', amount: decimal, currency };
    }
    case 'StructuredValue':
      return { kind: 'link', rowId: rich.rowId, name: rich.name, tableId: rich.tableId };
    case 'Person':
      return { kind: 'person', name: rich.name, email: rich.email ?? '' };
    case 'WebPage':
    case 'ImageObject':
      return { kind: 'url', url: rich.url };
  }
}

const toText = (text: string): CellValue => (text === '' ? BLANK : { kind: 'text', text });

// Rich text is Markdown; what a person typed without any formatting stands between two fences.
function withoutFence(text: string): string {
  const isFenced =
    text.length >= 2 * FENCE.length && text.startsWith(FENCE) && text.endsWith(FENCE);
  return isFenced ? text.slice(FENCE.length, -FENCE.length) : text;
}
