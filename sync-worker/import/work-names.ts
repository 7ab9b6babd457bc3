import type { Names } from '#shared/variance/index.ts';
import type { FieldTable } from './column-mapping.ts';
import type { FieldReader } from './field-reader.ts';

/** The columns that say what work belongs to, in files of runs and of tasks alike. */
export const WORK_NAME_FIELDS = {
  workflow: { isRequired: false, synonyms: ['workflowname', 'process', 'worktype', 'tasktype'] },
  process_template: { isRequired: false, synonyms: ['template', 'processtemplate'] },
  service_blueprint: { isRequired: false, synonyms: ['blueprint', 'serviceblueprint'] },
  offer: { isRequired: false, synonyms: ['offering'] },
  engagement: { isRequired: false, synonyms: ['client', 'contract'] },
  project: { isRequired: false, synonyms: ['projectname'] },
  venture: { isRequired: false, synonyms: ['company', 'business'] },
} as const satisfies FieldTable<string>;

/** One of the columns that say what work belongs to. */
export type WorkNameField = keyof typeof WORK_NAME_FIELDS;

/** What a row says its work belongs to. */
export const readNames = (read: Pick<FieldReader<WorkNameField>, 'text'>): Names => ({
  workflow: read.text('workflow'),
  process_template: read.text('process_template'),
  service_blueprint: read.text('service_blueprint'),
  offer: read.text('offer'),
  engagement: read.text('engagement'),
  project: read.text('project'),
  venture: read.text('venture'),
});
