import { toInstant } from '#shared/kernel/index.ts';
import type { Command } from './command.ts';
import type { Pressed } from './command-form.ts';
import { findPlace, type OwnedRun } from './command-place.ts';
import {
  type Decided,
  type Desk,
  type DeskEvent,
  type DeskRun,
  emptyDesk,
  evolveDecided,
  evolveRun,
  type Press,
} from './desk.ts';
import { decideOnDesk } from './desk-decider.ts';
import type { Outcome } from './ledger-row.ts';
import { AHEAD_MAX_MS, HOLD_MS, PATIENCE_MS } from './protocol.ts';
import type { DeskFacts, Verdict } from './verdict.ts';

/** A command the worker has read and not yet decided. */
export interface Waiting {
  readonly command: Command;
  /** When the worker first read it. Units: ms since 1970, by the worker's clock. */
  readonly firstSeenMs: number;
}

/** A decided command: what it came to, and the events that go into the ledger with it. */
export interface Decision {
  readonly command: Command;
  readonly deskId: string;
  readonly outcome: Outcome;
  readonly events: readonly DeskEvent[];
  readonly decided: Decided;
  /** The run it is about, where that had left its desk and lies on it again. */
  readonly recalled?: DeskRun;
}

/** What the inbox is judged by. */
export interface InboxFacts extends DeskFacts {
  readonly waiting: readonly Waiting[];
  readonly desks: ReadonlyMap<string, Desk>;
  /** Last position of the ledger; each decision takes its events' positions and one more, in order. */
  readonly headPosition: number;
  /** A run that may have left its desk. @default every run lies on its desk */
  readonly recall?: (runId: string) => OwnedRun | undefined;
  readonly nowMs: number;
  /** @default HOLD_MS */
  readonly holdMs?: number;
}

/**
 * Decides what can be decided now, in the order of the presses, and leaves the rest waiting.
 * A lifecycle command waits `holdMs` after it was first seen, and behind any earlier press of its desk that still does, so
 * that presses which overtook each other on the way are decided in order. One that does not apply waits for `PATIENCE_MS`.
 * One from a moment still to come waits as long from when it was first seen, since a clock that is behind may be set right.
 */
export function decideInbox(facts: InboxFacts): {
  readonly decisions: readonly Decision[];
  readonly desks: ReadonlyMap<string, Desk>;
} {
  const desks = new Map(facts.desks);
  const heldDesks = new Set<string>();
  const undecided = new Map<string, readonly Press[]>();
  const decisions: Decision[] = [];
  let position = facts.headPosition;
  for (const waiting of [...facts.waiting].sort(byPress)) {
    const { command } = waiting;
    const place = findPlace(command, desks, facts);
    const { deskId } = place;
    if (isHeld(waiting, facts)) heldDesks.add(deskId);
    if (command.type !== 'LogHours' && heldDesks.has(deskId)) continue;
    const desk = recallRun(desks.get(deskId) ?? emptyDesk(deskId), place.recalled);
    const shadows = undecided.get(deskId) ?? [];
    const verdict = judgePress(command, withPresses(desk, shadows), facts);
    if (mayStillApply(verdict) && patientUntilMs(waiting, facts) > facts.nowMs) {
      undecided.set(deskId, [...shadows, ...toPresses(command)]);
      continue;
    }
    const decision = toDecision({ command, ...place }, verdict, position);
    position = decision.decided.position;
    decisions.push(decision);
    desks.set(deskId, applyDecision(desks.get(deskId) ?? emptyDesk(deskId), decision));
  }
  return { decisions, desks };
}

const recallRun = (desk: Desk, run: DeskRun | undefined): Desk =>
  run === undefined || desk.runs.some((one) => one.run.runId === run.run.runId)
    ? desk
    : { ...desk, runs: [...desk.runs, run] };

/** Hours add up in any order, so only what moves a clock is held. */
const isHeld = ({ command, firstSeenMs }: Waiting, facts: InboxFacts): boolean =>
  command.type !== 'LogHours' &&
  // A moment that lies ahead was written by a clock that was wrong, and must not hold a press until then.
  firstSeenMs <= facts.nowMs &&
  firstSeenMs + (facts.holdMs ?? HOLD_MS) > facts.nowMs;

