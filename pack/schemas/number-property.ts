import * as coda from '../sdk.ts';

/** A share that Coda shows as percent: 0.5 is 50 %. */
export const percent = (description: string) =>
  ({
    type: coda.ValueType.Number,
    codaType: coda.ValueHintType.Percent,
    precision: 1,
    description,
  }) as const;

/** A number with two decimals, such as hours or a ratio. */
export const decimal = (description: string) =>
  ({ type: coda.ValueType.Number, precision: 2, description }) as const;

/** A whole number. */
export const count = (description: string) =>
  ({ type: coda.ValueType.Number, precision: 0, description }) as const;
