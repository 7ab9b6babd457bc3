/** Leading marks of a list, a tick among them, and hours at the end: neither is part of a step's name. */
const BULLET = /^\s*(?:[-*•]|\d+[.)])?\s*(?:\[[ xX]?\])?\s*/;
const HOURS = /\s*(?:\(|[-–—:,])\s*~?\d+(?:\.\d+)?\s*(?:h|hrs?|hours?)\s*\)?\s*$/i;

/** The steps of a checklist, one a line, as their tasks are called: without bullets and without estimated hours. */
export const listSteps = (checklist: string): readonly string[] =>
  checklist
    .split(/\r\n|\r|\n/)
    .map((line) => line.replace(BULLET, '').replace(HOURS, '').trim())
    .filter((step) => step !== '');
