import { parseMoment } from '#shared/kernel/index.ts';
import type { Behaviour } from './behaviour.ts';
import type { Cell, CellPart } from './cell.ts';
import type { DocColumn } from './doc-schema.ts';
import { parseDuration } from './duration-text.ts';
import { toScalars, type WireScalar, type WireValue } from './wire-value.ts';
import { parseDay } from './zoned-time.ts';

/** Someone who has an account in the doc. */
export interface DocPerson {
  readonly name: string;
  readonly email: string;
}

/** What the doc knows while it takes a value in. */
export interface WriteContext {
  readonly behaviour: Behaviour;
  /** IANA zone of dates that name none. */
  readonly zone: string;
  /** False where the caller asked that values be stored as they are. */
  readonly isParsed: boolean;
  /** Whether the value came by POST: an insert or upsert. */
  readonly isPost: boolean;
  /** The row of a table that has this id, else this exact display name. */
  findRow(tableId: string, idOrName: string): string | undefined;
  findPerson(email: string): DocPerson | undefined;
}

/** What becomes of a cell: `keep` leaves it as it is, `blank` empties it. */
export type CellWrite =
  | { readonly kind: 'keep' }
  | { readonly kind: 'blank' }
  | { readonly kind: 'set'; readonly cell: Cell };

const KEEP: CellWrite = { kind: 'keep' };
const BLANK: CellWrite = { kind: 'blank' };

/**
 * What a cell holds after a value was written to it, parsed as if it had been typed.
 * Text that the column cannot read stays in the cell as text, as in a live doc: nothing is refused here.
 */
export function writeCell(value: WireValue, column: DocColumn, context: WriteContext): CellWrite {
  const { behaviour } = context;
  if (value === '') return behaviour.isEmptyTextClear ? BLANK : KEEP;
  if (typeof value !== 'object') return toWrite(toParts(value, column, context), column);
  const scalars = toScalars(value);
  if (scalars.length === 0) return behaviour.isEmptyListClear ? BLANK : KEEP;
  if (!isListTaken(column, context)) return { kind: 'set', cell: scalars.join(',') };
  const parts = scalars.flatMap((scalar) => toParts(scalar, column, context));
  return toWrite(parts, column);
}

const isListColumn = ({ type }: DocColumn): boolean =>
  type === 'lookup' || type === 'person' || type === 'select';

function isListTaken(column: DocColumn, { behaviour, isParsed, isPost }: WriteContext): boolean {
  if (!isParsed || !isListColumn(column)) return false;
  return column.type !== 'lookup' || !isPost || behaviour.linkArrayOnPost === 'links';
}

function toWrite(parts: readonly CellPart[], column: DocColumn): CellWrite {
  const [first] = parts;
  if (first === undefined) return BLANK;
  const isList = isListColumn(column) && (column.isArray || parts.length > 1);
  return { kind: 'set', cell: isList ? parts : first };
}

function toParts(value: WireScalar, column: DocColumn, context: WriteContext): readonly CellPart[] {
  if (!context.isParsed || !context.behaviour.isCoerced) return [value];
  const text = String(value);
  switch (column.type) {
    case 'lookup':
      return toLink(text, column, context);
    case 'person':
      return [toPerson(text, context)];
    case 'select':
      return toOptions(text, column, context.behaviour);
    case 'checkbox':
      return [toCheckbox(value)];
    case 'number':
    case 'percent':
    case 'currency':
    case 'slider':
    case 'scale':
      return [typeof value === 'string' ? toNumber(value) : value];
    case 'duration':
      return [toDuration(value, context.behaviour)];
    case 'date':
      return [toDay(text, context.zone)];
    case 'dateTime':
      return [toMoment(text, context.zone)];
    case 'text':
    case 'time':
    case 'email':
    case 'link':
    case 'imageReference':
    case 'button':
      return [value];
  }
}

function toLink(text: string, column: DocColumn, context: WriteContext): readonly CellPart[] {
  const rowId = context.findRow(column.lookupTableId, text);
  if (rowId !== undefined) return [{ kind: 'link', rowId }];
  return context.behaviour.unmatchedLink === 'text' ? [text] : [];
}

function toPerson(text: string, context: WriteContext): CellPart {
  const person = context.findPerson(text);
  return person === undefined ? text : { kind: 'person', ...person };
}

function toOptions(text: string, column: DocColumn, behaviour: Behaviour): readonly CellPart[] {
  const typed = column.isArray && !column.options.includes(text) ? text.split(',') : [text];
  const names = typed.map((name) => name.trim());
  if (behaviour.unlistedSelect === 'kept') return names;
  return names.filter((name) => column.options.includes(name));
}

function toCheckbox(value: WireScalar): CellPart {
  if (value === 'true') return true;
  return value === 'false' ? false : value;
}

function toNumber(text: string): CellPart {
  const bare = text.trim().replace(/^(-?)[$€£]/, '$1');
  const match = /^(-?(?:\d+|\d{1,3}(?:,\d{3})+)?(?:\.\d+)?(?:e[+-]?\d+)?)(%?)$/i.exec(bare);
  const digits = match?.[1]?.replaceAll(',', '') ?? '';
  if (!/\d/.test(digits)) return text;
  return match?.[2] === '%' ? Number(digits) / 100 : Number(digits);
}

function toDuration(value: WireScalar, behaviour: Behaviour): CellPart {
  if (typeof value === 'number') return behaviour.durationNumber === 'days' ? value : value / 24;
  return typeof value === 'string' ? (parseDuration(value) ?? value) : value;
}

function toDay(text: string, zone: string): CellPart {
  const day = parseDay(text, zone);
  return day === undefined ? text : { kind: 'day', day };
}

function toMoment(text: string, zone: string): CellPart {
  const epochMs = parseMoment(text, zone);
  return epochMs === undefined ? text : { kind: 'moment', at: new Date(epochMs).toISOString() };
}