/**
 * Judges a command nobody has decided: one from a moment still to come would pause whatever ticks at that moment, so it
 * changes nothing. Hours are of a day, whenever they were logged.
 */
export function judgePress(
  command: Command,
  desk: Desk,
  facts: DeskFacts & { readonly nowMs: number },
): Verdict {
  if (!isAhead(command, facts.nowMs)) return decideOnDesk(command, desk, facts);
  const reason = `pressed at ${toInstant(command.atMs)}, which is still to come; set the clock that is wrong, and press again`;
  return { kind: 'inapplicable', code: 'CLOCK_AHEAD', reason };
}

const isAhead = ({ type, atMs }: Command, nowMs: number): boolean =>
  type !== 'LogHours' && atMs > nowMs + AHEAD_MAX_MS;

const patientUntilMs = ({ command, firstSeenMs }: Waiting, { nowMs }: InboxFacts): number =>
  (isAhead(command, nowMs) ? firstSeenMs : command.atMs) + PATIENCE_MS;

const mayStillApply = (verdict: Verdict): boolean =>
  verdict.kind === 'inapplicable' ||
  verdict.kind === 'already_so' ||
  (verdict.kind === 'same' && verdict.position === undefined);

/** A desk that also knows presses which are not decided: their doubles are doubles all the same. */
export const withPresses = (desk: Desk, presses: readonly Press[]): Desk => ({
  ...desk,
  presses: [...desk.presses, ...presses],
});

/** The press a command leaves behind; hours have a key of their own against doubles, and a correction made twice is made once. */
export const toPresses = ({ type, by, atMs, data }: Command): readonly Press[] =>
  type === 'LogHours' || type === 'CorrectRun' ? [] : [{ type, task: data.task, by, atMs }];

/** The order of presses: by when they were made, then by key. Arrival says nothing. */
export const comparePresses = (
  one: Pick<Pressed, 'atMs' | 'key'>,
  other: Pick<Pressed, 'atMs' | 'key'>,
): number => one.atMs - other.atMs || (one.key < other.key ? -1 : 1);

/** The desk after a decision and its events. */
export const applyDecision = (desk: Desk, { events, decided, recalled }: Decision): Desk =>
  evolveDecided(events.reduce(evolveRun, recallRun(desk, recalled)), decided);

/** A verdict as a decision at the next positions of the ledger: its events, then the decision itself. */
export function toDecision(
  { command, deskId, recalled }: Pick<Decision, 'command' | 'deskId' | 'recalled'>,
  verdict: Verdict,
  headPosition: number,
): Decision {
  const { key, atMs, data } = command;
  const note = 'note' in data ? data.note : undefined;
  const events = verdict.kind === 'accept' ? verdict.events : [];
  const position = headPosition + events.length + 1;
  const [press] = toPresses(command);
  return {
    command,
    deskId,
    outcome: toOutcome(verdict, position),
    events,
    decided: {
      key,
      atMs,
      position,
      ...(press === undefined ? {} : { press: { ...press, position } }),
      ...(verdict.kind === 'accept' && note !== undefined && note !== ''
        ? { note: { runId: verdict.runId, text: note } }
        : {}),
    },
    ...(verdict.kind === 'accept' && recalled !== undefined ? { recalled } : {}),
  };
}

function toOutcome(verdict: Verdict, position: number): Outcome {
  switch (verdict.kind) {
    case 'accept':
      return { kind: 'accepted', position };
    case 'same':
      return { kind: 'same', position: verdict.position ?? position };
    case 'superseded':
      return { kind: 'superseded' };
    case 'already_so':
      return { kind: 'already_so' };
    case 'inapplicable':
      return { kind: 'refused', code: verdict.code, reason: verdict.reason };
  }
}

const byPress = (one: Waiting, other: Waiting): number =>
  comparePresses(one.command, other.command);
