import { createHash } from 'node:crypto';
import type {
  KnownWork,
  PatternTemplate,
  ProjectPattern,
  ProjectProposal,
  ProposalRequest,
  RowReference,
} from '#shared/planning/index.ts';
import { proposeProject } from '#shared/planning/index.ts';

export const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

export const NOTHING_KNOWN: KnownWork = {
  engagements: [],
  projects: [],
  tasks: [],
  madeKeys: new Set(),
};

export const template = (facts: Partial<PatternTemplate> = {}): PatternTemplate => ({
  rowId: 't1',
  name: 'Audit in four weeks',
  workflow: { rowId: 'w1', name: 'Marketing Audit' },
  checklist: 'Interview (3 h)\nReview (6 h)\nReport',
  evidence: { of: 'workflow', n: 19, low: 0.5, high: 2, ratio: 1.25 },
  ...facts,
});

/** An offer with a blueprint, one workflow for each template, and these templates. */
export const pattern = (templates: readonly PatternTemplate[] = [template()]): ProjectPattern => ({
  offer: { rowId: 'o1', name: 'Growth audit' },
  blueprint: { rowId: 'b1', name: 'Audit blueprint' },
  workflows: [...new Map(templates.map(({ workflow }) => [workflow.rowId, workflow])).values()],
  templates,
});

/** A Monday. */
export const REQUEST: ProposalRequest = { name: 'Audit Acme', startDate: '2026-01-05' };

/** The proposal for a pattern over what is known; a refusal fails the test. */
export function propose(
  of: ProjectPattern,
  known: KnownWork = NOTHING_KNOWN,
  request: ProposalRequest = REQUEST,
): ProjectProposal {
  const proposal = proposeProject(request, { pattern: of, known, sha256 });
  if (!proposal.ok) throw new Error(proposal.refusal.code);
  return proposal.value;
}

/** What is known after the proposed rows were made, each with its key for an external id. */
export function make(proposal: ProjectProposal, known: KnownWork = NOTHING_KNOWN): KnownWork {
  const idOf = (reference: RowReference): string =>
    reference.kind === 'existing' ? reference.rowId : `row ${reference.key}`;
  return proposal.rows.reduce((made: KnownWork, row): KnownWork => {
    const named = { rowId: `row ${row.key}`, name: row.name };
    switch (row.table) {
      case 'engagements':
        return { ...made, engagements: [...made.engagements, { ...named, offerId: row.offerId }] };
      case 'projects': {
        const { templateId, key: externalId } = row;
        const engagementId = idOf(row.engagement);
        const project = { ...named, externalId, engagementId, templateId };
        return { ...made, projects: [...made.projects, project] };
      }
      case 'tasks': {
        const { scheduledStart, key: externalId } = row;
        const estimate = row.estimateMs === undefined ? {} : { estimateMs: row.estimateMs };
        const task = { ...named, externalId, projectId: idOf(row.project), scheduledStart };
        return { ...made, tasks: [...made.tasks, { ...task, ...estimate }] };
      }
    }
  }, known);
}

/** The same, remembered as made. */
export const remember = (known: KnownWork): KnownWork => ({
  ...known,
  madeKeys: new Set(
    [...known.projects, ...known.tasks].flatMap(({ externalId }) => externalId ?? []),
  ),
});
