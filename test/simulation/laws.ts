import { toInstant } from '#shared/kernel/index.ts';
import {
  type Decision,
  formatOutcome,
  type LedgerView,
  toDeskId,
  toRunId,
  type ViewRun,
  type VisibleRow,
} from '#shared/ledger/index.ts';
import { projectClock } from '#shared/lifecycle/index.ts';
import { type Coverage, whyNotJudged } from './coverage.ts';
import { expectLoggedMs, expectStretches, type Intention, type Stretch } from './oracle.ts';
import { readDesk } from './row-memory.ts';
import { sha256 } from './sha256.ts';
import { baseSeq, type World } from './world.ts';

/** A law that did not hold, with what was expected and what was seen. */
export interface Violation {
  readonly law: string;
  readonly detail: string;
}

const HOUR = 3_600_000;
/** What the protocol promises, stated here again: a law that took its numbers from the code could not find them wrong. */
const STATED_WAIT_MS = 60_000;
const STATED_PATIENCE_MS = 900_000;
const COUNTED_FOR_MS = 23 * HOUR;
const DESKS = ['dana', 'lee'].map(toDeskId);

/** The laws of one reading of the doc, whatever mixture of moments it shows. */
export function checkView(world: World, coverage: Coverage): Violation[] {
  const rows = world.doc.read();
  const view = world.view(rows);
  const found = [...checkShownOnce(view), ...checkLate(world, view), ...checkOutcomes(world, view)];
  for (const deskId of DESKS) {
    const runs = view.runs.filter((run) => run.deskId === deskId);
    const doubt = whyNotJudged(world, rows, deskId);
    const late = view.commands.filter(({ status }) => status === 'late');
    const isLate =
      late.some(({ key }) => world.deskOf(key) === deskId) || correctsDeparted(world, view, deskId);
    const reason = doubt ?? (isLate ? 'late' : 'judged');
    coverage[reason] += 1;
    const seq = baseSeq(rows, deskId);
    const folded = world.store.decisions.filter(
      (one) => one.deskId === deskId && one.decided.position <= seq,
    );
    found.push(...checkPending(folded, view), ...checkKept(world, deskId));
    if (view.mode === 'worker') found.push(...checkConfirmed(world, runs, seq));
    if (reason !== 'judged') continue;
    const keys = world.soundKeys(rows);
    for (const { command } of folded) keys.add(command.key);
    const wishes = world.wishesOf(deskId, keys);
    found.push(...compare('view = ledger + undecided commands', runs, wishes, world));
    found.push(...checkLogged(runs, folded, wishes));
  }
  return found;
}

/** Runs and commands are shown once, and of one person's clocks one ticks, however late anything was. */
/** A run that was over for a day has left its desk, and a correction of it shows only once the worker has decided it. */
const correctsDeparted = (world: World, { commands, runs }: LedgerView, deskId: string): boolean =>
  commands.some(
    ({ key, command, status }) =>
      command.type === 'CorrectRun' &&
      status === 'pending' &&
      world.deskOf(key) === deskId &&
      runs.every(({ runId }) => runId !== command.data.run),
  );

function checkShownOnce({ runs, commands }: LedgerView): Violation[] {
  const ticking = runs.filter(({ state }) => state === 'running');
  return [
    ...findTwice(
      'one run is shown once',
      runs.map(({ runId }) => runId),
    ),
    ...findTwice(
      'one key is shown once',
      commands.map(({ key }) => key),
    ),
    ...findTwice(
      'one person has one clock',
      ticking.map(({ deskId }) => deskId),
    ),
  ];
}

function findTwice(law: string, names: readonly string[]): Violation[] {
  const seen = new Set<string>();
  const twice = names.filter((name) => seen.size === seen.add(name).size);
  return twice.map((name) => ({ law, detail: name }));
}

/** A command is put aside as late only when it is so old that it may have been forgotten. */
function checkLate({ nowMs }: World, { commands }: LedgerView): Violation[] {
  return commands
    .filter(({ status, command }) => status === 'late' && nowMs - command.atMs < COUNTED_FOR_MS)
    .map(({ key }) => ({ law: 'only a command of a day ago is late', detail: key }));
}

