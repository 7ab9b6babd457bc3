import { toEpochMs } from '#shared/kernel/index.ts';
import type { Envelope } from '#shared/ledger/index.ts';
import type { Store } from '#worker/store/index.ts';
import { verifyStore } from '#worker/verify/index.ts';
import type { SyncWorld, TypedOverCell } from './sync-world.ts';

/** A law that did not hold, and how that showed. */
export interface Violation {
  readonly law: string;
  readonly detail: string;
}

/** What was seen before: the end of the ledger, and estimates that were frozen. */
export interface Seen {
  position: number;
  hash: string;
  /** By row id of a task. */
  readonly baselines: Map<string, string>;
}

const MINUTE_MS = 60_000;
const ONE_ROW = 'one key, one row';

/** What holds at every moment, in the live doc and in the ledger. */
export async function checkAlways(
  world: SyncWorld,
  store: Store,
  seen: Seen,
): Promise<readonly Violation[]> {
  const isLive = world.doc.behaviour.upsertSees === 'live';
  // No lease reaches a row that is under way already: where an upsert does not see its successor's, both stand for a while.
  const canDouble = !isLive && world.lateWrites > 0;
  return [
    ...(canDouble ? [] : checkRunRows(world)),
    ...(isLive ? checkStateRows(world) : []),
    ...checkPeople(world),
    ...checkFrozen(world, seen),
    ...(await checkHead(store, seen)),
  ];
}

/** What holds once nobody has done anything for long and the worker has had its ticks. */
export async function checkAtRest(
  world: SyncWorld,
  store: Store,
  told: readonly string[],
): Promise<readonly Violation[]> {
  const events = await store.readAll(0, Number.MAX_SAFE_INTEGER);
  const verdict = await verifyStore(store);
  const chain = verdict.ok ? [] : [{ law: 'the chain is whole', detail: JSON.stringify(verdict) }];
  return [
    ...chain,
    ...checkRunRowsAtRest(world, told),
    ...checkStateRows(world),
    ...checkDecisions(world, events),
    ...checkEcho(events),
    ...checkObserved(world, events),
    ...checkRuns(world, events),
    ...checkSums(world),
  ];
}

/** A cell that was typed over is told of once, and one that was given back shows what the ledger says again. */
export function checkConflict(
  world: SyncWorld,
  { table, rowId, key, column, before }: TypedOverCell,
  state: 'open' | 'agreed',
): readonly Violation[] {
  const told = world
    .rows('Ledger')
    .filter(({ cells }) => cells['key'] === `conflict/${table}/${key}/${column}`)
    .map(({ cells }) => cells['state']);
  const shown = world.rows(table).find((row) => row.rowId === rowId)?.cells[column];
  const isShown = state === 'open' ? shown !== before : shown === before;
  if (told.length === 1 && told[0] === state && isShown) return [];
  const detail = `${table} ${key} ${column}: ${state}, told ${told.join()}, before ${before}, shows ${shown}`;
  return [{ law: 'a cell that was typed over is told of', detail }];
}

/** A run has one row of Execution Runs. */
function checkRunRows(world: SyncWorld): readonly Violation[] {
  return findDoubles(world.rows('execution_runs').map(({ cells }) => cells['run_id'] ?? ''));
}

/** Where a late write doubled a row, the worker tells of it, and leaves it to people, who see what was typed into which. */
function checkRunRowsAtRest(world: SyncWorld, told: readonly string[]): readonly Violation[] {
  return world.lateWrites > 0 && told.includes('RUN_DOUBLED') ? [] : checkRunRows(world);
}

/** A desk has one state row: at rest, where an upsert may not see what was just written, and else at every moment. */
function checkStateRows(world: SyncWorld): readonly Violation[] {
  const ofState = world.rows('Ledger').filter(({ cells }) => cells['kind'] === 'state');
  return findDoubles(ofState.map(({ cells }) => cells['key'] ?? ''));
}

function findDoubles(keys: readonly string[]): readonly Violation[] {
  const named = keys.filter((key) => key !== '');
  const doubled = named.filter((key, at) => named.indexOf(key) !== at);
  return doubled.map((detail) => ({ law: ONE_ROW, detail }));
}

