import { MARGIN, toSvg } from './frame.ts';
import { element, type SvgText, shorten, text } from './svg.ts';

/** How a gate may stand, in the words people read, the worst first. */
export const BADGE_STATES = [
  'failed',
  'error',
  'inconclusive',
  'not run',
  'stale',
  'waived',
  'passed',
] as const;
/** One of {@link BADGE_STATES}. */
export type BadgeState = (typeof BADGE_STATES)[number];

/** A gate at a glance. */
export interface Badge {
  readonly gate: string;
  readonly state: BadgeState;
  /** Such as `until 2026-03-09`; may be empty. */
  readonly note: string;
}

const HEIGHT = 44;
const WORDS_MAX = 36;
const CENTRE = { x: MARGIN + 10, y: HEIGHT / 2 };

/** Each state has a shape of its own, so that no colour has to be told apart. */
const SIGNS: Readonly<Record<BadgeState, readonly [className: string, path: string]>> = {
  failed: ['two', 'M-6 -6l12 12M6 -6l-12 12'],
  error: ['two', 'M0 -7l8 14h-16zM0 -2v4'],
  inconclusive: ['line', 'M-7 -3q3.5 -4 7 0t7 0M-7 4q3.5 -4 7 0t7 0'],
  'not run': ['line', 'M0 -7a7 7 0 1 0 .1 0z'],
  stale: ['two', 'M0 -7a7 7 0 1 0 .1 0zM0 -4v4l3 2'],
  waived: ['line', 'M-8 5l16 -10M-8 -4h6M2 4h6'],
  passed: ['line', 'M-7 0l5 5 9 -10'],
};

/** A gate's name, and how it stands by sign and by word. */
export function drawGateBadge(badge: Badge): SvgText {
  const { gate, state, note } = badge;
  const [className, d] = SIGNS[state];
  const x = MARGIN + 28;
  return toSvg({
    height: HEIGHT,
    words: describeGateBadge(badge),
    content: [
      element(
        'g',
        { transform: `translate(${CENTRE.x} ${CENTRE.y})` },
        element('path', { class: className, d }),
      ),
      text(shorten(gate, WORDS_MAX), { class: 'strong', x, y: 18 }),
      text(shorten(toWords(state, note), WORDS_MAX + 6), { class: 'small', x, y: 34 }),
    ].join(''),
  });
}

/** The same in words. */
export const describeGateBadge = ({ gate, state, note }: Badge): string =>
  `${gate}: ${toWords(state, note)}`;

const toWords = (state: BadgeState, note: string): string =>
  note === '' ? state : `${state}, ${note}`;
