import { toAmount } from './cost-bars.ts';
import { MARGIN, toEmptySvg, toSvg, WIDTH } from './frame.ts';
import { element, type SvgText, text, toCoordinate } from './svg.ts';

/** What was used on a day, in one unit for all: money of one currency, or hours. */
export interface BurnStep {
  /** `YYYY-MM-DD`. */
  readonly day: string;
  readonly amount: number;
}

/** The frame of a burn: what may be used, from when to when. Without a span it is that of the steps. */
export interface BurnFrame {
  readonly limit?: number | undefined;
  readonly from?: string | undefined;
  /** The last day. */
  readonly to?: string | undefined;
  /** Such as `EUR` or `h`; may be empty. */
  readonly unit: string;
}

const [TOP, PLOT_HEIGHT, FOOT] = [34, 132, 40];
const BOTTOM = TOP + PLOT_HEIGHT;
const PLOT_WIDTH = WIDTH - 2 * MARGIN;
/** A step narrower than this is one with its neighbour. */
const POINTS_MAX = 120;
const DAY_MS = 86_400_000;

const EMPTY = 'Nothing used yet.';

/** What was used by each day as a rising line, against the limit and, as a thin line, even use of it over the span. */
export function drawBurnLine(steps: readonly BurnStep[], frame: BurnFrame): SvgText {
  const burn = toBurn(steps, frame);
  if (burn === undefined) return toEmptySvg(EMPTY);
  const { points, from, to, limit, used } = burn;
  const most = Math.max(limit ?? 0, ...points.map(({ sum }) => sum)) || 1;
  const toX = (dayMs: number): number =>
    MARGIN + ((dayMs - from) / (to - from || DAY_MS)) * PLOT_WIDTH;
  const toY = (sum: number): number => BOTTOM - (Math.max(0, sum) / most) * PLOT_HEIGHT;
  return toSvg({
    height: BOTTOM + FOOT,
    words: describeBurnLine(steps, frame),
    content: [
      text(toHeading(used, limit, frame.unit), { class: 'strong', x: MARGIN, y: 20 }),
      element('line', { class: 'grid', x1: MARGIN, x2: WIDTH - MARGIN, y1: BOTTOM, y2: BOTTOM }),
      ...(limit === undefined ? [] : drawLimit(toY(limit))),
      drawSteps(points.map(({ dayMs, sum }) => [toX(dayMs), toY(sum)])),
      text(toDay(from), { class: 'small', x: MARGIN, y: BOTTOM + 16 }),
      text(toDay(to), { class: 'small', x: WIDTH - MARGIN, y: BOTTOM + 16, 'text-anchor': 'end' }),
      ...(limit === undefined ? [] : [drawLegend()]),
    ].join(''),
  });
}

/** The same in words. */
export function describeBurnLine(steps: readonly BurnStep[], frame: BurnFrame): string {
  const burn = toBurn(steps, frame);
  if (burn === undefined) return EMPTY;
  const { points, from, to, limit, used } = burn;
  const last = points.at(-1)?.dayMs ?? from;
  return `${toHeading(used, limit, frame.unit)}, ${toDay(from)} to ${toDay(to)}, last on ${toDay(last)}`;
}

interface Burn {
  /** By day, rising in time. */
  readonly points: readonly { readonly dayMs: number; readonly sum: number }[];
  readonly from: number;
  readonly to: number;
  readonly limit: number | undefined;
  readonly used: number;
}

function toBurn(steps: readonly BurnStep[], frame: BurnFrame): Burn | undefined {
  const days = new Map<number, number>();
  for (const { day, amount } of steps) {
    const dayMs = Date.parse(day);
    days.set(dayMs, (days.get(dayMs) ?? 0) + amount);
  }
  const sorted = [...days].sort(([one], [other]) => one - other);
  const [first] = sorted;
  const last = sorted.at(-1);
  if (first === undefined || last === undefined) return undefined;
  let used = 0;
  const sums = sorted.map(([dayMs, amount]) => {
    used += amount;
    return { dayMs, sum: used };
  });
  const every = Math.ceil(sums.length / POINTS_MAX);
  const points = sums.filter((_, place) => (sums.length - 1 - place) % every === 0);
  const from = Math.min(first[0], toMs(frame.from) ?? first[0]);
  const to = Math.max(last[0], toMs(frame.to) ?? last[0]);
  return { points, from, to, limit: frame.limit, used };
}

function drawSteps(places: readonly (readonly [x: number, y: number])[]): SvgText {
  const [first, ...others] = places;
  if (first === undefined) return '';
  const [x, y] = places.at(-1) ?? first;
  const d = [
    `M${toCoordinate(first[0])} ${BOTTOM}V${toCoordinate(first[1])}`,
    ...others.map(([toRight, up]) => `H${toCoordinate(toRight)}V${toCoordinate(up)}`),
  ].join('');
  return [
    element('path', { class: 'line', d }),
    element('circle', { class: 'one', cx: x, cy: y, r: 4 }),
  ].join('');
}

const drawLimit = (y: number): readonly SvgText[] => [
  element('line', { class: 'rule', x1: MARGIN, x2: WIDTH - MARGIN, y1: y, y2: y }),
  element('line', {
    class: 'rule',
    'stroke-dasharray': '3 4',
    x1: MARGIN,
    x2: WIDTH - MARGIN,
    y1: BOTTOM,
    y2: y,
  }),
];

const drawLegend = (): SvgText =>
  text('line: limit · dashes: even use', { class: 'small', x: MARGIN, y: BOTTOM + 32 });

function toHeading(used: number, limit: number | undefined, unit: string): string {
  if (limit === undefined) return `${toAmount(used)} ${unit} used`.replace('  ', ' ');
  // Cut, so that nothing below the limit reads 100.
  const percent = Math.floor((used / limit) * 100);
  const share = limit > 0 ? ` (${percent > 999 ? '>999' : percent} %)` : '';
  return `${toAmount(used)} of ${toAmount(limit)} ${unit} used${share}`.replace('  ', ' ');
}

const toDay = (dayMs: number): string => new Date(dayMs).toISOString().slice(0, 10);
const toMs = (day: string | undefined): number | undefined =>
  day === undefined ? undefined : Date.parse(day);
