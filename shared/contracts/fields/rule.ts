import type * as z from 'zod';

/** What must hold between the fields of one document, once each of them has its form. */
export interface Rule<Document> {
  /** The field the complaint is about. */
  readonly path: readonly PropertyKey[];
  /** What was expected, as people say it. */
  readonly says: string;
  readonly holds: (document: Document) => boolean;
}

/** A refinement that reports every rule a document breaks. */
export const must =
  <Document>(...rules: readonly Rule<Document>[]) =>
  (document: Document, context: z.core.$RefinementCtx<Document>): void => {
    for (const { path, says, holds } of rules) {
      if (!holds(document)) context.addIssue({ code: 'custom', path: [...path], message: says });
    }
  };

/** Whether a field is there: neither absent nor null. */
export const isSet = <Value>(value: Value): value is NonNullable<Value> =>
  value !== undefined && value !== null;

/** Whether the instants that are there stand in the order given. Text order is time order. */
export function areInOrder(instants: readonly (string | null | undefined)[]): boolean {
  let last = '';
  for (const instant of instants.filter(isSet)) {
    if (instant < last) return false;
    last = instant;
  }
  return true;
}

/** Whether no value stands twice in a list. */
export const areDistinct = (values: readonly unknown[]): boolean =>
  new Set(values).size === values.length;