/** A press that the state row holds is not shown as if nobody had answered yet; the same hours pressed again later may be. */
function checkPending(folded: readonly Decision[], { commands }: LedgerView): Violation[] {
  const held = new Map(folded.map(({ command }) => [command.key, command.atMs]));
  return commands
    .filter(({ status, key, command }) => status === 'pending' && held.get(key) === command.atMs)
    .map(({ key }) => ({ law: 'what is folded is not shown as undecided', detail: key }));
}

/** In the doc as people see it an accepted press is in its row until it is in the state row, unless a hand took it away. */
function checkKept({ doc, store, damage }: World, deskId: string): Violation[] {
  const rows = [...doc.live.values()];
  const seq = baseSeq(rows, deskId);
  const { keys: touched, seq: damagedSeq } = damage.get(deskId) ?? { keys: new Set(), seq: 0 };
  if (seq < damagedSeq) return [];
  const kept = new Set(rows.map(({ key }) => key));
  return store.decisions
    .filter((one) => one.deskId === deskId && one.decided.position > seq)
    .filter(({ outcome, command: { key } }) => {
      return outcome.kind === 'accepted' && !kept.has(key) && !touched.has(key);
    })
    .map(({ command }) => ({ law: 'an accepted press never vanishes', detail: command.key }));
}

/** What a person reads as settled is what the ledger says, unless a hand wrote it. */
function checkOutcomes(world: World, { mode, commands }: LedgerView): Violation[] {
  return commands.flatMap(({ key, outcome }): Violation[] => {
    const isByHand = [...world.damage.values()].some(({ keys }) => keys.has(key));
    if (outcome === '' || isByHand) return [];
    const decided = world.store.outcomes.get(key);
    const detail = `${key}: ${outcome}`;
    if (decided?.kind === 'accepted' && outcome.startsWith('refused')) {
      return [{ law: 'an accepted command is never shown refused', detail }];
    }
    const isTrue = decided !== undefined && formatOutcome(decided) === outcome;
    return mode === 'pack_only' || isTrue
      ? []
      : [{ law: 'a settled outcome is what the ledger says', detail }];
  });
}

/** Logged hours in the doc: those of the runs published so far, and those the view shows, each run once. */
function checkLogged(
  runs: readonly ViewRun[],
  folded: readonly Decision[],
  wishes: readonly Intention[],
): Violation[] {
  const byRun = new Map<string, number>();
  for (const { command } of folded) {
    if (command.type !== 'LogHours') continue;
    byRun.set(toRunId(command.key, sha256), command.data.hours * HOUR);
  }
  for (const { runId, day, netMs } of runs) if (day !== undefined) byRun.set(runId, netMs);
  const shownMs = [...byRun.values()].reduce((sum, ms) => sum + ms, 0);
  const wishedMs = expectLoggedMs(wishes);
  const detail = `${shownMs / HOUR} h shown, ${wishedMs / HOUR} h wished`;
  return shownMs === wishedMs ? [] : [{ law: 'every hour logged is shown once', detail }];
}

