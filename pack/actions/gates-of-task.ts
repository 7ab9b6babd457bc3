import type { ApiRow, DocApi } from '#shared/coda/index.ts';
import {
  columnIdOf,
  createRowParser,
  type DocSource,
  isHandedOver,
  readBinding,
  readFounderHq,
  type TaskRow,
} from '#shared/doc/index.ts';
import { splitGates } from '#shared/lifecycle/index.ts';

/** What a finish of a task has to wait for. */
export interface GatesOfTask {
  /** In the words of its project and of its template. */
  readonly required: readonly string[];
  /** Those of them that do not show as met in what was read. */
  readonly missing: readonly string[];
}

const TABLES = ['projects', 'process_templates', 'deliverables'] as const;

/**
 * The gates a run of a task has to pass before it is done; nothing where no task, or more than one, is known by that row id, name or
 * external id. Of the tasks, which may be many, only that one is read. Errors: those of the API.
 */
export async function readGatesOfTask(
  api: DocApi,
  docId: string,
  value: string,
): Promise<GatesOfTask | undefined> {
  const source = {
    api,
    docId,
    binding: await readBinding(api, docId, { tables: ['tasks', ...TABLES] }),
  };
  const { doc } = await readFounderHq(source, TABLES);
  const [task, other] = await findTasks(source, value);
  if (task === undefined || other !== undefined) return undefined;
  const project = doc.projects.find(({ rowId }) => rowId === task.project?.rowId);
  const templateId = project?.processTemplate?.rowId;
  const template = doc.processTemplates.find(({ rowId }) => rowId === templateId);
  const lists = [project, template].map((row) => row?.requiredGates ?? '');
  const words = lists.flatMap(splitGates).map((gate) => gate.words.toLowerCase());
  const required = [...new Set(words)];
  const mine = new Set([task, project].flatMap((row) => row?.rowId ?? []));
  const isMet = doc.deliverables?.some((row) => isHandedOver(row, mine));
  return {
    required,
    missing: required.filter((gate) => gate !== 'deliverable linked' || isMet !== true),
  };
}

async function findTasks(
  { api, docId, binding }: DocSource<DocApi>,
  value: string,
): Promise<readonly TaskRow[]> {
  const tableId = binding.tables.get('tasks')?.tableId ?? '';
  const parse = (row: ApiRow): TaskRow => createRowParser(binding, 'tasks').parse(row);
  const tasks: TaskRow[] = [];
  for (const name of ['name', 'external_id']) {
    const columnId = columnIdOf(binding, 'tasks', name);
    if (columnId === undefined || tasks.length > 0) continue;
    for await (const { rows } of api.listRows(docId, tableId, { query: { columnId, value } })) {
      tasks.push(...rows.map(parse));
    }
  }
  // Asked for last and by the look of it, since most people write names, and a request that finds nothing is an error.
  return tasks.length === 0 && value.startsWith('i-')
    ? [parse(await api.getRow(docId, tableId, value))]
    : tasks;
}
