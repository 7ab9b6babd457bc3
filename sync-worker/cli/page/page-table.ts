import { escapeText } from '#shared/doc/index.ts';
import { type Html, html } from './html.ts';

/** A column: its head, and whether its cells are numbers. */
export interface PageColumn {
  readonly head: string;
  readonly isNumber?: true;
}

/** A table of a page. */
export interface PageTable {
  /** What it shows and of when: `as of` belongs to every number in it. */
  readonly caption: string;
  readonly columns: readonly PageColumn[];
  readonly rows: readonly PageRow[];
}

/** One line of a table. */
export interface PageRow {
  readonly cells: readonly (string | Html)[];
  /** Whether it is the sum of the others. @default false */
  readonly isTotal?: boolean;
}

/** A table that can be moved sideways where it is wider than the page; its first column names the rows. */
export function toPageTable({ caption, columns, rows }: PageTable): Html {
  const heads = columns.map(
    (column) => html`<th scope="col"${toClass(column)}>${column.head}</th>`,
  );
  return html`<div class="wide" tabindex="0" role="region" aria-label="${caption}"><table><caption><span>${caption}</span></caption>
<thead><tr>${heads}</tr></thead>
<tbody>${rows.map((row) => toRow(row, columns))}</tbody></table></div>
`;
}

function toRow({ cells, isTotal = false }: PageRow, columns: readonly PageColumn[]): Html {
  const shown = cells.map((given, place) => {
    const column = columns[place];
    // Tables are copied into spreadsheets, which would run such a text as a formula.
    const isWords = typeof given === 'string' && column?.isNumber !== true;
    const cell = isWords ? escapeText(given) : given;
    return place === 0
      ? html`<th scope="row">${cell}</th>`
      : html`<td${toClass(column)}>${cell}</td>`;
  });
  return isTotal ? html`<tr class="total">${shown}</tr>` : html`<tr>${shown}</tr>`;
}

const toClass = (column: PageColumn | undefined): Html =>
  column?.isNumber === true ? html` class="number"` : html``;