/** Hours that are shown without the mark of pending are the ledger's hours, until somebody corrects them. */
function checkConfirmed(world: World, runs: readonly ViewRun[], seq: number): Violation[] {
  const corrected = new Set(
    world.store.decisions.flatMap(({ command, decided }) =>
      command.type === 'CorrectRun' && decided.position > seq ? command.data.run : [],
    ),
  );
  return runs.flatMap((run) => {
    if (run.isPending || run.endedAtMs === undefined || corrected.has(run.runId)) return [];
    const stored = world.store.desks
      .get(run.deskId)
      ?.runs.find((one) => one.run.runId === run.runId);
    const netMs =
      stored === undefined ? undefined : projectClock(stored.run, toInstant(world.nowMs)).activeMs;
    return netMs === run.netMs
      ? []
      : [
          {
            law: 'confirmed hours change by a correction alone',
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
  const rows = [...world.doc.live.values()];
  const view = world.view(rows);
  const isPackOnly = world.worker === undefined;
  const asked = rows.filter(({ kind }) => kind === 'command');
  const keys = isPackOnly ? world.soundKeys(asked) : new Set(store.everRead.keys());
  const found = isPackOnly ? [] : [...checkDecisions(world), ...checkRows(world, rows)];
  const pending = view.commands.filter(({ status }) => status !== 'settled');
  if (pending.length > 0) {
    found.push({ law: 'nothing stays pending for ever', detail: `${pending.length} pending` });
  }
  for (const deskId of DESKS) {
    const wishes = world.wishesOf(deskId, keys);
    const runs = view.runs.filter((run) => run.deskId === deskId);
    const kept = isPackOnly ? runs : ledgerRuns(world, deskId);
    const logged = kept.filter(({ day }) => day !== undefined);
    const loggedMs = logged.reduce((sum, { netMs }) => sum + netMs, 0);
    const wishedMs = expectLoggedMs(wishes);
    if (loggedMs !== wishedMs) {
      const detail = `${loggedMs / HOUR} h of ${wishedMs / HOUR} h`;
      found.push({ law: 'hours equal what was wished', detail });
    }
    if (world.overtaken.has(deskId)) continue;
    found.push(
      ...compare('at rest the doc shows what was wished', runs, wishes, world),
      ...compare('at rest the ledger or the Pack holds what was wished', kept, wishes, world),
    );
  }
  return found;
}

/** One key has one effect, a no is not said before its time, and clocks may be off only where presses were late beyond the stated wait. */
function checkDecisions({ store, overtaken }: World): Violation[] {
  const keys = store.decisions.map(({ command }) => command.key);
  const hasty = store.decisions.filter(
    ({ command, outcome }) =>
      (outcome.kind === 'refused' || outcome.kind === 'already_so') &&
      (store.decidedMs.get(command.key) ?? 0) - command.atMs < STATED_PATIENCE_MS,
  );
  const gaps = [...overtaken.values()].flat().filter((gapMs) => gapMs <= STATED_WAIT_MS);
  return [
    ...findTwice('one key, one effect', keys),
    ...hasty.map(({ command }) => ({ law: 'inapplicable now is not no', detail: command.key })),
    ...gaps.map((gapMs) => ({
      law: 'clocks may be off only beyond the stated wait',
      detail: `${gapMs} ms`,
    })),
  ];
}

/** Whatever hands did: every row of a decided key tells its outcome, every desk has one sound state row, nothing else waits. */
function checkRows({ store }: World, rows: readonly VisibleRow[]): Violation[] {
  const found: Violation[] = [];
  for (const { kind, key, outcome } of rows) {
    const decided = store.outcomes.get(key);
    const isTold = decided === undefined || outcome === formatOutcome(decided);
    if (kind === 'command' || (kind === 'settled' && !isTold)) {
      found.push({ law: 'every row of a decided key is settled', detail: `${key}: ${outcome}` });
    }
  }
  for (const [deskId, desk] of store.desks) {
    const states = rows.filter(({ kind, stream }) => kind === 'state' && stream === deskId);
    const seqs = states.map((row) => readDesk(row)?.seq);
    if (seqs.length !== 1 || seqs[0] !== desk.seq) {
      const detail = `${deskId} at ${desk.seq}: rows at ${seqs.join()}`;
      found.push({ law: 'every desk has one sound state row', detail });
    }
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
    ...(run.endedAt === undefined
      ? {}
      : { endedAtMs: Date.parse(run.corrected?.over?.endedAt ?? run.endedAt) }),
    ...(day === undefined ? {} : { day }),
    netMs: projectClock(run, toInstant(world.nowMs)).activeMs,
    isPending: false,
  }));
}

/** The laws two weeks later: what is settled is gone from the doc. */
export function checkRowsBounded(world: World): Violation[] {
  const rows = [...world.doc.live.values()];
  const limit = world.store.desks.size + 1;
  const detail = `${rows.length} rows for ${limit}: ${rows.map(({ kind }) => kind).join()}`;
  return rows.length > limit ? [{ law: 'rows stay bounded', detail }] : [];
}

/** Once more somebody presses: the state row that is written then names the keys of that day alone. */
export function checkKeysBounded(world: World, pressed: number): Violation[] {
  return [...world.doc.live.values()].flatMap((row) => {
    const desk = readDesk(row);
    const isNew = desk !== undefined && desk.seq === world.store.position;
    const count = isNew ? Object.keys(desk.foldedKeys).length : 0;
    const detail = `${count} keys for ${pressed} presses`;
    return count > pressed ? [{ law: 'folded keys stay bounded', detail }] : [];
  });
}
