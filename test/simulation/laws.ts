import { toInstant } from '#shared/kernel/index.ts';
import { parseStateRow, toDeskId, type ViewRun, type VisibleRow } from '#shared/ledger/index.ts';
import { projectClock } from '#shared/lifecycle/index.ts';
import { expectLoggedMs, expectStretches, type Intention, type Stretch } from './oracle.ts';
import { baseSeq, type World } from './world.ts';

/** A law that did not hold, with what was expected and what was seen. */
export interface Violation {
  readonly law: string;
  readonly detail: string;
}

const HOUR = 3_600_000;
const DESKS = ['dana', 'lee'].map(toDeskId);

/** The laws of one reading of the doc, whatever mixture of moments it shows. */
export function checkView(world: World): Violation[] {
  const rows = world.doc.read();
  const view = world.view(rows);
  const found: Violation[] = [];
  const ids = view.runs.map(({ runId }) => runId);
  if (new Set(ids).size !== ids.length)
    found.push({ law: 'one run is shown once', detail: ids.join() });
  for (const { key, outcome } of view.commands) {
    const isAccepted = world.store.outcomes.get(key)?.kind === 'accepted';
    const isByHand = outcome.includes('BY_HAND');
    if (isAccepted && outcome.startsWith('refused') && !isByHand) {
      found.push({ law: 'an accepted command is never shown refused', detail: key });
    }
  }
  for (const deskId of DESKS) {
    if (world.tampered.has(deskId)) continue;
    const runs = view.runs.filter((run) => run.deskId === deskId);
    if (view.mode === 'worker') found.push(...checkConfirmed(world, runs));
    if (!isJudgeable(world, rows, deskId)) continue;
    if (view.commands.some(({ status }) => status === 'late')) continue;
    const keys = world.soundKeys(rows);
    const seq = baseSeq(rows, deskId);
    for (const { decided } of world.store.decisions)
      if (decided.position <= seq) keys.add(decided.key);
    found.push(
      ...compare('view = ledger + undecided commands', runs, world.wishesOf(deskId, keys), world),
    );
  }
  return found;
}

/** A press that was overtaken for longer than the worker waits may have been decided differently; those desks are counted, not judged. */
function isJudgeable(world: World, rows: readonly VisibleRow[], deskId: string): boolean {
  if (world.overtaken.has(deskId)) return false;
  const decided = world.store.decisions.filter(
    (one) => one.deskId === deskId && one.command.type !== 'LogHours',
  );
  const lastMs = Math.max(0, ...decided.map(({ command }) => command.atMs));
  const undecided = [...world.soundKeys(rows)].filter((key) => !world.store.outcomes.has(key));
  const presses = world.wishes
    .filter(({ desk }) => toDeskId(desk) === deskId)
    .flatMap((wish) => wish.presses);
  return !presses.some(({ key, atMs }) => undecided.includes(key) && atMs < lastMs);
}

/** Hours that are shown without the mark of pending are the ledger's hours, now and for ever. */
function checkConfirmed(world: World, runs: readonly ViewRun[]): Violation[] {
  return runs.flatMap((run) => {
    if (run.isPending || run.endedAtMs === undefined) return [];
    const stored = world.store.desks
      .get(run.deskId)
      ?.runs.find((one) => one.run.runId === run.runId);
    const netMs =
      stored === undefined ? undefined : projectClock(stored.run, toInstant(world.nowMs)).activeMs;
    return netMs === run.netMs
      ? []
      : [
          {
            law: 'confirmed hours never change',
            detail: `${run.runId}: shown ${run.netMs}, ledger ${netMs}`,
          },
        ];
  });
}

