import { findRow, type NamedRow } from '#shared/doc/index.ts';
import { DomainError } from '#shared/kernel/index.ts';

/** More names than these are counted and not listed. */
const NAMES_MAX = 20;

/**
 * The row that somebody means by a name or an id.
 * Shape: `what` is the word for one row, such as `offer`. Errors: `NAME_AMBIGUOUS`, `NAME_UNKNOWN`.
 */
export function pickNamed<Row extends NamedRow>(
  rows: readonly Row[],
  reference: string,
  what: string,
): Row {
  const match = findRow(rows, reference);
  switch (match.kind) {
    case 'found':
      return match.row;
    case 'ambiguous': {
      const ids = match.rows.map(({ rowId }) => `\`${rowId}\``).join(', ');
      throw new DomainError(
        'NAME_AMBIGUOUS',
        `Several ${what}s are called \`${reference}\`: name the row id instead, one of ${ids}.`,
      );
    }
    case 'missing': {
      const known = listNames(rows.map(({ name }) => name));
      throw new DomainError(
        'NAME_UNKNOWN',
        `No ${what} is called \`${reference}\`: ${known === '' ? 'the doc has none' : `there are ${known}`}.`,
      );
    }
  }
}

/** Names as a sentence lists them; the empty text where there are none. */
export function listNames(names: readonly string[]): string {
  const shown = names.slice(0, NAMES_MAX).map((name) => `\`${name}\``);
  const more = names.length - shown.length;
  return [...shown, ...(more > 0 ? [`${more} more`] : [])].join(', ');
}

/** What a row is called; one without a name, or with a blank one, goes by its id. */
export function nameIn(names: ReadonlyMap<string, string>, id: string): string {
  const name = names.get(id) ?? '';
  return name.trim() === '' ? id : name;
}
