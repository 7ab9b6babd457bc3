import { assert } from '#shared/kernel/index.ts';
import { MARGIN, toEmptySvg, toSvg, WIDTH } from './frame.ts';
import { element, type SvgText, shorten, text, toCoordinate } from './svg.ts';

/** One group's variance as a line of the chart. */
export interface StripRow {
  readonly name: string;
  /** Finished tasks behind it. */
  readonly n: number;
  /** Variances: 0.15 is 15 % over the estimate. Null where there is nothing to compare. Range: −1 or more. */
  readonly typical: number | null;
  readonly total: number | null;
  /** Ratios actual ÷ estimate: 1 is as estimated. Range: above 0. */
  readonly p10: number;
  readonly p90: number;
  /** Where the group drifts, and since which day. */
  readonly drift?: { readonly side: 'over' | 'under'; readonly since: string } | undefined;
}

/** More lines would neither be read nor stay small; the rest is counted. */
const ROWS_MAX = 14;
const ROW_HEIGHT = 44;
const DRIFT_HEIGHT = 15;
const AXIS_HEIGHT = 40;
/** What a letter takes, of a name and of a figure. Units: px. */
const [NAME_LETTER, FIGURE_LETTER] = [7.5, 6.2];
/** Higher variances are told as above this. */
const PERCENT_MAX = 999;
const NOTE_HEIGHT = 18;
const PLOT_WIDTH = WIDTH - 2 * MARGIN;
/** How far the axis may reach each way, as factors; what lies beyond stands at its end, marked. */
const REACHES = [2, 4, 8] as const;
const TICKS = [1 / 8, 1 / 4, 1 / 2, 1, 2, 4, 8];
const TICK_NAMES = ['⅛', '¼', '½', '1', '2', '4', '8'];

const EMPTY = 'No finished tasks with an estimate yet.';

/**
 * A line for each group on one scale of actual ÷ estimate: the range that holds 8 of 10 tasks as a bar, what is typical
 * as a dot, the total as a diamond, and where it drifts a triangle with the day. In the order given; the first 14.
 */
export function drawVarianceStrip(rows: readonly StripRow[]): SvgText {
  for (const { p10, p90 } of rows) {
    assert(p10 > 0 && p90 >= p10, `expected a range above zero, received ${p10} to ${p90}`);
  }
  if (rows.length === 0) return toEmptySvg(EMPTY);
  const shown = rows.slice(0, ROWS_MAX);
  const reach = findReach(shown);
  const tops: number[] = [];
  let height = MARGIN;
  for (const { drift } of shown) {
    tops.push(height);
    height += ROW_HEIGHT + (drift === undefined ? 0 : DRIFT_HEIGHT);
  }
  const more = rows.length - shown.length;
  const axis = drawAxis(reach, height);
  const lines = shown.map((row, place) => drawRow(row, tops[place] ?? 0, reach));
  height += AXIS_HEIGHT;
  const note = text(`and ${more} more`, { class: 'small', x: MARGIN, y: height + 10 });
  return toSvg({
    height: height + (more > 0 ? NOTE_HEIGHT : 0),
    words: `Variance of ${rows.length} groups: actual over estimate`,
    content: [axis, ...lines, more > 0 ? note : ''].join(''),
  });
}

/** The same in words, a line for each group, none left out. */
export function describeVarianceStrip(rows: readonly StripRow[]): string {
  if (rows.length === 0) return EMPTY;
  return rows.map(describeRow).join('\n');
}

function describeRow({ name, n, typical, total, p10, p90, drift }: StripRow): string {
  const parts = [
    ...(typical === null ? [] : [`typically ${toPercent(typical)}`]),
    ...(total === null ? [] : [`in total ${toPercent(total)}`]),
    `8 of 10 tasks between ${toFactor(p10)} and ${toFactor(p90)} times the estimate`,
    `${n} ${n === 1 ? 'task' : 'tasks'}`,
    ...(drift === undefined ? [] : [`drifting ${drift.side} since ${drift.since}`]),
  ];
  return `${name}: ${parts.join(', ')}`;
}

function findReach(rows: readonly StripRow[]): number {
  const ratios = rows.flatMap(({ p10, p90, typical, total }) => [
    p10,
    p90,
    ...[typical, total].flatMap((variance) => (variance === null ? [] : [1 + variance])),
  ]);
  const isWithin = (reach: number): boolean =>
    ratios.every((ratio) => ratio >= 1 / reach && ratio <= reach);
  return REACHES.find(isWithin) ?? 8;
}

