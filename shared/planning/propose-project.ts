import { accept, isDay, type Result, refuse, type Sha256 } from '#shared/kernel/index.ts';
import { createPlannedFinder, type PlannedFinder } from './match-planned.ts';
import {
  type PlannedProject,
  type PlannedStep,
  type PlanningFrom,
  type ProposalRequest,
  toEngagementKey,
  toPlannedProjects,
} from './planned-rows.ts';
import type {
  KnownEngagement,
  KnownProject,
  KnownTask,
  KnownWork,
  NamedRow,
  ProjectPattern,
} from './project-pattern.ts';
import type {
  ProjectProposal,
  ProposalDifference,
  ProposalRefusal,
  ProposedRow,
  RowReference,
} from './project-proposal.ts';

/** What a proposal is made from. */
export interface ProposalFacts {
  readonly pattern: ProjectPattern;
  readonly known: KnownWork;
  readonly sha256: Sha256;
}

/**
 * The rows that would carry out an offer: an engagement, a project for each template, a draft task for each step. Only
 * rows that are missing are proposed: planning again with the same rows there proposes nothing, and whatever a person
 * has renamed, moved, estimated anew or deleted is named as a difference and left as it is.
 * Refusals: see {@link ProposalRefusal}.
 */
export function proposeProject(
  request: ProposalRequest,
  { pattern, known, sha256 }: ProposalFacts,
): Result<ProjectProposal, ProposalRefusal> {
  const { offer, blueprint, workflows, templates } = pattern;
  if (request.name.trim() === '') return refuse({ code: 'NAME_BLANK' });
  if (!isDay(request.startDate)) {
    return refuse({ code: 'DAY_INVALID', received: request.startDate });
  }
  if (blueprint === undefined) {
    return refuse({ code: 'OFFER_WITHOUT_BLUEPRINT', offer: offer.name });
  }
  if (workflows.length === 0) {
    return refuse({ code: 'BLUEPRINT_WITHOUT_WORKFLOW', blueprint: blueprint.name });
  }
  const from = { offer, blueprint, request, sha256 };
  const projects = toPlannedProjects(templates, from);
  const stepless = workflows.filter(
    ({ rowId }) => !projects.some(({ template }) => template.workflow.rowId === rowId),
  );
  if (projects.length === 0) {
    return refuse({ code: 'NO_STEPS', workflows: stepless.map(({ name }) => name) });
  }
  const draft = new Draft(known);
  draft.addAll(from, projects);
  const { rows, present, differences } = draft;
  const { name } = request;
  return accept({
    name: name.trim(),
    offer,
    blueprint,
    rows,
    present,
    differences: [...differences, ...draft.copies()],
    workflowsWithoutSteps: stepless,
  });
}

/** A proposal while it is made. */
class Draft {
  readonly rows: ProposedRow[] = [];
  readonly differences: ProposalDifference[] = [];
  present = 0;
  private readonly known: KnownWork;
  private readonly engagements: PlannedFinder<KnownEngagement>;
  private readonly projects: PlannedFinder<KnownProject>;
  private readonly tasks: PlannedFinder<KnownTask>;

  constructor(known: KnownWork) {
    this.known = known;
    this.engagements = createPlannedFinder(known.engagements);
    this.projects = createPlannedFinder(known.projects);
    this.tasks = createPlannedFinder(known.tasks);
  }

  addAll(from: PlanningFrom, projects: readonly PlannedProject[]): void {
    const { offer, request } = from;
    const planned = { key: toEngagementKey(from), name: request.name };
    const engagement = this.engagements.find(planned, ({ offerId }) => offerId === offer.rowId);
    const pairs = projects.map((project) => ({
      project,
      found: this.projects.find(
        project,
        (row) =>
          row.engagementId !== undefined &&
          row.engagementId === engagement?.rowId &&
          isUnset(row.templateId, project.template.rowId),
      ),
    }));
    // One without a key, made or renamed by hand, is known by the projects below it.
    const below = pairs.find(({ found }) => found?.engagementId !== undefined)?.found?.engagementId;
    const own = engagement ?? this.known.engagements.find(({ rowId }) => rowId === below);
    const reference = this.addEngagement(from, own);
    for (const pair of pairs) this.addProject(pair.project, pair.found, reference);
  }

