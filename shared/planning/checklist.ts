import { HOUR_MS, type Ms } from '#shared/kernel/index.ts';

/** One step of a checklist. */
export interface ChecklistStep {
  readonly name: string;
  /** As a person wrote it behind the step; absent where there is none, or it is 0. Units: ms. */
  readonly estimateMs?: Ms;
  /** From 1; counts the steps of the same name up to this one, so that each of them can be told apart. */
  readonly occurrence: number;
}

const HEADING = /^#{1,6}\s/;
const BULLET = /^(?:[-*•]\s+|\d{1,3}[.)]\s+)?(?:\[[ xX]?\]\s*|☐\s*|☑\s*)?/;
// A number behind a plain colon or comma may belong to the step ("reply within: 24 h"), so it is set apart by more.
const SET_APART = /^(.*\S)\s*(?:\(([^()]+)\)|\[([^[\]]+)\]|\s[|–—-]\s*([^|–—]+))$/;
const LABELLED = /^(.*[^\s,;:|–—-])[\s,;:|–—-]+(estimated_(?:hrs|hours)[\s:=]+\S+(?:\s\S+)?)$/i;
const EFFORT =
  /^(estimated_(?:hrs|hours)[\s:=]+)?(\d{1,4}(?:[.,]\d{1,3})?)\s*(h|hrs?|hours?|m|mins?|minutes?)?$/i;

/**
 * The steps of a template's checklist: one a line, bullets and tick boxes aside, blank lines and Markdown headings left
 * out. A step may end with its estimate, set apart from its words: `Kick-off call (1.5 h)`, `Draft | 90 min`,
 * `Review – 2h`, `Send it, estimated_hrs: 0.5`. What is no number of hours or minutes stays in the name.
 * Shape: in the order of the lines.
 */
export function parseChecklist(text: string): readonly ChecklistStep[] {
  const occurrences = new Map<string, number>();
  return text.split(/\r\n|\r|\n/).flatMap((line): readonly ChecklistStep[] => {
    const trimmed = line.trim();
    const words = HEADING.test(trimmed) ? '' : trimmed.replace(BULLET, '').trim();
    if (words === '') return [];
    const { name, estimateMs } = splitEstimate(words);
    const occurrence = (occurrences.get(toComparable(name)) ?? 0) + 1;
    occurrences.set(toComparable(name), occurrence);
    return [{ name, occurrence, ...(estimateMs > 0 ? { estimateMs } : {}) }];
  });
}

/** A name as names are compared: case and the width of gaps never matter. */
export const toComparable = (name: string): string =>
  name.trim().toLowerCase().replace(/\s+/g, ' ');

function splitEstimate(words: string): { readonly name: string; readonly estimateMs: Ms } {
  const [, labelled = '', label] = LABELLED.exec(words) ?? [];
  const [, apart = '', ...endings] = SET_APART.exec(words) ?? [];
  const ending = label ?? endings.find((text) => text !== undefined);
  const estimateMs = ending === undefined ? undefined : readEffort(ending.trim());
  if (estimateMs === undefined) return { name: words, estimateMs: 0 };
  return { name: label === undefined ? apart : labelled, estimateMs };
}

/** Units: ms. Undefined where a text is no effort: a bare number is one only behind `estimated_hrs`. */
function readEffort(text: string): Ms | undefined {
  const [, label, number, unit] = EFFORT.exec(text) ?? [];
  if (number === undefined || (label === undefined && unit === undefined)) return undefined;
  const isMinutes = unit !== undefined && unit.toLowerCase().startsWith('m');
  return Math.round((Number(number.replace(',', '.')) * HOUR_MS) / (isMinutes ? 60 : 1));
}
