import { element, type SvgText, text } from './svg.ts';

/** How wide a chart is drawn: as wide as a narrow column shows it, so that its letters need no enlarging. Units: px. */
export const WIDTH = 320;
/** Left and right of everything. Units: px. */
export const MARGIN = 12;

/**
 * Two colours that people of any colour vision tell apart, and greys, in light and in dark surroundings. Shape always
 * says the same as colour. Source: Okabe and Ito, "Color Universal Design" (2008).
 */
const LIGHT = [
  'text{font:12px system-ui,sans-serif;fill:#1f2328}',
  '.small{font-size:11px;fill:#59636e}',
  '.strong{font-weight:600}',
  '.back{fill:#fff}',
  '.grid{stroke:#d1d9e0;fill:none}',
  '.rule{stroke:#59636e;fill:none}',
  '.band{fill:#59636e;fill-opacity:.16}',
  '.one{fill:#0072b2;stroke:#0072b2}',
  '.line{fill:none;stroke:#0072b2;stroke-width:2}',
  '.two{fill:#fff;stroke:#d55e00;stroke-width:2}',
  '.two-text{fill:#b34f00}',
  '.range{stroke:#0072b2;stroke-opacity:.35;stroke-width:8}',
].join('');
const DARK = [
  'text{fill:#f0f6fc}',
  '.small{fill:#b1bac4}',
  '.back{fill:#161b22}',
  '.grid{stroke:#3d444d}',
  '.rule{stroke:#b1bac4}',
  '.band{fill:#b1bac4}',
  '.one{fill:#56b4e9;stroke:#56b4e9}',
  '.line{stroke:#56b4e9}',
  '.two{fill:#161b22;stroke:#e69f00}',
  '.two-text{fill:#e69f00}',
  '.range{stroke:#56b4e9;stroke-opacity:.45}',
];
/** Dark where the reader's own surroundings are. */
const BY_READER = `@media(prefers-color-scheme:dark){${DARK.join('')}}`;
/** What a picture's address ends in where the page that holds it is dark. */
const DARK_FRAGMENT = 'DarkMode';
const BY_PAGE = DARK.map((rule) => `#${DARK_FRAGMENT}:target ${rule}`).join('');
const ROOT = '<svg ';

/**
 * The same chart for a page that says by the picture's address whether it is dark, as Coda does: its readers may be
 * surrounded otherwise. Source: Packs SDK, `SvgConstants`.
 */
export const darkenByPage = (svg: SvgText): SvgText =>
  svg.replace(BY_READER, BY_PAGE).replace(ROOT, `${ROOT}id="${DARK_FRAGMENT}" `);

/** What a chart shows and says. */
export interface Chart {
  /** Units: px. */
  readonly height: number;
  /** The chart in words, for those who do not see it. */
  readonly words: string;
  readonly content: SvgText;
}

/** A whole SVG document on a ground of its own, since what lies behind a picture is not known. */
export function toSvg({ height, words, content }: Chart): SvgText {
  return element(
    'svg',
    {
      xmlns: 'http://www.w3.org/2000/svg',
      viewBox: `0 0 ${WIDTH} ${Math.ceil(height)}`,
      role: 'img',
      'aria-label': words,
    },
    [
      element('style', {}, LIGHT + BY_READER),
      element('rect', { class: 'back', width: WIDTH, height: Math.ceil(height), rx: 6 }),
      content,
    ].join(''),
  );
}

/** A chart that has nothing to show says why. */
export const toEmptySvg = (words: string): SvgText =>
  toSvg({
    height: 48,
    words,
    content: text(words, { class: 'small', x: WIDTH / 2, y: 28, 'text-anchor': 'middle' }),
  });
