import { MINUTE_MS, type Ms } from '#shared/kernel/index.ts';
import type { SessionRecord } from '#shared/variance/index.ts';
import type { FieldTable } from './column-mapping.ts';
import { type FieldReader, HOURS_MAX } from './field-reader.ts';
import { readNames, WORK_NAME_FIELDS } from './work-names.ts';

/** What a row of a session file may tell. */
export const SESSION_FIELDS = {
  run_id: { isRequired: false, synonyms: ['runid', 'id', 'sessionid', 'entryid'] },
  task_id: { isRequired: false, synonyms: ['taskid', 'task', 'issuekey', 'ticket'] },
  person: { isRequired: false, synonyms: ['user', 'member', 'executedby', 'who', 'assignee'] },
  started_at: { isRequired: false, synonyms: ['start', 'started', 'begin', 'starttime'] },
  ended_at: { isRequired: false, synonyms: ['end', 'ended', 'stop', 'endtime', 'finishedat'] },
  net_minutes: { isRequired: false, synonyms: ['minutes', 'durationminutes', 'netmin'] },
  interruption_minutes: {
    isRequired: false,
    synonyms: ['interruptminutes', 'interruptions', 'breakminutes', 'pauseminutes'],
  },
  ...WORK_NAME_FIELDS,
} as const satisfies FieldTable<string>;

/** A run of more is a typing error. */
const MINUTES_MAX = 60 * HOURS_MAX;

/** One thing a row of a session file may tell. */
export type SessionField = keyof typeof SESSION_FIELDS;

/** Reads one run; times without an offset are those of clocks in the zone. */
export function parseSession(read: FieldReader<SessionField>, timeZone: string): SessionRecord {
  return {
    runId: read.text('run_id'),
    taskId: read.text('task_id'),
    startedAt: read.moment('started_at', timeZone),
    endedAt: read.moment('ended_at', timeZone),
    netMs: toMs(read.number('net_minutes', MINUTES_MAX)),
    interruptMs: toMs(read.number('interruption_minutes', MINUTES_MAX)),
    names: { ...readNames(read), person: read.text('person') },
  };
}

const toMs = (minutes: number | undefined): Ms | undefined =>
  minutes === undefined ? undefined : Math.round(minutes * MINUTE_MS);