/** What people typed stands as they typed it. */
function checkPeople(world: SyncWorld): readonly Violation[] {
  const rowsOf = new Map(
    (['tasks', 'execution_runs'] as const).map((table) => [
      table,
      new Map(world.rows(table).map(({ rowId, cells }) => [rowId, cells])),
    ]),
  );
  return [...world.typed.values()].flatMap(({ table, rowId, cells }) => {
    const row = rowsOf.get(table)?.get(rowId);
    if (row === undefined) return [lost(`${table} ${rowId} is gone`)];
    return Object.entries(cells).flatMap(([name, text]) =>
      // The note of a row that is sent when there is none yet may come late, as rows may.
      row[name] === text || (name === 'outcome_notes' && world.lateWrites > 0)
        ? []
        : [lost(`${table} ${rowId} ${name}: typed \`${text}\`, shows \`${row[name]}\``)],
    );
  });
}

const lost = (detail: string): Violation => ({ law: 'no edit of a person is lost', detail });

/** An estimate that was frozen at a task's first run stays what it was. */
function checkFrozen(world: SyncWorld, { baselines }: Seen): readonly Violation[] {
  return world.rows('tasks').flatMap(({ rowId, cells }) => {
    const shown = cells['baseline_hours'] ?? '';
    const before = baselines.get(rowId) ?? '';
    if (shown !== '') baselines.set(rowId, shown);
    if (before === '' || before === shown) return [];
    return [{ law: 'a frozen estimate stays', detail: `${cells['name']}: ${before} → ${shown}` }];
  });
}

/** What was acknowledged once stays in its place. */
async function checkHead(store: Store, seen: Seen): Promise<readonly Violation[]> {
  const law = 'no acknowledged event is lost';
  const [same] = seen.position === 0 ? [] : await store.readRaw(seen.position - 1, 1);
  const isKept = seen.position === 0 || same?.hash === seen.hash;
  const head = await store.head();
  const detail = `position ${seen.position} at head ${head.position}`;
  seen.position = head.position;
  seen.hash = head.hash;
  return isKept ? [] : [{ law, detail }];
}

/** A press is decided once, and one that was not taken away is decided at all. */
function checkDecisions(world: SyncWorld, events: readonly Envelope[]): readonly Violation[] {
  const times = new Map<string, number>();
  for (const { type, payload } of events) {
    if (type !== 'command_decided') continue;
    const key = textOf(payload, 'key');
    times.set(key, (times.get(key) ?? 0) + 1);
  }
  return [...world.presses].flatMap(([key, { isWithdrawn }]) => {
    const decided = times.get(key) ?? 0;
    if (decided > 1) return [{ law: 'a press is decided once', detail: `${key}: ${decided}` }];
    if (decided === 1 || isWithdrawn) return [];
    return [{ law: 'every press is decided', detail: key }];
  });
}

/** What the worker wrote does not come back to it as the work of people. */
function checkEcho(events: readonly Envelope[]): readonly Violation[] {
  const own = new Set(events.flatMap(({ type, payload }) => ofType(type, payload)));
  return events
    .filter(({ type, payload }) => type === 'run_observed' && own.has(textOf(payload, 'runId')))
    .map(({ position }) => ({ law: 'no echo', detail: `event ${position}` }));
}

/** The ledger knows of the rows that people typed, as they are, and took none for deleted that was not. */
function checkObserved(world: SyncWorld, events: readonly Envelope[]): readonly Violation[] {
  const known = new Map<string, string>();
  for (const { stream, type, payload } of events) {
    const rowId = stream.slice('row/'.length);
    if (type === 'run_observed') known.set(rowId, textOf(payload, 'outcomeNotes'));
    if (type !== 'run_unobserved') continue;
    known.delete(rowId);
    if (!world.deleted.has(rowId)) return [wrong(`${rowId} was not deleted`)];
  }
  const typed = new Map(
    world.typedRuns().map(({ rowId, cells }) => [rowId, cells['outcome_notes'] ?? '']),
  );
  const rowIds = new Set([...known.keys(), ...typed.keys()]);
  return [...rowIds].flatMap((rowId) =>
    known.get(rowId) === typed.get(rowId)
      ? []
      : [wrong(`${rowId}: typed ${typed.get(rowId)}, known ${known.get(rowId)}`)],
  );
}

