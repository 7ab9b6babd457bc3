import * as z from 'zod';
import { NUMBER, ORDINAL, usually, words } from './field-kinds.ts';
import { COMPARISON } from './head.ts';

/** What a measured value must be; between the two thresholds nothing is decided. */
export const CONDITION = z.strictObject({
  metricKey: words(128),
  op: COMPARISON,
  threshold: NUMBER,
  failThreshold: NUMBER.nullish(),
  unit: words(64),
  minSamples: usually(ORDINAL, 1),
});
