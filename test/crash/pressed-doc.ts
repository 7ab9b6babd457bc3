import { FOUNDER_HQ_TABLES } from '#shared/doc/index.ts';
import { createCommand, parseStateRow, toCommandRow } from '#shared/ledger/index.ts';
import { createDocFromTables, type LocalDoc } from '#worker/local-doc/index.ts';
import { sha256 } from '#worker/store/index.ts';

/** Tasks of {@link HISTORY}. */
export const TASKS = 230;
/** Runs that the presses of {@link createPressedDoc} make, and how many presses are accepted. */
export const PRESSED = { runs: 7, accepted: 11 };
/** A file of finished work to import. */
export const HISTORY = [
  'task_id,workflow,project,person,estimated_hours,actual_hours,started_on,completed_on',
  ...Array.from({ length: TASKS }, (_, at) => {
    const [workflow, project, person] = [`Audit ${at % 3}`, `Acme ${at % 2}`, `Dana ${at % 2}`];
    return `T${at},${workflow},${project},${person},${at % 5},${at / 4},2026-02-02,2026-02-03`;
  }),
].join('\n');

// Hours ago, so that no press waits for another; every doc of one run gets the same moments.
const PRESSED_AT = Date.now() - 6 * 3_600_000;
const TABLES = ['workflows', 'projects', 'people', 'tasks', 'execution_runs'];

/** A doc with buttons pressed on tasks that are still to come by the import. */
export function createPressedDoc(): LocalDoc {
  const doc = createDocFromTables(FOUNDER_HQ_TABLES, { seed: 7 });
  const by = 'dana@example.com';
  const press = (minute: number) => ({ by, atMs: PRESSED_AT + minute * 60_000 });
  const of = (at: number) => ({ task: `T${at}`, person: `Dana ${at % 2}` });
  const commands = [
    ...[0, 1, 2, 3].flatMap((at) => [
      createCommand({ type: 'StartRun', data: of(at), ...press(60 * at) }, sha256),
      createCommand({ type: 'FinishRun', data: of(at), ...press(60 * at + 30) }, sha256),
    ]),
    ...[4, 5, 6].map((at) => {
      const data = { ...of(at), hours: 1.5, day: '2026-03-01', note: 'by hand', entry: 1 };
      return createCommand({ type: 'LogHours', data, ...press(at) }, sha256);
    }),
  ];
  for (const command of commands) {
    doc.person.insertRow('Ledger', { ...toCommandRow(command, command.type) });
  }
  return doc;
}

/** All the doc says, whatever the order of its rows. Positions in the ledger depend on how the ticks fell; nothing else may. */
export function digestOf(doc: LocalDoc): readonly string[] {
  const studio = TABLES.flatMap((table) =>
    doc.person.readRows(table).map(({ cells }) => `${table} ${JSON.stringify(cells)}`),
  );
  const ledger = doc.person.readRows('Ledger').map(({ cells }) => {
    const { kind = '', type = '', key = '', outcome = '', state = '' } = cells;
    const said = `Ledger ${kind} ${type} ${key} ${state} ${outcome.replace(/\d+$/, 'N')}`;
    return kind === 'state' ? `${said} ${runsOf(cells)}` : said;
  });
  return [...studio, ...ledger].toSorted();
}

function runsOf(cells: Readonly<Record<string, string>>): string {
  const cell = (name: string): string => cells[name] ?? '';
  const desk = parseStateRow({
    title: cell('title'),
    kind: cell('kind'),
    state: cell('state'),
    key: cell('key'),
    stream: cell('stream'),
    type: cell('type'),
    at: cell('at'),
    by: cell('by'),
    data: cell('data'),
    outcome: cell('outcome'),
    seq: cell('seq'),
  });
  // Hours of a day long past leave the state row as soon as Execution Runs shows them, whichever tick that is.
  const clocked = (desk?.runs ?? []).filter(({ day }) => day === undefined);
  const runs = clocked.map((run) => JSON.stringify(run)).toSorted();
  return [...runs, ...Object.keys(desk?.foldedKeys ?? {}).toSorted()].join(' ');
}
