import type { FounderHqDoc, RowLink } from './model.ts';

/** What a run can be counted under. */
export type Dimension =
  | 'process_template'
  | 'workflow'
  | 'project'
  | 'engagement'
  | 'offer'
  | 'venture'
  | 'service_blueprint';

/** A relation that leads from one row to the next; it is named after what it points to. */
export type LineageStep = Dimension | 'task';
type Path = readonly LineageStep[];

/** The relations of a run, as far as they are set; a blank one has no vote. */
export interface RunLinks {
  readonly task?: RowLink;
  readonly project?: RowLink;
  readonly engagement?: RowLink;
  readonly processTemplate?: RowLink;
  readonly workflow?: RowLink;
}

/** One path from a run, and the row it leads to. */
export interface LineageVote {
  /** Such as `run.task.project.process_template`. */
  readonly path: string;
  readonly rowId: string;
  readonly name: string;
}

/** What the votes of all paths come to. */
export type LineageVerdict =
  | {
      readonly kind: 'resolved';
      readonly id: string;
      readonly name: string;
      readonly isDeprecated: boolean;
    }
  | { readonly kind: 'conflict' }
  | { readonly kind: 'unresolved' };

/**
 * What all paths say together. `dangling` are the paths that end at a row the doc no longer has: they count for
 * nothing and keep the old id in view.
 */
export type LineageAnswer = LineageVerdict & {
  readonly votes: readonly LineageVote[];
  readonly dangling: readonly LineageVote[];
};

/** A row as far as it leads anywhere. */
export interface LineageRow {
  readonly name: string;
  readonly isDeprecated: boolean;
  readonly links: { readonly [To in LineageStep]?: RowLink | undefined };
}

/** The rows of a doc by what they are and by row id, ready to be walked. */
export type LineageIndex = { readonly [At in LineageStep]: ReadonlyMap<string, LineageRow> };

const via = (paths: readonly Path[], step: LineageStep): readonly Path[] =>
  paths.map((path) => [...path, step]);

const PROJECT: readonly Path[] = [['project'], ['task', 'project']];
const TEMPLATE: readonly Path[] = [['process_template'], ...via(PROJECT, 'process_template')];
const WORKFLOW: readonly Path[] = [['workflow'], ...via(TEMPLATE, 'workflow')];
const ENGAGEMENT: readonly Path[] = [['engagement'], ...via(PROJECT, 'engagement')];
const OFFER = via(ENGAGEMENT, 'offer');

/** Every way from a run to what it counts under. No path outranks another. */
const PATHS: { readonly [Name in Dimension]: readonly Path[] } = {
  process_template: TEMPLATE,
  workflow: WORKFLOW,
  project: PROJECT,
  engagement: ENGAGEMENT,
  offer: OFFER,
  venture: via(OFFER, 'venture'),
  service_blueprint: [...via(WORKFLOW, 'service_blueprint'), ...via(OFFER, 'service_blueprint')],
};

/** Makes a doc's rows ready to be walked. */
export function createLineageIndex(doc: FounderHqDoc): LineageIndex {
  return {
    task: index(doc.tasks, ({ project }) => ({ project })),
    project: index(doc.projects, ({ engagement, processTemplate }) => ({
      engagement,
      process_template: processTemplate,
    })),
    engagement: index(doc.engagements, ({ offer }) => ({ offer })),
    offer: index(doc.offers, ({ venture, serviceBlueprint }) => ({
      venture,
      service_blueprint: serviceBlueprint,
    })),
    process_template: index(doc.processTemplates, ({ workflow }) => ({ workflow })),
    workflow: index(doc.workflows, ({ serviceBlueprint }) => ({
      service_blueprint: serviceBlueprint,
    })),
    venture: index(doc.ventures, () => ({})),
    service_blueprint: index(doc.serviceBlueprints, () => ({})),
  };
}

/**
 * Which row of a dimension a run belongs to. Every path that leads to a row votes: one distinct answer is resolved,
 * none is unresolved, two or more are a conflict, which the doc must mend. Dimensions are judged one by one.
 */
export function resolveLineage(
  run: RunLinks,
  rows: LineageIndex,
  dimension: Dimension,
): LineageAnswer {
  const votes: LineageVote[] = [];
  const dangling = new Map<string, LineageVote>();
  for (const path of PATHS[dimension]) {
    const end = walk(run, rows, path);
    if (end === undefined) continue;
    if (end.isThere) votes.push(end.vote);
    else dangling.set(end.vote.path, end.vote);
  }
  return { ...judge(votes, rows[dimension]), votes, dangling: [...dangling.values()] };
}

function judge(
  votes: readonly LineageVote[],
  rows: ReadonlyMap<string, LineageRow>,
): LineageVerdict {
  const [first] = votes;
  if (first === undefined) return { kind: 'unresolved' };
  if (votes.some(({ rowId }) => rowId !== first.rowId)) return { kind: 'conflict' };
  const row = rows.get(first.rowId);
  return {
    kind: 'resolved',
    id: first.rowId,
    name: row?.name ?? first.name,
    isDeprecated: row?.isDeprecated ?? false,
  };
}

function index<Row extends { rowId: string; name: string; isDeprecated?: true }>(
  rows: readonly Row[],
  linksOf: (row: Row) => LineageRow['links'],
): ReadonlyMap<string, LineageRow> {
  return new Map(
    rows.map((row) => [
      row.rowId,
      { name: row.name, isDeprecated: row.isDeprecated === true, links: linksOf(row) },
    ]),
  );
}

/** Where a path ends: at the row it is for, or earlier at a row that was deleted. */
interface PathEnd {
  readonly vote: LineageVote;
  readonly isThere: boolean;
}

function walk(run: RunLinks, rows: LineageIndex, path: Path): PathEnd | undefined {
  const { task, project, engagement, processTemplate, workflow } = run;
  const start = { task, project, engagement, process_template: processTemplate, workflow };
  let links: LineageRow['links'] = start;
  for (const [at, step] of path.entries()) {
    const link = links[step];
    if (link === undefined) return undefined;
    const row = rows[step].get(link.rowId);
    // A table without any row was not read, so its links are taken at their word.
    const isThere = row !== undefined || rows[step].size === 0;
    if (!isThere || at === path.length - 1) {
      return { vote: { ...link, path: ['run', ...path.slice(0, at + 1)].join('.') }, isThere };
    }
    links = row?.links ?? {};
  }
  return undefined;
}
