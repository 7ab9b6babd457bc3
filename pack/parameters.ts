import { openApi } from './doc-reader.ts';
import * as coda from './sdk.ts';

const listDocs = coda.makeMetadataFormula(async (context, search) => {
  const docs = await openApi(context).listDocs();
  const options = docs.map(({ id, name }) => ({ display: name, value: id }));
  return coda.autocompleteSearchObjects(search, options, 'display', 'value');
});

/** The address examples are given for. */
export const EXAMPLE_DOC = 'https://coda.io/d/Founder-HQ_dCxcSmXz318';

/** Which doc is meant. */
export const DOC_PARAMETER = coda.makeParameter({
  type: coda.ParameterType.String,
  name: 'doc',
  description: 'The Founder HQ doc: its address from the browser, or its id.',
  suggestedValue: EXAMPLE_DOC,
  autocomplete: listDocs,
});

/** Where the Ledger table is, if it is kept apart. Last in every block that has it. */
export const LEDGER_DOC_PARAMETER = coda.makeParameter({
  type: coda.ParameterType.String,
  name: 'ledgerDoc',
  description: 'The doc that holds the Ledger table, if it is another one: address or id.',
  optional: true,
  autocomplete: listDocs,
});

/** What is worked on. */
export const TASK_PARAMETER = coda.makeParameter({
  type: coda.ParameterType.String,
  name: 'task',
  description:
    "The task's name, row id or external_id. Give it in the same form to every button of the task.",
  suggestedValue: 'Audit Acme',
});

/** Who works. */
export const PERSON_PARAMETER = coda.makeParameter({
  type: coda.ParameterType.String,
  name: 'person',
  description:
    "Who works: e-mail or name as in the People table, always in the same form. Blank: the connected account's.",
  optional: true,
});

/** What came of it. */
export const NOTE_PARAMETER = coda.makeParameter({
  type: coda.ParameterType.String,
  name: 'note',
  description: 'What came of it, in at most 10,000 characters.',
  optional: true,
});

/** Whose gate it is. */
export const GATE_RUN_PARAMETER = coda.makeParameter({
  type: coda.ParameterType.String,
  name: 'run',
  description: "The run's id from the table Runs, or its task.",
  suggestedValue: 'Audit Acme',
});

/** Which gate is meant. */
export const GATE_PARAMETER = coda.makeParameter({
  type: coda.ParameterType.String,
  name: 'gate',
  description: 'The gate in the words of required_gates.',
  suggestedValue: 'client approval',
});
