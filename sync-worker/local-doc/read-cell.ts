import { startOfDay } from '#shared/kernel/index.ts';
import type { Behaviour } from './behaviour.ts';
import type { Cell, CellPart, TaggedCell } from './cell.ts';
import type { DocColumn } from './doc-schema.ts';
import { toDurationText } from './duration-text.ts';
import { toZonedText } from './zoned-time.ts';

/** The value forms of the API. */
export const VALUE_FORMATS = ['simple', 'simpleWithArrays', 'rich'] as const;
/** One of {@link VALUE_FORMATS}. */
export type ValueFormat = (typeof VALUE_FORMATS)[number];

/** What the API shows of the row that a link points to. */
export interface LinkTarget {
  readonly name: string;
  readonly url: string;
  readonly tableUrl: string;
}

/** What the doc knows while it shows a value. */
export interface ReadContext {
  readonly behaviour: Behaviour;
  readonly zone: string;
  /** The row that a link points to; `undefined` once it was deleted. */
  linkTarget(tableId: string, rowId: string): LinkTarget | undefined;
}

type Shown = string | number | boolean | Readonly<Record<string, unknown>>;

const SYMBOL: Readonly<Record<string, string>> = { USD: '$', EUR: '€', GBP: '£' };
const CONTEXT = 'http://schema.org/';

/** The text by which a cell is shown, queried and, in the display column, named. */
export function toText(cell: Cell | undefined, column: DocColumn, context: ReadContext): string {
  if (cell === undefined) return column.type === 'checkbox' ? 'false' : '';
  const parts = isList(cell) ? cell : [cell];
  return parts.map((part) => String(toSimple(part, column, context))).join(',');
}

/** A cell in one of the API's value forms; `undefined` where it is left out of the answer. */
export function readCell(
  cell: Cell | undefined,
  column: DocColumn,
  context: ReadContext & { readonly format: ValueFormat },
): Shown | readonly Shown[] | undefined {
  if (cell === undefined) {
    if (column.type === 'checkbox') return false;
    return context.behaviour.emptyCell === 'text' ? '' : undefined;
  }
  const { format } = context;
  if (isList(cell) && format === 'simple') return toText(cell, column, context);
  const show = format === 'rich' ? toRich : toSimple;
  return isList(cell)
    ? cell.map((part) => show(part, column, context))
    : show(cell, column, context);
}

const isList = (cell: Cell): cell is readonly CellPart[] => Array.isArray(cell);

function toSimple(
  part: CellPart,
  column: DocColumn,
  context: ReadContext,
): string | number | boolean {
  if (typeof part === 'object') return toTaggedText(part, column, context);
  if (typeof part !== 'number') return part;
  if (column.type === 'duration') return toDurationText(part);
  if (column.type !== 'currency') return part;
  const symbol = SYMBOL[column.currencyCode];
  if (symbol === undefined) return part;
  const digits = Math.abs(part).toLocaleString('en-US', { minimumFractionDigits: 2 });
  return `${part < 0 ? '-' : ''}${symbol}${digits}`;
}

function toTaggedText(part: TaggedCell, column: DocColumn, context: ReadContext): string {
  switch (part.kind) {
    case 'link':
      return context.linkTarget(column.lookupTableId, part.rowId)?.name ?? '';
    case 'person':
      return part.name;
    case 'day':
      return context.behaviour.dateForm === 'day'
        ? part.day
        : toZonedText(startOfDay(part.day, context.zone), context.zone);
    case 'moment':
      return toZonedText(Date.parse(part.at), context.zone);
  }
}

function toRich(part: CellPart, column: DocColumn, context: ReadContext): Shown {
  if (typeof part === 'object') return toRichTagged(part, column, context);
  if (typeof part === 'boolean') return part;
  if (typeof part === 'number') {
    if (column.type !== 'currency') return toSimple(part, column, context);
    const { currencyCode: currency } = column;
    return { '@context': CONTEXT, '@type': 'MonetaryAmount', currency, amount: part };
  }
  switch (column.type) {
    case 'link':
      return { '@context': CONTEXT, '@type': 'WebPage', url: part };
    case 'imageReference':
      return { '@context': CONTEXT, '@type': 'ImageObject', name: '', url: part, status: 'live' };
    case 'select':
    case 'email':
    case 'time':
      return part;
    case 'text':
    case 'number':
    case 'percent':
    case 'currency':
    case 'checkbox':
    case 'date':
    case 'dateTime':
    case 'duration':
    case 'person':
    case 'lookup':
    case 'slider':
    case 'scale':
    case 'button':
      return context.behaviour.isTextFenced && !part.includes('```') ? `\`\`\`${part}\`\`\`` : part;
  }
}

function toRichTagged(part: TaggedCell, column: DocColumn, context: ReadContext): Shown {
  if (part.kind === 'person') {
    return { '@context': CONTEXT, '@type': 'Person', name: part.name, email: part.email };
  }
  if (part.kind !== 'link') return toTaggedText(part, column, context);
  const target = context.linkTarget(column.lookupTableId, part.rowId);
  if (target === undefined) return '';
  return {
    '@context': CONTEXT,
    '@type': 'StructuredValue',
    additionalType: 'row',
    name: target.name,
    url: target.url,
    tableId: column.lookupTableId,
    tableUrl: target.tableUrl,
    rowId: part.rowId,
  };
}
