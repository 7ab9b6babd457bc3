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

const AMOUNT = v.pipe(
  v.custom<number | string>((amount) =>
    typeof amount === 'string' ? /^-?\d+(\.\d+)?$/.test(amount) : Number.isFinite(amount),
  ),
  v.transform((amount) => (typeof amount === 'string' ? amount : toDecimalText(amount))),
);
const LINK_TO_PAGE = v.pipe(
  v.object({ url: v.string() }),
  v.transform(({ url }): CellValue => ({ kind: 'url', url })),
);

/** How an object is read, by its `@type`. */
const RICH_VALUES: ReadonlyMap<unknown, v.GenericSchema<unknown, CellValue>> = new Map<
  unknown,
  v.GenericSchema<unknown, CellValue>
>([
  [
    'MonetaryAmount',
    v.pipe(
      v.object({ currency: v.string(), amount: AMOUNT }),
      v.transform((money): CellValue => ({ kind: 'money', ...money })),
    ),
  ],
  [
    'StructuredValue',
    v.pipe(
      v.object({
        additionalType: v.literal('row'),
        name: v.string(),
        rowId: v.string(),
        tableId: v.string(),
      }),
      v.transform(
        ({ rowId, name, tableId }): CellValue => ({ kind: 'link', rowId, name, tableId }),
      ),
    ),
  ],
  [
    'Person',
    v.pipe(
      v.object({ name: v.string(), email: v.nullish(v.string()) }),
      v.transform(({ name, email }): CellValue => ({ kind: 'person', name, email: email ?? '' })),
    ),
  ],
  ['WebPage', LINK_TO_PAGE],
  ['ImageObject', LINK_TO_PAGE],
]);

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

function parseCompound(value: object, format: ValueFormat): CellValue {
  if (Array.isArray(value)) {
    const items = value.map((item: unknown) => parseCellValue(item, format));
    return items.length === 0 ? BLANK : { kind: 'list', items };
  }
  const schema = '@type' in value ? RICH_VALUES.get(value['@type']) : undefined;
  const rich = schema && v.safeParse(schema, value);
  return rich?.success === true ? rich.output : toText(JSON.stringify(value));
}

const toText = (text: string): CellValue => (text === '' ? BLANK : { kind: 'text', text });

// Rich text is Markdown; what a person typed without any formatting stands between two fences.
function withoutFence(text: string): string {
  const isFenced =
    text.length >= 2 * FENCE.length && text.startsWith(FENCE) && text.endsWith(FENCE);
  return isFenced ? text.slice(FENCE.length, -FENCE.length) : text;
}
