import { DomainError } from '#shared/kernel/index.ts';
import { type FieldTable, toHeaderKey } from '#worker/import/index.ts';

/** What a row of a time export may tell. */
export const TIME_FIELDS = [
  'entry_id',
  'start_date',
  'start_time',
  'end_date',
  'end_time',
  'duration',
  'hours',
  'person',
  'first_name',
  'last_name',
  'email',
  'client',
  'project',
  'task',
  'note',
] as const;
/** One of {@link TIME_FIELDS}. */
export type TimeField = (typeof TIME_FIELDS)[number];

/** The tools whose exports are known. */
export const TIME_SOURCES = ['harvest', 'toggl', 'clockify', 'kimai'] as const;
/** One of {@link TIME_SOURCES}. */
export type TimeSource = (typeof TIME_SOURCES)[number];

/** How a tool writes its detailed report. */
export interface TimeLayout {
  readonly source: TimeSource;
  readonly title: string;
  readonly fields: FieldTable<TimeField>;
}

/** The headers of each field, and those that only this tool writes. A header stands as `toHeaderKey` gives it. */
interface LayoutFacts {
  readonly title: string;
  /** One of each list has to be there. */
  readonly marks: readonly (readonly string[])[];
  readonly headers: Readonly<Partial<Record<TimeField, readonly string[]>>>;
}

const NAMES = {
  entry_id: ['id', 'entryid', 'timeentryid'],
  email: ['email', 'useremail'],
  client: ['client', 'customer'],
  project: ['project'],
} as const;

const LAYOUTS: Readonly<Record<TimeSource, LayoutFacts>> = {
  clockify: {
    title: 'Clockify',
    marks: [['duration(h)', 'duration(decimal)'], ['startdate']],
    headers: {
      ...NAMES,
      start_date: ['startdate'],
      start_time: ['starttime'],
      end_date: ['enddate'],
      end_time: ['endtime'],
      duration: ['duration(h)'],
      hours: ['duration(decimal)'],
      person: ['user'],
      task: ['task'],
      note: ['description'],
    },
  },
  harvest: {
    title: 'Harvest',
    marks: [['date'], ['hours'], ['firstname', 'employee', 'hoursrounded']],
    headers: {
      ...NAMES,
      start_date: ['date'],
      start_time: ['startedat', 'starttime'],
      end_time: ['endedat', 'endtime'],
      hours: ['hours'],
      person: ['employee'],
      first_name: ['firstname'],
      last_name: ['lastname'],
      task: ['task'],
      note: ['notes'],
    },
  },
  kimai: {
    title: 'Kimai',
    marks: [['activity'], ['from', 'begin', 'in'], ['duration']],
    headers: {
      ...NAMES,
      start_date: ['date'],
      start_time: ['from', 'begin', 'in'],
      end_time: ['to', 'end', 'out'],
      duration: ['duration'],
      person: ['user', 'username'],
      task: ['activity'],
      note: ['description'],
    },
  },
  toggl: {
    title: 'Toggl Track',
    marks: [['description'], ['duration'], ['startdate'], ['starttime']],
    headers: {
      ...NAMES,
      start_date: ['startdate'],
      start_time: ['starttime'],
      end_date: ['enddate', 'stopdate'],
      end_time: ['endtime', 'stoptime'],
      duration: ['duration'],
      person: ['user', 'member'],
      task: ['task'],
      note: ['description'],
    },
  },
};
/** The most telling marks first. */
const ORDER: readonly TimeSource[] = ['clockify', 'harvest', 'kimai', 'toggl'];

/** The tool that writes such a header, or the one that is named. Errors: `TIME_SOURCE` where none is known by it. */
export function chooseLayout(header: readonly string[], named?: TimeSource): TimeLayout {
  const keys = new Set(header.map(toHeaderKey));
  const fits = (source: TimeSource): boolean =>
    LAYOUTS[source].marks.every((some) => some.some((mark) => keys.has(mark)));
  const source = named ?? ORDER.find(fits);
  if (source !== undefined) return toLayout(source);
  const shown = header.map((text) => `\`${text.trim()}\``).join(', ');
  throw new DomainError(
    'TIME_SOURCE',
    `No known tool writes the header ${shown}: export the detailed report as CSV, or name the tool with --source (${TIME_SOURCES.join(', ')}) and the columns with --map.`,
  );
}

/** The fields of a tool's export, each with the headers it is known by. */
function toLayout(source: TimeSource): TimeLayout {
  const { title, headers } = LAYOUTS[source];
  return { source, title, fields: toFieldTable(headers) };
}

/** Every field under its own name alone, for those who name columns by hand. */
export const ANY_TIME_FIELDS: FieldTable<TimeField> = toFieldTable({});

function toFieldTable(headers: LayoutFacts['headers']): FieldTable<TimeField> {
  const spec = (field: TimeField) => ({
    isRequired: field === 'start_date',
    synonyms: headers[field] ?? [],
  });
  return {
    entry_id: spec('entry_id'),
    start_date: spec('start_date'),
    start_time: spec('start_time'),
    end_date: spec('end_date'),
    end_time: spec('end_time'),
    duration: spec('duration'),
    hours: spec('hours'),
    person: spec('person'),
    first_name: spec('first_name'),
    last_name: spec('last_name'),
    email: spec('email'),
    client: spec('client'),
    project: spec('project'),
    task: spec('task'),
    note: spec('note'),
  };
}
