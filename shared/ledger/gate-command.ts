import * as v from 'valibot';
import { isDay, isInstant } from '#shared/kernel/index.ts';
import type { CommandIn } from './command-form.ts';

const words = v.pipe(v.string(), v.trim(), v.nonEmpty(), v.maxLength(500));
const isEnd = (text: string): boolean => isDay(text) || isInstant(text);
const Gate = {
  /** A run's id, or its task. */
  run: words,
  /** The gate by its key or its words. */
  gate: words,
};

/** What each button that is about a gate asks for, by the type of its command. */
export const GATE_COMMAND_DATA = {
  /** The outcome of a gate that somebody has to answer. */
  RecordGate: v.strictObject({
    ...Gate,
    outcome: v.picklist(['passed', 'failed']),
    /** What shows it: an address, a quotation. */
    evidence: words,
  }),
  /** A wish for a waiver of a gate; without an end it is a wish to revoke the one in force. */
  WaiveGate: v.strictObject({
    ...Gate,
    reason: words,
    /** `YYYY-MM-DD`, which counts whole, or an instant; blank to revoke. */
    expires: v.optional(v.pipe(v.string(), v.check(isEnd, 'Expected YYYY-MM-DD or an instant'))),
    /** Blank for whoever pressed. */
    approver: v.optional(words),
  }),
} as const;

/** What a person asks of a gate by a button. */
export type GateCommand = CommandIn<typeof GATE_COMMAND_DATA>;
/** The outcome of a gate that somebody has to answer, and what shows it. */
export type RecordGateCommand = Extract<GateCommand, { readonly type: 'RecordGate' }>;
/** A wish for a waiver of a gate, or to revoke one. */
export type WaiveGateCommand = Extract<GateCommand, { readonly type: 'WaiveGate' }>;