const wrong = (detail: string): Violation => ({ law: 'typed runs are followed', detail });

const ofType = (type: string, payload: unknown): readonly string[] =>
  type === 'run_created' ? [textOf(payload, 'runId')] : [];

/** Every run of the ledger has its row, with the hours that its events come to. */
function checkRuns(world: SyncWorld, events: readonly Envelope[]): readonly Violation[] {
  const rows = new Map(
    world.rows('execution_runs').map(({ cells }) => [cells['run_id'] ?? '', cells]),
  );
  const streams = new Map<string, Envelope[]>();
  for (const event of events) {
    if (!event.stream.startsWith('run/')) continue;
    streams.set(event.stream, [...(streams.get(event.stream) ?? []), event]);
  }
  return [...streams].flatMap(([stream, own]) => {
    const runId = stream.slice('run/'.length);
    const shown = rows.get(runId);
    if (shown === undefined) return [unlike(runId, 'has no row')];
    const netMs = toNetMs(own);
    const minutes = Number(shown['net_minutes'] ?? '');
    const isOpen = netMs === undefined;
    // Hours logged for a day have no hour at which they ended, and so no length of their own.
    const hasEnd = shown['ended_at'] !== '' || shown['wall_minutes'] === '';
    const isRight = isOpen
      ? shown['ended_at'] === ''
      : hasEnd && Math.abs(minutes * MINUTE_MS - netMs) < MINUTE_MS;
    return isRight
      ? []
      : [unlike(runId, `shows ${shown['net_minutes']} min, ledger ${String(netMs)} ms`)];
  });
}

const unlike = (runId: string, detail: string): Violation => ({
  law: 'the doc shows what the ledger says',
  detail: `${runId} ${detail}`,
});

/** The time between each start and the stop that follows, by the moments of the events alone; nothing while it is open. */
function toNetMs(events: readonly Envelope[]): number | undefined {
  let [sumMs, sinceMs]: [number, number | undefined] = [0, undefined];
  let isOver = false;
  for (const { type, at } of events) {
    const atMs = toEpochMs(at);
    if (type === 'run_started' || type === 'run_resumed') sinceMs = atMs;
    if (type === 'run_paused' || type === 'run_succeeded') {
      sumMs += sinceMs === undefined ? 0 : atMs - sinceMs;
      sinceMs = undefined;
    }
    isOver ||= type === 'run_succeeded';
  }
  return isOver ? sumMs : undefined;
}

/** A task's hours are those of its rows of Execution Runs, whoever made them. */
function checkSums(world: SyncWorld): readonly Violation[] {
  const shown = world.rows('execution_runs');
  const named = new Map(shown.map(({ cells }) => [cells['run_id'] ?? '', cells]));
  const unnamed = shown.filter(({ cells }) => (cells['run_id'] ?? '') === '');
  // Every reader counts a run once, however many rows it has.
  const runs = [
    ...[...named].flatMap(([runId, cells]) => (runId === '' ? [] : [cells])),
    ...unnamed.map(({ cells }) => cells),
  ];
  return world.rows('tasks').flatMap(({ cells }) => {
    const own = runs.filter((run) => run['task'] === cells['name']);
    const sum = own.reduce((hours, run) => hours + Number(run['actual_hours'] ?? 0), 0);
    const told = Number(cells['actual_hours'] ?? 0);
    if (Math.abs(sum - told) < 0.05) return [];
    return [{ law: 'sums are right', detail: `${cells['name']}: rows ${sum} h, shown ${told} h` }];
  });
}

function textOf(payload: unknown, field: string): string {
  const value: unknown =
    typeof payload === 'object' && payload !== null ? Reflect.get(payload, field) : undefined;
  return typeof value === 'string' ? value : '';
}