  copies(): readonly ProposalDifference[] {
    const found = [this.engagements, this.projects, this.tasks].flatMap((finder) =>
      finder.copies().map(({ rowId, name }) => ({ rowId, name })),
    );
    return found.map((row) => ({ kind: 'copied', ...row }));
  }

  private addEngagement(
    from: PlanningFrom,
    found: KnownEngagement | undefined,
  ): RowReference | undefined {
    const { offer } = from;
    const name = from.request.name.trim();
    if (found !== undefined) {
      this.present += 1;
      this.compareNames(found, name);
      return { kind: 'existing', rowId: found.rowId };
    }
    const key = toEngagementKey(from);
    if (this.isDeleted(key, name)) return undefined;
    const reason = `nothing of this name was sold as ${offer.name} yet`;
    this.rows.push({ table: 'engagements', key, name, offerId: offer.rowId, reason });
    return { kind: 'proposed', key };
  }

  private addProject(
    planned: PlannedProject,
    found: KnownProject | undefined,
    engagement: RowReference | undefined,
  ): void {
    const { key, name, template, steps } = planned;
    if (found !== undefined) {
      this.present += 1;
      this.compareNames(found, name);
      const isMoved =
        !isUnset(found.templateId, template.rowId) ||
        engagement?.kind !== 'existing' ||
        engagement.rowId !== found.engagementId;
      if (isMoved) this.differences.push({ kind: 'moved', rowId: found.rowId, name: found.name });
      this.addSteps(steps, { kind: 'existing', rowId: found.rowId });
      return;
    }
    // Without what it hangs below there is nothing to make: a person has taken it away.
    if (this.isDeleted(key, name) || engagement === undefined) return;
    const reason = `one project for each template: ${template.name}`;
    const templateId = template.rowId;
    this.rows.push({ table: 'projects', key, name, engagement, templateId, reason });
    this.addSteps(steps, { kind: 'proposed', key });
  }

  private addSteps(steps: readonly PlannedStep[], project: RowReference): void {
    const isHere = ({ projectId }: KnownTask): boolean =>
      project.kind === 'existing' && projectId === project.rowId;
    const matched = new Set<string>();
    for (const step of steps) {
      const found = this.tasks.find(step, isHere);
      if (found === undefined) {
        this.addTask(step, project);
        continue;
      }
      matched.add(found.rowId);
      this.present += 1;
      this.compareTask(step, found, isHere(found));
    }
    const copied = new Set(this.tasks.copies().map(({ rowId }) => rowId));
    for (const task of this.known.tasks) {
      if (!isHere(task) || matched.has(task.rowId) || copied.has(task.rowId)) continue;
      this.differences.push({ kind: 'unplanned', rowId: task.rowId, name: task.name });
    }
  }

  private addTask(step: PlannedStep, project: RowReference): void {
    const { key, name, lineage } = step;
    if (this.isDeleted(key, name)) return;
    const reason = `step ${lineage.step} of ${lineage.template.name}`;
    this.rows.push({ ...step, table: 'tasks', status: 'Draft', project, reason });
  }

  private compareTask(step: PlannedStep, found: KnownTask, isHere: boolean): void {
    const { rowId, name, estimateMs, scheduledStart } = found;
    this.compareNames(found, step.name);
    if (!isHere) this.differences.push({ kind: 'moved', rowId, name });
    if (found.isUnreadable === true) return;
    const [plannedMs, foundMs] = [step.estimateMs ?? null, estimateMs ?? null];
    if (plannedMs !== foundMs) {
      this.differences.push({ kind: 're_estimated', rowId, name, plannedMs, foundMs });
    }
    const [planned, day] = [step.scheduledStart, scheduledStart ?? null];
    if (planned !== day) {
      this.differences.push({ kind: 'rescheduled', rowId, name, planned, found: day });
    }
  }

  private compareNames({ rowId, name: found }: NamedRow, planned: string): void {
    if (found === planned) return;
    this.differences.push({ kind: 'renamed', rowId, planned, found });
  }

  private isDeleted(key: string, name: string): boolean {
    const isGone = this.known.madeKeys.has(key);
    if (isGone) this.differences.push({ kind: 'deleted', key, name });
    return isGone;
  }
}

const isUnset = (found: string | undefined, planned: string): boolean =>
  found === undefined || found === planned;
