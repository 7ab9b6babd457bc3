import { explainFailure } from '../failures.ts';
import * as coda from '../sdk.ts';

/** What every button is declared with: it acts as a connected account, is never answered from a cache, and answers in words. */
export const BUTTON = {
  isAction: true,
  connectionRequirement: coda.ConnectionRequirement.Required,
  cacheTtlSecs: 0,
  resultType: coda.ValueType.String,
  onError: explainFailure,
} as const;
