import type { FounderHqDoc } from '#shared/doc/index.ts';

/** A doc with some tables filled and all others empty. */
export const docWith = (tables: Partial<FounderHqDoc>): FounderHqDoc => ({
  docId: 'doc',
  serviceBlueprints: [],
  ventures: [],
  offers: [],
  engagements: [],
  workflows: [],
  processTemplates: [],
  projects: [],
  people: [],
  tasks: [],
  sprints: [],
  executionRuns: [],
  ...tables,
});

/** A link to a row that is called like its id. */
export const to = (rowId: string) => ({ rowId, name: rowId });
