import { MARGIN, toEmptySvg, toSvg, WIDTH } from './frame.ts';
import { element, type SvgText, shorten, text } from './svg.ts';

/** One bar: what something cost, in one currency for all bars. */
export interface CostBar {
  readonly name: string;
  /** Below 0 what came back. */
  readonly amount: number;
}

/** What all bars are counted in. */
export interface BarUnit {
  /** Such as `EUR`; may be empty. */
  readonly currency: string;
}

/** More bars would neither be read nor stay small; the rest is summed into one. */
const BARS_MAX = 12;
const ROW_HEIGHT = 34;
const BAR_HEIGHT = 8;
const PLOT_WIDTH = WIDTH - 2 * MARGIN;
const [NAME_LETTER, FIGURE_LETTER] = [7.5, 6.2];
const FOOT = 26;

const EMPTY = 'No costs yet.';

/** Bars from the largest down on one scale from 0, each with its amount and its share; the sum below. */
export function drawCostBars(bars: readonly CostBar[], unit: BarUnit): SvgText {
  const shown = toShown(bars);
  if (shown.length === 0) return toEmptySvg(EMPTY);
  const amounts = shown.map(({ amount }) => amount);
  const [least, most] = [Math.min(0, ...amounts), Math.max(0, ...amounts)];
  const scale = PLOT_WIDTH / (most - least || 1);
  const toX = (amount: number): number => MARGIN + (amount - least) * scale;
  const height = MARGIN / 2 + shown.length * ROW_HEIGHT + FOOT;
  const rows = shown.map((bar, place) => drawBar(bar, { top: 6 + place * ROW_HEIGHT, toX }));
  return toSvg({
    height,
    words: describeCostBars(shown, unit),
    content: [
      ...rows,
      text(`total ${toAmount(sumOf(bars))} ${unit.currency}`.trim(), {
        class: 'small',
        x: WIDTH - MARGIN,
        y: height - 9,
        'text-anchor': 'end',
      }),
    ].join(''),
  });
}

/** The same in words, a line for each bar, none left out. */
export function describeCostBars(bars: readonly CostBar[], { currency }: BarUnit): string {
  if (bars.length === 0) return EMPTY;
  const lines = byAmount(bars).map(({ name, amount }) =>
    `${name}: ${toAmount(amount)} ${currency}`.trim(),
  );
  return [...lines, `Total: ${toAmount(sumOf(bars))} ${currency}`.trim()].join('\n');
}

interface Place {
  readonly top: number;
  readonly toX: (amount: number) => number;
}

function drawBar({ name, amount }: CostBar, { top, toX }: Place): SvgText {
  const told = toAmount(amount);
  const nameMax = Math.floor((PLOT_WIDTH - FIGURE_LETTER * (told.length + 2)) / NAME_LETTER);
  const [from, to] = [toX(Math.min(0, amount)), toX(Math.max(0, amount))];
  return [
    text(shorten(name, nameMax), { x: MARGIN, y: top + 13 }),
    text(told, { class: 'small', x: WIDTH - MARGIN, y: top + 13, 'text-anchor': 'end' }),
    element('rect', {
      // What came back is drawn hollow.
      class: amount < 0 ? 'two' : 'one',
      x: from,
      y: top + 18,
      // A cost too small for the scale is still to be seen.
      width: Math.max(1, to - from),
      height: BAR_HEIGHT,
    }),
    element('line', { class: 'rule', x1: toX(0), x2: toX(0), y1: top + 15, y2: top + 29 }),
  ].join('');
}

function toShown(bars: readonly CostBar[]): readonly CostBar[] {
  const sorted = byAmount(bars);
  if (sorted.length <= BARS_MAX) return sorted;
  const rest = sorted.slice(BARS_MAX - 1);
  return [...sorted.slice(0, BARS_MAX - 1), { name: `${rest.length} others`, amount: sumOf(rest) }];
}

const byAmount = (bars: readonly CostBar[]): readonly CostBar[] =>
  [...bars].sort((one, other) => other.amount - one.amount);

const sumOf = (bars: readonly CostBar[]): number =>
  bars.reduce((sum, { amount }) => sum + amount, 0);

/** Whole units from 100 on, cents below, and never 0 for what is not; thousands apart by a thin space. */
export function toAmount(amount: number): string {
  if (amount !== 0 && Math.abs(amount) < 0.005) return amount < 0 ? '>−0.01' : '<0.01';
  const digits = Math.abs(amount) >= 100 ? 0 : 2;
  const [whole = '', cents] = Math.abs(amount).toFixed(digits).split('.');
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, '\u202f');
  const written = cents === undefined ? grouped : `${grouped}.${cents}`;
  return amount < 0 ? `−${written}` : written;
}