/** Where a ratio stands; beyond the axis at its end. */
function toX(ratio: number, reach: number): number {
  const place = Math.log(Math.max(1 / reach, Math.min(reach, ratio))) / Math.log(reach);
  return WIDTH / 2 + (place * PLOT_WIDTH) / 2;
}

function drawAxis(reach: number, bottom: number): SvgText {
  const ticks = TICKS.flatMap((ratio, place) => {
    if (ratio < 1 / reach || ratio > reach) return [];
    const x = toX(ratio, reach);
    const anchor = ratio === reach ? 'end' : ratio === 1 / reach ? 'start' : 'middle';
    const line = { x1: x, x2: x, y1: MARGIN, y2: bottom };
    return [
      element('line', { class: ratio === 1 ? 'rule' : 'grid', ...line }),
      text(TICK_NAMES[place] ?? '', { class: 'small', x, y: bottom + 14, 'text-anchor': anchor }),
    ];
  });
  const legend = [
    element('circle', { class: 'one', cx: MARGIN + 5, cy: bottom + 28, r: 4 }),
    text('typical', { class: 'small', x: MARGIN + 14, y: bottom + 32 }),
    drawDiamond(MARGIN + 68, bottom + 28),
    text('total', { class: 'small', x: MARGIN + 78, y: bottom + 32 }),
    text('actual ÷ estimate', {
      class: 'small',
      x: WIDTH - MARGIN,
      y: bottom + 32,
      'text-anchor': 'end',
    }),
  ];
  return [...ticks, ...legend].join('');
}

function drawRow(row: StripRow, top: number, reach: number): SvgText {
  const { name, n, typical, total, p10, p90, drift } = row;
  const y = top + 28;
  const [low, high] = [toX(p10, reach), toX(p90, reach)];
  const figures = [typical, total].map((variance) =>
    variance === null ? '–' : toPercent(variance),
  );
  const told = `${figures.join(' / ')} · n ${n}`;
  const nameMax = Math.floor((PLOT_WIDTH - FIGURE_LETTER * (told.length + 1)) / NAME_LETTER);
  const right = { x: WIDTH - MARGIN, y: top + 13, 'text-anchor': 'end' };
  return [
    // Its own ground keeps the words clear of the lines of the axis.
    element('rect', { class: 'back', x: 0, y: top, width: WIDTH, height: 17 }),
    text(shorten(name, nameMax), { class: 'strong', x: MARGIN, y: top + 13 }),
    text(told, { class: 'small', ...right }),
    // A range of no width is still to be seen.
    element('line', { class: 'range', x1: low - 1, x2: high + 1, y1: y, y2: y }),
    ...(p10 < 1 / reach ? [drawBeyond(low, y, -1)] : []),
    ...(p90 > reach ? [drawBeyond(high, y, 1)] : []),
    ...(total === null ? [] : [drawDiamond(toX(1 + total, reach), y)]),
    ...(typical === null
      ? []
      : [element('circle', { class: 'one', cx: toX(1 + typical, reach), cy: y, r: 4 })]),
    ...(drift === undefined ? [] : [drawDrift(drift, top + ROW_HEIGHT)]),
  ].join('');
}

function drawDrift({ side, since }: NonNullable<StripRow['drift']>, y: number): SvgText {
  const points = side === 'over' ? [y + 4, y - 4, y + 4] : [y - 4, y + 4, y - 4];
  const [left, middle, right] = points.map(String);
  const x = MARGIN;
  return [
    element('rect', { class: 'back', x: 0, y: y - 8, width: WIDTH, height: DRIFT_HEIGHT }),
    element('polygon', {
      class: 'two',
      points: `${x},${left} ${x + 5},${middle} ${x + 10},${right}`,
    }),
    text(`drifting ${side} since ${shorten(since, 20)}`, {
      class: 'small two-text',
      x: x + 16,
      y: y + 4,
    }),
  ].join('');
}

const drawDiamond = (x: number, y: number): SvgText =>
  element('path', { class: 'two', d: `M${toCoordinate(x - 6)} ${y}l6 -6 6 6 -6 6z` });

const drawBeyond = (x: number, y: number, direction: 1 | -1): SvgText =>
  element('path', {
    class: 'rule',
    d: `M${toCoordinate(x)} ${y - 5}l${direction * 5} 5 ${-direction * 5} 5`,
  });

/** A variance as signed whole percent. */
const toPercent = (variance: number): string => {
  const percent = Math.round(variance * 100);
  if (percent > PERCENT_MAX) return `>${PERCENT_MAX} %`;
  return `${percent > 0 ? '+' : ''}${percent} %`;
};

const toFactor = (ratio: number): string => String(Number(ratio.toPrecision(2)));
