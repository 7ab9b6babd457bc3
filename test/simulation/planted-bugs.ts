/** One text of the core or of the simulated worker, replaced. */
export interface Edit {
  readonly file: string;
  readonly from: string;
  readonly to: string;
}

/** A protocol that differs from ours in one rule. */
export interface Variant {
  readonly name: string;
  readonly edits: readonly Edit[];
}

const COMMAND = 'shared/ledger/command-form.ts';
const WORK = 'shared/lifecycle/run/run-work.ts';
const CORRECTION = 'shared/lifecycle/run/run-correction.ts';
const PLACE = 'shared/ledger/command-place.ts';
const DECIDER = 'shared/ledger/desk-decider.ts';
const DESK = 'shared/ledger/desk.ts';
const INBOX = 'shared/ledger/decide-inbox.ts';
const VIEW = 'shared/ledger/optimistic-view.ts';
const PUSH = 'shared/ledger/plan-push.ts';
const NUMBERS = 'shared/ledger/protocol.ts';
const WORLD = 'test/simulation/world.ts';
const WORKER = 'test/simulation/sim-worker.ts';

const KEY = 'const press = apart === undefined ? [by, atMs] : [];';
const KEYED = 'value !== undefined && apart?.includes(name) !== true';

/** Row ids of the simulated doc count up as its rows are created. */
const BY_CREATION = '(one, other) => Number(one.rowId.slice(2)) - Number(other.rowId.slice(2))';

/** Bugs that the laws must find, each planted alone. */
export const PLANTED_BUGS: readonly Variant[] = [
  one('key without the press time', COMMAND, KEY, 'const press = apart === undefined ? [by] : [];'),
  one('key of hours with the press time', COMMAND, KEY, 'const press = [by, atMs];'),
  one('key of hours without the entry', COMMAND, KEYED, "value !== undefined && name !== 'entry'"),
  one(
    'a row changed by hand is believed',
    COMMAND,
    'return toKey(command, sha256) === key',
    'return toKey(command, sha256) === key || key.length > 0',
  ),
  one('no wait before a decision', NUMBERS, 'HOLD_MS = MINUTE_MS', 'HOLD_MS = 0'),
  one(
    'each press waits for itself alone',
    INBOX,
    'if (isHeld(waiting, facts)) heldDesks.add(deskId);',
    'heldDesks.clear(); if (isHeld(waiting, facts)) heldDesks.add(deskId);',
  ),
  one('no patience', NUMBERS, 'PATIENCE_MS = 15 * MINUTE_MS', 'PATIENCE_MS = 0'),
  one(
    'endless patience',
    INBOX,
    'patientUntilMs(waiting, facts) > facts.nowMs',
    'patientUntilMs(waiting, facts) > 0',
  ),
  one(
    'an older press is applied to a newer state',
    DECIDER,
    "atMs < mine.commandMs ? { kind: 'superseded' } : moveRun",
    "atMs < 0 ? { kind: 'superseded' } : moveRun",
  ),
  one(
    'no same press',
    DECIDER,
    'if (first !== undefined) {',
    'if (first !== undefined && first.atMs < 0) {',
  ),
  one(
    'a same press whatever lies between',
    DECIDER,
    '!near.some((other) => isBetween(press.atMs, other))',
    '!near.some((other) => isBetween(press.atMs, other) && other.atMs < 0)',
  ),
  one(
    'undecided presses have no doubles',
    INBOX,
    'withPresses(desk, shadows), facts)',
    'withPresses(desk, shadows.slice(shadows.length)), facts)',
  ),
  one(
    'another task does not pause',
    DECIDER,
    '...takeOver(command, desk, run)]',
    '...takeOver(command, desk, run).slice(0, 0)]',
  ),
  one(
    'a resume may come before its pause',
    DECIDER,
    "state === 'paused' && toMs(pausedAt, 0) <= atMs",
    "state === 'paused' && atMs >= toMs(undefined, 0)",
  ),
  one(
    'a pause before a corrected start is taken out',
    WORK,
    'const start = pause.from > from ? pause.from : from;',
    'const start = pause.from;',
  ),
  one(
    'a correction ends what had not ended when it was made',
    CORRECTION,
    'workEnd > command.at) return { startedAt };',
    'workEnd > `${command.at}~`) return { startedAt };',
  ),
  one(
    'a press goes by what its run was corrected to later',
    DECIDER,
    'atMs < untilMs)?.task ?? now',
    'atMs < untilMs - untilMs)?.task ?? now',
  ),
  one(
    'a run that has left its desk cannot be corrected',
    PLACE,
    'const owned = recall?.(data.run);',
    "const owned = recall?.('');",
  ),
  one(
    'the view plays folded keys again',
    VIEW,
    'base.foldedKeys[command.key] !== undefined',
    'base.foldedKeys[command.key] === -1',
  ),
  one(
    'the view plays what the state row holds',
    VIEW,
    "settled.position > base.seq ? 'unfolded'",
    "settled.position > 0 ? 'unfolded'",
  ),
  one(
    'the view leaves out what is accepted and not folded',
    VIEW,
    "settled.position > base.seq ? 'unfolded'",
    "settled.position < 0 ? 'unfolded'",
  ),
  one(
    'the view forgets that a double stands for its first press',
    VIEW,
    " && settled?.kind !== 'same'",
    '',
  ),
  one(
    'the view counts late commands',
    VIEW,
    "command.atMs < base.foldedBeforeMs ? 'late'",
    "command.atMs < 0 ? 'late'",
  ),
  one(
    'of two state rows the older one counts',
    VIEW,
    'known.seq < desk.seq',
    'known.seq > desk.seq',
  ),
  one(
    'a row that was doubled is two commands',
    VIEW,
    'asked.set(row.key, {',
    'asked.set(row.key + String(asked.size), {',
  ),
  one(
    'a decided row is settled once',
    PUSH,
    '...settle(facts),',
    '...settle(facts).filter(({ id }) => !facts.sent.has(id)),',
  ),
  one(
    'an outcome changed by hand stays',
    PUSH,
    'if (!shows(row, cells)) wrong.set',
    "if (!shows(row, cells) && row.outcome === '') wrong.set",
  ),
  one(
    'a state row is sent once',
    PUSH,
    "return isShown ? deleteDoubles(visible) : [{ kind: 'upsert', id, cells }]",
    "return isShown || isCurrent ? deleteDoubles(visible) : [{ kind: 'upsert', id, cells }]",
  ),
  one(
    'which of doubled state rows stays is left to chance',
    PUSH,
    '[...rows].sort((one, other) => (one.rowId < other.rowId ? -1 : 1))',
    'rows',
  ),
  one('nothing is swept', PUSH, '[...writes, ...sweep(facts, unpublished)]', '[...writes]'),
  one(
    'settled rows are swept at once',
    NUMBERS,
    'SETTLED_KEPT_MS = 14 * DAY_MS',
    'SETTLED_KEPT_MS = 0',
  ),
  one(
    'the anchor is written alone',
    PUSH,
    "due.some(({ kind }) => kind === 'upsert')",
    "due.every(({ kind }) => kind !== 'edit')",
  ),
  one(
    'folded keys are forgotten at once',
    NUMBERS,
    'FOLDED_KEPT_MS = DAY_MS',
    'FOLDED_KEPT_MS = MINUTE_MS',
  ),
  one(
    'folded keys are never forgotten',
    DESK,
    '.filter(([, atMs]) => atMs >= foldedBeforeMs)',
    '.filter(([, atMs]) => atMs >= 0)',
  ),
  one('a replaced worker keeps its decisions', WORKER, 'if (isFenced) return;', ''),
];

