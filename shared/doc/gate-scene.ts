import { describeFault, parseRequiredGates, type RequiredGate } from '#shared/lifecycle/index.ts';
import { findRow, type RowMatch } from './find-row.ts';
import { createLineageIndex, type Dimension, type RunLinks, resolveLineage } from './lineage.ts';
import type {
  DocRow,
  ExecutionRunRow,
  FounderHqDoc,
  ProcessTemplateRow,
  ProjectRow,
  TaskRow,
} from './model.ts';

/** The rows of a doc a run's gates are read from. Every path of its lineage counts, so that a contradiction asks for more, not for less. */
export interface GateScene {
  readonly task?: TaskRow;
  readonly projects: readonly ProjectRow[];
  readonly templates: readonly ProcessTemplateRow[];
  /** Row id of the workflow; absent where the paths disagree or lead nowhere. */
  readonly workflowId?: string;
  /** The gates of the projects and templates, each once. */
  readonly gates: readonly RequiredGate[];
  /** What cannot be read of their lists, or that its task is not known, as sentences; the run is not done while there is one. */
  readonly faults: readonly string[];
}

/** A run as far as its gates depend on it. */
export interface GatedRun {
  readonly runId: string;
  /** Its task as a button called it. */
  readonly task: string;
}

/** Prepares a doc to be asked for the gates of its runs. */
export function createGateScenes(doc: FounderHqDoc): (run: GatedRun) => GateScene {
  const rows = createLineageIndex(doc);
  const projects = byRowId(doc.projects);
  const templates = byRowId(doc.processTemplates);
  const tasks = byRowId(doc.tasks);
  const shown = new Map(doc.executionRuns.map((row) => [row.runId, row]));
  const isAsking = [...doc.projects, ...doc.processTemplates].some(
    ({ requiredGates = '' }) => requiredGates.trim() !== '',
  );
  return ({ runId, task: called }) => {
    const match = findRow(doc.tasks, called);
    const row = shown.get(runId);
    // Its row in Execution Runs follows a task that was renamed, and knows which of two of one name it is.
    const task =
      tasks.get(row?.task?.rowId ?? '') ?? (match.kind === 'found' ? match.row : undefined);
    const links = toLinks(task, row);
    const reached = (dimension: Dimension): readonly string[] => [
      ...new Set(resolveLineage(links, rows, dimension).votes.map(({ rowId }) => rowId)),
    ];
    const workflow = resolveLineage(links, rows, 'workflow');
    const isLost = task === undefined && isAsking;
    const parts = {
      projects: reached('project').flatMap((id) => projects.get(id) ?? []),
      templates: reached('process_template').flatMap((id) => templates.get(id) ?? []),
    };
    return {
      ...(task === undefined ? {} : { task }),
      ...parts,
      ...(workflow.kind === 'resolved' ? { workflowId: workflow.id } : {}),
      ...readLists(parts, isLost ? [describeLost(called, match)] : []),
    };
  };
}

/** Gates are reached by the task: where nobody knows which it is, nobody knows what is asked for. */
function describeLost(called: string, { kind }: RowMatch<TaskRow>): string {
  return kind === 'ambiguous'
    ? `more than one task is called \`${called}\`, so that nobody can say which gates its run asks for: give each a name of its own`
    : `no task is called \`${called}\` any more, so that nobody can say which gates its run asks for: call its task so again`;
}

const byRowId = <Row extends DocRow>(rows: readonly Row[]): ReadonlyMap<string, Row> =>
  new Map(rows.map((row) => [row.rowId, row]));

const toLinks = (task: TaskRow | undefined, row: ExecutionRunRow | undefined): RunLinks => ({
  ...(task === undefined ? {} : { task: { rowId: task.rowId, name: task.name } }),
  ...row,
});

function readLists(
  { projects, templates }: Pick<GateScene, 'projects' | 'templates'>,
  lost: readonly string[],
): Pick<GateScene, 'gates' | 'faults'> {
  const lists = [
    ...projects.map((row) => readList('projects', row)),
    ...templates.map((row) => readList('process_templates', row)),
  ];
  const gates = lists.flatMap((list) => list.gates.map((gate) => [gate.gateKey, gate] as const));
  const faults = [...lost, ...lists.flatMap((list) => list.faults)];
  return { gates: [...new Map(gates).values()], faults };
}

function readList(
  table: string,
  { name, requiredGates = '' }: DocRow & { readonly requiredGates?: string },
): Pick<GateScene, 'gates' | 'faults'> {
  const read = parseRequiredGates(requiredGates);
  if (read.ok) return { gates: read.value, faults: [] };
  const where = `\`required_gates\` of \`${name}\` in ${table}`;
  return { gates: [], faults: read.refusal.map((fault) => `${where}, ${describeFault(fault)}`) };
}
