import type { FieldTable } from './column-mapping.ts';

/** What a row of finished work may tell. */
export const HISTORY_FIELDS = {
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
} as const satisfies FieldTable<string>;

/** One thing a row of finished work may tell. */
export type HistoryField = keyof typeof HISTORY_FIELDS;