function compare(
  law: string,
  runs: readonly ViewRun[],
  wishes: readonly Intention[],
  world: World,
): Violation[] {
  const since = world.nowMs - 20 * HOUR;
  const show = (one: { task: string; state: string; netMs: number }) =>
    `${one.task} ${one.state} ${one.netMs}`;
  const isRecent = (endedMs: number | undefined) => endedMs === undefined || endedMs > since;
  const seen = runs
    .filter((run) => run.day === undefined && isRecent(run.endedAtMs))
    .map(show)
    .toSorted();
  const wanted = expectStretches(wishes, world.nowMs)
    .filter((one: Stretch) => isRecent(one.endedMs))
    .map(show)
    .toSorted();
  return seen.join('; ') === wanted.join('; ')
    ? []
    : [{ law, detail: `expected [${wanted.join('; ')}], seen [${seen.join('; ')}]` }];
}

/** The laws once everything has come to rest. */
export function checkAtRest(world: World): Violation[] {
  const { store } = world;
  const found: Violation[] = [];
  const rows = [...world.doc.live.values()];
  const view = world.view(rows);
  const isPackOnly = world.worker === undefined;
  const keys = isPackOnly
    ? world.soundKeys(rows.filter(({ kind }) => kind === 'command'))
    : new Set(store.everRead.keys());
  const pending = view.commands.filter(({ status }) => status !== 'settled');
  if (pending.length > 0)
    found.push({ law: 'nothing stays pending for ever', detail: `${pending.length} pending` });
  const decided = store.decisions.map(({ command }) => command.key);
  if (new Set(decided).size !== decided.length)
    found.push({ law: 'one key, one effect', detail: decided.join() });
  for (const deskId of DESKS) {
    const wishes = world.wishesOf(deskId, keys);
    const logged = view.runs.filter((run) => run.deskId === deskId && run.day !== undefined);
    const ledger = (store.desks.get(deskId)?.runs ?? []).filter(({ day }) => day !== undefined);
    const loggedMs = isPackOnly
      ? logged.reduce((sum, { netMs }) => sum + netMs, 0)
      : ledger.reduce(
          (sum, { run }) => sum + projectClock(run, toInstant(world.nowMs)).activeMs,
          0,
        );
    if (loggedMs !== expectLoggedMs(wishes)) {
      found.push({
        law: 'hours equal what was wished',
        detail: `${loggedMs} of ${expectLoggedMs(wishes)} ms`,
      });
    }
    if (world.overtaken.has(deskId)) continue;
    const runs = view.runs.filter((run) => run.deskId === deskId);
    found.push(...compare('at rest the doc shows what was wished', runs, wishes, world));
    if (!isPackOnly)
      found.push(
        ...compare(
          'at rest the ledger holds what was wished',
          ledgerRuns(world, deskId),
          wishes,
          world,
        ),
      );
  }
  for (const gap of [...world.overtaken.values()].flat()) {
    if (gap <= 60_000)
      found.push({ law: 'clocks may be off only beyond the stated wait', detail: `${gap} ms` });
  }
  return found;
}

function ledgerRuns(world: World, deskId: string): ViewRun[] {
  return (world.store.desks.get(deskId)?.runs ?? []).map(({ run, task, day }) => ({
    runId: run.runId,
    deskId,
    task,
    state: run.state,
    startedAtMs: 0,
    ...(run.endedAt === undefined ? {} : { endedAtMs: Date.parse(run.endedAt) }),
    ...(day === undefined ? {} : { day }),
    netMs: projectClock(run, toInstant(world.nowMs)).activeMs,
    isPending: false,
  }));
}

/** The laws two weeks later: what is settled is gone from the doc, and a new press leaves few keys behind. */
export function checkBounds(world: World): Violation[] {
  const found: Violation[] = [];
  const rows = [...world.doc.live.values()];
  const limit = world.store.desks.size + 1;
  if (rows.length > limit) {
    const kinds = rows.map(({ kind, key }) => `${kind} ${key.slice(0, 12)}`).join(', ');
    found.push({ law: 'rows stay bounded', detail: `${rows.length} rows for ${limit}: ${kinds}` });
  }
  for (const row of rows) {
    const desk = row.kind === 'state' ? parseStateRow(row) : undefined;
    const count = Object.keys(desk?.foldedKeys ?? {}).length;
    if (count > 400) found.push({ law: 'folded keys stay bounded', detail: `${count} keys` });
  }
  return found;
}
