/** A piece of HTML in which every text that came from elsewhere is escaped. */
export class Html {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** What may stand in a piece of HTML: a text is escaped, a piece stands as it is, and a list one after the other. */
export type HtmlPart = string | number | Html | readonly Html[];

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** HTML with parts in it: only what is written in the template itself is taken for markup. */
export const html = (pieces: TemplateStringsArray, ...parts: readonly HtmlPart[]): Html =>
  new Html(pieces.map((piece, place) => piece + toText(parts[place] ?? '')).join(''));

function toText(part: HtmlPart): string {
  if (part instanceof Html) return part.text;
  if (typeof part === 'string') return escapeText(part);
  return typeof part === 'number' ? String(part) : part.map(({ text }) => text).join('');
}

/** What moves no cursor and closes no tag; characters a page cannot hold are dropped. */
const escapeText = (text: string): string =>
  text
    .replaceAll(/[^\P{Cc}\t\n]|[\p{Cs}\uFFFE\uFFFF]/gu, '')
    .replaceAll(/[&<>"']/g, (letter) => ESCAPES[letter] ?? '');
