import * as coda from '../sdk.ts';
import { decimal } from './number-property.ts';

/** One run as the table `Runs` shows it. */
export const RunRowSchema = coda.makeObjectSchema({
  properties: {
    runId: { type: coda.ValueType.String, description: "The run's permanent id." },
    title: { type: coda.ValueType.String, description: 'Task and person.' },
    task: { type: coda.ValueType.String, description: 'What was worked on.' },
    person: { type: coda.ValueType.String, description: 'Who worked.' },
    state: {
      type: coda.ValueType.String,
      description:
        'pending, queued, running, paused, validating, succeeded, failed, quarantined or canceled.',
    },
    startedAt: {
      type: coda.ValueType.String,
      codaType: coda.ValueHintType.DateTime,
      description: 'When the clock first ran.',
    },
    endedAt: {
      type: coda.ValueType.String,
      codaType: coda.ValueHintType.DateTime,
      description: 'When the run closed; blank while it is open.',
    },
    day: {
      type: coda.ValueType.String,
      codaType: coda.ValueHintType.Date,
      description: 'The day the hours were logged for; blank where a clock ran.',
    },
    hours: decimal('Hours worked, pauses taken out, up to the last sync while it runs.'),
    note: { type: coda.ValueType.String, description: 'What came of it.' },
    isPending: {
      type: coda.ValueType.Boolean,
      description: 'Whether a press that the worker has not decided yet shaped this row.',
    },
    origin: {
      type: coda.ValueType.String,
      description: 'ledger (made by a button or a tool) or doc (typed into Execution Runs).',
    },
  },
  idProperty: 'runId',
  displayProperty: 'title',
  featuredProperties: ['state', 'startedAt', 'endedAt', 'hours'],
});
