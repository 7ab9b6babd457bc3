import { accept, type Result, refuse } from '#shared/kernel/index.ts';

interface FieldSpec {
  readonly isRequired: boolean;
  /** Other headers in common use for the same thing, in `toHeaderKey` form. */
  readonly synonyms: readonly string[];
}

/** What a row of finished work may tell; each field is found by its own name or by a synonym. */
const HISTORY_FIELDS = {
  task_id: {
    isRequired: true,
    synonyms: ['id', 'taskid', 'externalid', 'key', 'issuekey', 'ticket'],
  },
  name: { isRequired: false, synonyms: ['taskname', 'title', 'task', 'summary'] },
  workflow: {
    isRequired: true,
    synonyms: ['workflowname', 'process', 'worktype', 'tasktype', 'type'],
  },
  project: { isRequired: false, synonyms: ['projectname', 'client', 'engagement'] },
  person: {
    isRequired: false,
    synonyms: ['assignee', 'user', 'owner', 'executedby', 'member', 'who'],
  },
  estimated_hours: {
    isRequired: false,
    synonyms: ['estimate', 'estimatehours', 'hoursestimate', 'originalestimate', 'plannedhours'],
  },
  actual_hours: {
    isRequired: true,
    synonyms: [
      'actual',
      'hours',
      'hoursactual',
      'timespent',
      'spenthours',
      'loggedhours',
      'duration',
    ],
  },
  estimated_on: {
    isRequired: false,
    synonyms: ['estimatedat', 'estimatedate', 'created', 'createdon'],
  },
  started_on: { isRequired: false, synonyms: ['startedat', 'started', 'start', 'startdate'] },
  completed_on: {
    isRequired: false,
    synonyms: [
      'completedat',
      'completed',
      'finished',
      'finishedon',
      'finishedat',
      'enddate',
      'resolved',
    ],
  },
} as const satisfies Readonly<Record<string, FieldSpec>>;

/** One thing a row of finished work may tell. */
export type HistoryField = keyof typeof HISTORY_FIELDS;

/** Which column of the file holds which field. */
export interface ColumnMapping {
  /** How many fields every record must have. */
  readonly width: number;
  readonly columns: ReadonlyMap<HistoryField, MappedColumn>;
  /** Columns nothing is read from, by their header. */
  readonly unused: readonly string[];
}

/** A column in use: its place from 0, and its header as it stands in the file. */
export interface MappedColumn {
  readonly index: number;
  readonly header: string;
}

/** Why a header cannot be used. */
export type MappingRefusal =
  | { readonly code: 'COLUMN_MISSING'; readonly field: HistoryField; readonly wanted: string }
  | {
      readonly code: 'COLUMN_AMBIGUOUS';
      readonly field: HistoryField;
      readonly headers: readonly string[];
    };

/** Whether a text names a {@link HistoryField}. */
export const isHistoryField = (text: string): text is HistoryField =>
  Object.hasOwn(HISTORY_FIELDS, text);

/** Every field, in the order in which they are shown. */
export const historyFields = (): readonly HistoryField[] =>
  Object.keys(HISTORY_FIELDS).filter(isHistoryField);

/**
 * Guesses which column holds which field: the one named on the command line, else the one of the field's own name,
 * else the one with a synonym. Case, blanks, `_` and `-` make no difference.
 * Refusals: `COLUMN_MISSING`, `COLUMN_AMBIGUOUS` (the same header twice, or two synonyms of one field).
 */
export function mapColumns(
  header: readonly string[],
  chosen: ReadonlyMap<HistoryField, string> = new Map(),
): Result<ColumnMapping, MappingRefusal> {
  const columns = new Map<HistoryField, MappedColumn>();
  for (const field of historyFields()) {
    const wanted = chosen.get(field);
    const found =
      wanted === undefined ? guess(header, field) : findAll(header, [toHeaderKey(wanted)]);
    const [column, second] = found;
    if (second !== undefined) {
      return refuse({ code: 'COLUMN_AMBIGUOUS', field, headers: found.map((each) => each.header) });
    }
    if (column !== undefined) columns.set(field, column);
    else if (wanted !== undefined || HISTORY_FIELDS[field].isRequired) {
      return refuse({ code: 'COLUMN_MISSING', field, wanted: wanted ?? field });
    }
  }
  const used = new Set([...columns.values()].map((column) => column.index));
  const unused = header.filter((_, index) => !used.has(index));
  return accept({ width: header.length, columns, unused });
}

/** One line that says what is wrong with a header and what to do about it. */
export function explainMappingRefusal(refusal: MappingRefusal): string {
  const { field } = refusal;
  const remedy = `name it with --map ${field}="Column name"`;
  switch (refusal.code) {
    case 'COLUMN_MISSING':
      return `The file has no column \`${refusal.wanted}\` for ${field}; ${remedy}.`;
    case 'COLUMN_AMBIGUOUS': {
      const headers = refusal.headers.map((header) => `\`${header}\``).join(', ');
      const isSame = new Set(refusal.headers.map(toHeaderKey)).size === 1;
      const fix = isSame ? 'rename or remove one of them' : remedy;
      return `The file has ${refusal.headers.length} columns for ${field} (${headers}); ${fix}.`;
    }
  }
}

function guess(header: readonly string[], field: HistoryField): readonly MappedColumn[] {
  const own = findAll(header, [toHeaderKey(field)]);
  return own.length > 0 ? own : findAll(header, HISTORY_FIELDS[field].synonyms);
}

function findAll(header: readonly string[], keys: readonly string[]): readonly MappedColumn[] {
  const columns = header.map((text, index) => ({ index, header: text.trim() }));
  return columns.filter((column) => keys.includes(toHeaderKey(column.header)));
}

const toHeaderKey = (header: string): string => header.toLowerCase().replaceAll(/[\s_-]/g, '');
