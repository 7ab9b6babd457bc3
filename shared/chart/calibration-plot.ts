import { MARGIN, toEmptySvg, toSvg, WIDTH } from './frame.ts';
import { element, type SvgText, text } from './svg.ts';

/** How often outcomes ended by a quantile that was forecast. */
export interface PlottedQuantile {
  /** The share that should end by it. Range: 0 to 1. */
  readonly share: number;
  /** The share that ended before it, and the share that ended before it or on it. Range: 0 to 1. */
  readonly below: number;
  readonly upTo: number;
  /** How many outcomes were counted. */
  readonly n: number;
}

const LEFT = 44;
const TOP = 34;
const SIDE = WIDTH - LEFT - MARGIN - 8;
const TICKS = [0, 0.25, 0.5, 0.75, 1];
/** Chance alone leaves 19 of 20 shares within so many standard deviations. */
const DEVIATIONS = 1.96;
const BAND_STEPS = 20;

const EMPTY = 'No forecast has an outcome yet.';

/**
 * Forecast shares against those that came, each as a bar from what ended before the quantile to what ended on it, since
 * hours lie on grids. Where forecasts hold, each bar touches the line, give or take the grey band of chance.
 */
export function drawCalibrationPlot(quantiles: readonly PlottedQuantile[]): SvgText {
  const [first] = quantiles;
  if (first === undefined) return toEmptySvg(EMPTY);
  const bottom = TOP + SIDE;
  return toSvg({
    height: bottom + 46,
    words: describeCalibration(quantiles),
    content: [
      text('Share of tasks that ended by the forecast', { class: 'strong', x: MARGIN, y: 20 }),
      ...TICKS.map(drawTick),
      drawBand(first.n),
      element('line', { class: 'rule', x1: toX(0), y1: toY(0), x2: toX(1), y2: toY(1) }),
      ...quantiles.map(drawQuantile),
      text('forecast', { class: 'small', x: toX(0.5), y: bottom + 32, 'text-anchor': 'middle' }),
      text(`n ${toCount(first.n)}`, {
        class: 'small',
        x: toX(1),
        y: bottom + 32,
        'text-anchor': 'end',
      }),
    ].join(''),
  });
}

/** The same in words. */
export function describeCalibration(quantiles: readonly PlottedQuantile[]): string {
  const [first] = quantiles;
  if (first === undefined) return EMPTY;
  const parts = quantiles.map(({ share, below, upTo }) => {
    const [least, most] = [toPercent(below), toPercent(upTo)];
    return `${least === most ? least : `${least} to ${most}`} ended by the forecast P${toPercent(share)}`;
  });
  const n = first.n === 1 ? '1 task' : `${toCount(first.n)} tasks`;
  return `Of ${n}, in percent: ${parts.join(', ')}.`;
}

const toX = (share: number): number => LEFT + share * SIDE;
const toY = (share: number): number => TOP + (1 - share) * SIDE;

function drawTick(share: number): SvgText {
  const y = toY(share);
  return [
    element('line', { class: 'grid', x1: toX(0), x2: toX(1), y1: y, y2: y }),
    text(`${toPercent(share)} %`, { class: 'small', x: LEFT - 5, y: y + 4, 'text-anchor': 'end' }),
  ].join('');
}

function drawBand(n: number): SvgText {
  const shares = Array.from({ length: BAND_STEPS + 1 }, (_, step) => step / BAND_STEPS);
  const toEdge = (side: 1 | -1) => (share: number) => {
    const away = side * DEVIATIONS * Math.sqrt((share * (1 - share)) / n);
    const y = toY(Math.max(0, Math.min(1, share + away)));
    return `${toX(share).toFixed(1)},${y.toFixed(1)}`;
  };
  const points = [...shares.map(toEdge(1)), ...shares.reverse().map(toEdge(-1))];
  return element('polygon', { class: 'band', points: points.join(' ') });
}

function drawQuantile({ share, below, upTo }: PlottedQuantile): SvgText {
  const x = toX(share);
  const [low, high] = [toY(below), toY(upTo)];
  const name = `P${toPercent(share)}`;
  return [
    element('line', { class: 'grid', x1: x, x2: x, y1: toY(0), y2: toY(1) }),
    text(name, { class: 'small', x, y: toY(0) + 16, 'text-anchor': 'middle' }),
    element('line', { class: 'range', x1: x, x2: x, y1: low, y2: high }),
    element('circle', { class: 'one', cx: x, cy: (low + high) / 2, r: 4 }),
  ].join('');
}

const toPercent = (share: number): string => String(Math.round(share * 100));
const toCount = (n: number): string => String(n).replaceAll(/\B(?=(?:\d{3})+$)/g, ',');
