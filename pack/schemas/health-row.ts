import * as coda from '../sdk.ts';

const text = (description: string) => ({ type: coda.ValueType.String, description }) as const;

/** One thing a founder may want to mend, as the table `DocHealth` shows it. */
export const HealthRowSchema = coda.makeObjectSchema({
  properties: {
    findingId: text('What is wrong and where, as an id.'),
    severity: text(
      'error (what rests on it cannot be trusted), warning (a number or a column is affected) or info.',
    ),
    code: text('What is wrong, in one word.'),
    table: text('The table it is about; blank for the whole doc.'),
    column: text('The column it is about.'),
    message: text('What was expected and what was found.'),
    fix: text('What to do about it.'),
    asOf: {
      type: coda.ValueType.String,
      codaType: coda.ValueHintType.DateTime,
      description: 'When the doc was looked at.',
    },
  },
  idProperty: 'findingId',
  displayProperty: 'message',
  featuredProperties: ['severity', 'table', 'fix'],
});
