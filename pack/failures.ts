import { isDomainError } from '#shared/kernel/index.ts';
import * as coda from './sdk.ts';

interface Choice {
  readonly received: string;
  readonly allowed: readonly string[];
}
interface Detail {
  readonly detail: string;
}

/** What can go wrong in a block, by code, with the facts its sentence needs. */
interface Failures {
  readonly ENTITY_UNKNOWN: Choice;
  readonly STATE_UNKNOWN: Choice;
  readonly STATUS_UNKNOWN: Choice;
  readonly GROUPING_UNKNOWN: Choice;
  readonly NO_VARIANCE: { readonly estimate: number; readonly actual: number };
  readonly COLUMNS_DIFFER: { readonly estimateRows: number; readonly actualRows: number };
  readonly ROWS_DIFFER: { readonly rows: readonly number[] };
  readonly ESTIMATE_MISSING: { readonly received: number };
  readonly AMOUNT_UNREADABLE: { readonly name: string; readonly received: number };
  readonly DATE_UNREADABLE: { readonly parameter: string };
  readonly DOC_UNREADABLE: { readonly received: string };
  readonly TABLES_UNUSABLE: { readonly problems: readonly string[] };
  readonly LEDGER_MISSING: { readonly problems: readonly string[] };
  readonly LEDGER_COPIED: { readonly docId: string };
  readonly COMMAND_MALFORMED: Detail;
  readonly UNAUTHORIZED: Detail;
  readonly FORBIDDEN: Detail;
  readonly NOT_FOUND: Detail;
  readonly BAD_REQUEST: Detail;
  readonly RATE_LIMITED: Detail;
  readonly TIMED_OUT: Detail;
  readonly SERVER_ERROR: Detail;
  readonly UNREADABLE: Detail;
  readonly NETWORK: Detail;
}

/** Every code's sentence: what is wrong, then what to do. A code without one does not compile. */
const SENTENCES: { readonly [Code in keyof Failures]: (facts: Failures[Code]) => string } = {
  ENTITY_UNKNOWN: (facts) => choose('entity', facts),
  STATE_UNKNOWN: (facts) => choose('state', facts),
  STATUS_UNKNOWN: (facts) => choose('status of a gate', facts),
  GROUPING_UNKNOWN: (facts) => choose('grouping', facts),
  NO_VARIANCE: ({ estimate, actual }) =>
    `No variance: estimate is ${estimate} h and actual ${actual} h, and both must be above 0. Leave out tasks without an estimate or without time, for example with If().`,
  COLUMNS_DIFFER: ({ estimateRows, actualRows }) =>
    `There are ${estimateRows} estimates and ${actualRows} actuals, so they cannot be paired. Give two columns of the same rows.`,
  ROWS_DIFFER: ({ rows }) =>
    `The columns have ${rows.join(', ')} rows, so they cannot be read together. Give columns of the same rows.`,
  ESTIMATE_MISSING: ({ received }) =>
    `No forecast: the estimate is ${received} h, and must be above 0. Enter what you expect first.`,
  AMOUNT_UNREADABLE: ({ name, received }) =>
    `"${name}" is ${received}, which is no amount here. Give a number that is not negative.`,
  DATE_UNREADABLE: ({ parameter }) =>
    `"${parameter}" is not a date. Give a date, for example Today() or a date column.`,
  DOC_UNREADABLE: ({ received }) =>
    `"${received}" is neither the address nor the id of a doc. Copy the doc's address from the browser.`,
  TABLES_UNUSABLE: ({ problems }) =>
    `This doc cannot be read as a Founder HQ: ${problems.join(' ')}`,
  LEDGER_MISSING: ({ problems }) =>
    `Nothing was recorded, because there is no usable Ledger table: ${problems.join(' ')} Import Ledger.csv into the doc, or give the doc that has it as the last parameter.`,
  LEDGER_COPIED: ({ docId }) =>
    `Nothing was recorded: this Ledger table was copied here from another doc, and this one is "${docId}". Delete the rows of the Ledger table here, then press again.`,
  COMMAND_MALFORMED: ({ detail }) => `Nothing was recorded: ${detail}.`,
  UNAUTHORIZED: () =>
    'Coda does not accept this account (401). Connect it again with a new API token.',
  FORBIDDEN: ({ detail }) =>
    `This account may not do that (403): ${detail} Use a token that may read and write this doc.`,
  NOT_FOUND: ({ detail }) =>
    `Not found (404): ${detail} Check the doc's address, and that this account can open it.`,
  BAD_REQUEST: ({ detail }) =>
    `Coda refused the request (400): ${detail} Check that the doc's tables and columns are unchanged.`,
  RATE_LIMITED: () => 'Coda is asked too often just now (429). Try again in a minute.',
  TIMED_OUT: () =>
    'Coda took too long to answer (504). Try again; if it stays so, archive old rows of the doc.',
  SERVER_ERROR: ({ detail }) =>
    `Coda had an error of its own: ${detail} Try again in a few minutes.`,
  UNREADABLE: ({ detail }) =>
    `Coda answered something unexpected: ${detail} Look for a newer version of this Pack.`,
  NETWORK: () =>
    'No answer came from Coda. Try again; a button press that did arrive counts only once in the hours.',
};

/** The error that shows a person what is wrong and what to do. */
export function failure<Code extends keyof Failures>(
  code: Code,
  facts: Failures[Code],
): coda.UserVisibleError {
  return new coda.UserVisibleError(SENTENCES[code](facts));
}

/** Turns a failure of the Coda API into a sentence; a bug is thrown on as it is. For `onError` of every block that reads a doc. */
export function explainFailure(error: Error): never {
  if (isDomainError(error) && isApiCode(error.code)) {
    throw failure(error.code, { detail: toSentence(error.message) });
  }
  throw error;
}

const API_CODES = [
  'UNAUTHORIZED',
  'FORBIDDEN',
  'NOT_FOUND',
  'BAD_REQUEST',
  'RATE_LIMITED',
  'TIMED_OUT',
  'SERVER_ERROR',
  'UNREADABLE',
  'NETWORK',
] as const;

const isApiCode = (code: string): code is (typeof API_CODES)[number] =>
  API_CODES.some((known) => known === code);

const choose = (what: string, { received, allowed }: Choice): string =>
  `"${received}" is no known ${what}. Allowed: ${allowed.join(', ')}.`;

const toSentence = (text: string): string => (/[.!?]$/.test(text) ? text : `${text}.`);
