/** One attribute of an element; a number is written with one decimal, which is finer than a pixel. */
type Attribute = string | number;

/** A piece of SVG, as text. */
export type SvgText = string;

/** An element with its attributes, empty ones included, around what it holds. */
export function element(
  name: string,
  attributes: Readonly<Record<string, Attribute>>,
  content: SvgText = '',
): SvgText {
  const written = Object.entries(attributes).map(
    ([key, value]) =>
      ` ${key}="${typeof value === 'number' ? toCoordinate(value) : escapeText(value)}"`,
  );
  const open = `<${name}${written.join('')}`;
  return content === '' ? `${open}/>` : `${open}>${content}</${name}>`;
}

/** A line of text, its left end, middle or right end at a place. */
export const text = (words: string, attributes: Readonly<Record<string, Attribute>>): SvgText =>
  element('text', attributes, escapeText(words));

/** Text as it may stand between tags and in attributes; what XML cannot hold at all is dropped. */
function escapeText(words: string): string {
  const held = Array.from(words).filter(isInXml).join('');
  return held
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}

/** Words cut to a width, with an ellipsis for the rest. Units: widths of a letter; letters of East Asian scripts have two. */
export function shorten(words: string, widthMax: number): string {
  const kept: string[] = [];
  let width = 0;
  for (const letter of words) {
    width += (letter.codePointAt(0) ?? 0) >= FIRST_WIDE ? 2 : 1;
    if (width > widthMax) return `${kept.slice(0, -1).join('').trimEnd()}…`;
    kept.push(letter);
  }
  return words;
}

const FIRST_WIDE = 0x2e80;

/** A coordinate as it is written, which is finer than a pixel. Units: px. */
export const toCoordinate = (value: number): string => String(Math.round(value * 10) / 10);

function isInXml(letter: string): boolean {
  const code = letter.codePointAt(0) ?? 0;
  if (code < 0x20) return code === 0x9 || code === 0xa || code === 0xd;
  return (code < 0xd800 || code > 0xdfff) && code !== 0xfffe && code !== 0xffff;
}
