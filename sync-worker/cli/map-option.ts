import { InvalidArgumentError } from 'commander';
import { type FieldTable, fieldsOf, isField } from '#worker/import/index.ts';

/** Takes in `field=column`, said once for each field of a file that stands under another header than its own. */
export const createMapParser =
  <Field extends string>(fields: FieldTable<Field>) =>
  (text: string, mappings: ReadonlyMap<Field, string> = new Map()): ReadonlyMap<Field, string> => {
    const [field = '', ...column] = text.split('=');
    if (column.length > 0 && isField(fields, field)) {
      return new Map([...mappings, [field, column.join('=')]]);
    }
    throw new InvalidArgumentError(
      `Expected field=column, the field one of ${fieldsOf(fields).join(', ')}.`,
    );
  };