/** Rules of an earlier draft, put back into today's protocol one at a time. */
export const DRAFT_RULES: readonly Variant[] = [
  {
    name: 'a key counts the settled repeats it can see',
    edits: [
      {
        file: COMMAND,
        from: KEY,
        to: 'const press = apart === undefined ? [by] : [];',
      },
      { file: COMMAND, from: KEYED, to: "value !== undefined && name !== 'entry'" },
      {
        file: WORLD,
        from: 'const command = createCommand(draft, sha256);',
        to: `const { type, by: asker, data } = draft;
          const isRepeat = (one) => one.kind === 'settled' && one.type === type && one.data.includes(data.task) &&
            one.data.includes(data.person) && (type === 'LogHours' ? one.data.includes('"hours":' + data.hours + ',') : one.by === asker);
          const ordinal = new Set(this.doc.read().filter(isRepeat).map(({ key }) => key)).size;
          const command = createCommand({ ...draft, data: { ...data, run: 'repeat ' + ordinal } }, sha256);`,
      },
    ],
  },
  {
    name: 'commands are taken in the order their rows were created',
    edits: [
      { file: INBOX, from: '[...facts.waiting].sort(byPress)', to: 'facts.waiting' },
      { file: VIEW, from: '[...asked].sort(byPress)', to: 'asked' },
      {
        file: VIEW,
        from: 'readAsked(rows, facts',
        to: `readAsked(rows.toSorted(${BY_CREATION}), facts`,
      },
      {
        file: WORKER,
        from: 'for (const row of rows) {',
        to: `for (const row of rows.toSorted(${BY_CREATION})) {`,
      },
    ],
  },
];

function one(name: string, file: string, from: string, to: string): Variant {
  return { name, edits: [{ file, from, to }] };
}
