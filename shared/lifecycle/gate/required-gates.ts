import { accept, type Result, refuse } from '#shared/kernel/index.ts';
import type { CheckType } from '../gate-check/gate-check-messages.ts';
import { splitGates } from './gate-words.ts';
import { findNearest } from './nearest-text.ts';

/** Words for where the variance of a workflow may stand. */
export const VARIANCE_WORDS = ['stable', 'drifting over', 'drifting under', 'conflict'] as const;
/** One of {@link VARIANCE_WORDS}. */
export type VarianceWord = (typeof VARIANCE_WORDS)[number];

/** What a gate asks for, by what can answer it. */
export type GateTerms =
  /** Somebody records an outcome with evidence. */
  | { readonly kind: 'client_approval' }
  /** A tool or a person records an outcome with evidence. */
  | { readonly kind: 'tests'; readonly checkType: Exclude<CheckType, 'metric' | 'custom'> }
  /** A row of deliverables names the project or the task, and its link is not blank. */
  | { readonly kind: 'deliverable_linked' }
  /** Every step of the process template's checklist is a finished task of the project. */
  | { readonly kind: 'checklist_done' }
  /** The share of the project's budget that is used. Units: percent. Range: above 0, at most 1000. */
  | { readonly kind: 'budget'; readonly op: 'lt' | 'lte'; readonly percent: number }
  /** Where the variance of the workflow stands. */
  | { readonly kind: 'variance_state'; readonly states: readonly VarianceWord[] };

/** One gate of a list. */
export interface RequiredGate {
  /** What waivers and recorded outcomes call it: lower-case letters, digits, hyphens and dots. */
  readonly gateKey: string;
  /** It in the words of the grammar, however it was typed. */
  readonly text: string;
  readonly terms: GateTerms;
}

/** What cannot be read in a list of gates, and where. */
export interface GateFault {
  readonly code: 'GATE_UNKNOWN' | 'GATE_MALFORMED';
  /** As it was typed. */
  readonly text: string;
  /** From 1. */
  readonly line: number;
  /** What was probably meant, or the form it should have. */
  readonly expected: string;
}

/** Every form a gate may take, for people to read: what is typed, and what it asks for. */
export const GATE_FORMS: readonly { readonly form: string; readonly asks: string }[] = [
  { form: 'client approval', asks: 'somebody recorded that the client said yes, with evidence' },
  {
    form: 'deliverable linked',
    asks: 'a row of deliverables names the project or the task, and its link is not blank',
  },
  {
    form: 'checklist done',
    asks: "each step of the process template's checklist is a finished task of the project",
  },
  {
    form: 'budget <= 110 %',
    asks: "at most this share of the project's budget is used; `<` for less than",
  },
  {
    form: 'variance state stable or drifting under',
    asks: 'the workflow stands in one of the states named: stable, drifting over, drifting under, conflict',
  },
  { form: 'unit tests', asks: 'the newest recorded unit tests passed' },
  { form: 'integration tests', asks: 'the newest recorded integration tests passed' },
  { form: 'e2e tests', asks: 'the newest recorded end-to-end tests passed' },
  { form: 'security scan', asks: 'the newest recorded security scan passed' },
  { form: 'lint', asks: 'the newest recorded lint passed' },
];

const PLAIN: ReadonlyMap<string, GateTerms> = new Map<string, GateTerms>([
  ['client approval', { kind: 'client_approval' }],
  ['deliverable linked', { kind: 'deliverable_linked' }],
  ['checklist done', { kind: 'checklist_done' }],
  ['unit tests', { kind: 'tests', checkType: 'unit_tests' }],
  ['integration tests', { kind: 'tests', checkType: 'integration_tests' }],
  ['e2e tests', { kind: 'tests', checkType: 'e2e_tests' }],
  ['security scan', { kind: 'tests', checkType: 'security_scan' }],
  ['lint', { kind: 'tests', checkType: 'lint' }],
]);
const BUDGET_FORM = 'budget <= 110 %';
const VARIANCE_FORM = 'variance state stable or drifting under';
/** Above it a slip of the keyboard is likelier than a limit. Units: percent. */
const MOST_PERCENT = 1_000;

/**
 * The gates of a cell: one a line or several between semicolons, in any case; the same gate twice is one.
 * Refusals: every part that is no gate, with its line and what was probably meant. A list is read whole or not at all, since a
 * gate that was passed over would look like one that is open.
 */
export function parseRequiredGates(
  text: string,
): Result<readonly RequiredGate[], readonly GateFault[]> {
  const gates = new Map<string, RequiredGate>();
  const faults: GateFault[] = [];
  for (const { words, line } of splitGates(text)) {
    const read = parseGate(words.toLowerCase());
    if (read.ok) gates.set(read.value.gateKey, read.value);
    else faults.push({ ...read.refusal, text: words, line });
  }
  return faults.length === 0 ? accept([...gates.values()]) : refuse(faults);
}

/** A fault as a sentence. */
export function describeFault({ code, text, line, expected }: GateFault): string {
  return code === 'GATE_UNKNOWN'
    ? `line ${line}: no gate is called \`${text}\`; did you mean \`${expected}\`?`
    : `line ${line}: \`${text}\` cannot be read; expected ${expected}`;
}

const FORM_OF_FIRST_WORDS: ReadonlyMap<string, string> = new Map([
  ['budget', BUDGET_FORM],
  ['variance state', VARIANCE_FORM],
]);

type Parsed = Result<RequiredGate, Pick<GateFault, 'code' | 'expected'>>;

function parseGate(words: string): Parsed {
  const plain = PLAIN.get(words);
  if (plain !== undefined) return accept(toGate(words, plain));
  if (/^budget\b/.test(words)) return parseBudget(words);
  if (/^variance state\b/.test(words)) return parseVariance(words);
  // A typing error in the first words must not be drowned by what follows them.
  const nearest = findNearest(words, [
    ...PLAIN.keys(),
    BUDGET_FORM,
    VARIANCE_FORM,
    ...FORM_OF_FIRST_WORDS.keys(),
  ]);
  const expected = FORM_OF_FIRST_WORDS.get(nearest) ?? nearest;
  return refuse({ code: 'GATE_UNKNOWN', expected });
}

function parseBudget(words: string): Parsed {
  const [, sign, digits] = /^budget ?(<=|≤|<) ?(\d{1,4}(?:\.\d{1,4})?) ?%$/.exec(words) ?? [];
  const percent = Number(digits);
  if (sign === undefined || !(percent > 0 && percent <= MOST_PERCENT)) {
    const expected = `\`${BUDGET_FORM}\`, with <= or < and a number above 0 and at most ${MOST_PERCENT}`;
    return refuse({ code: 'GATE_MALFORMED', expected });
  }
  const op = sign === '<' ? 'lt' : 'lte';
  const text = `budget ${sign === '<' ? '<' : '<='} ${percent} %`;
  return accept({
    gateKey: `budget-${op}-${percent}`,
    text,
    terms: { kind: 'budget', op, percent },
  });
}

function parseVariance(words: string): Parsed {
  const named = words
    .slice('variance state'.length)
    .split(/ or /)
    .map((word) => word.trim());
  const unknown = named.find((word) => !isVarianceWord(word));
  if (unknown !== undefined) {
    const nearest = findNearest(unknown, VARIANCE_WORDS);
    const expected = `states such as \`${nearest}\` with \`or\` between them`;
    return refuse({ code: 'GATE_MALFORMED', expected });
  }
  const states = VARIANCE_WORDS.filter((word) => named.includes(word));
  if (states.length === VARIANCE_WORDS.length) {
    const expected = 'fewer states: with all of them the gate would always be open';
    return refuse({ code: 'GATE_MALFORMED', expected });
  }
  return accept(
    toGate(`variance state ${states.join(' or ')}`, { kind: 'variance_state', states }),
  );
}

const isVarianceWord = (word: string): word is VarianceWord =>
  VARIANCE_WORDS.some((known) => known === word);

const toGate = (text: string, terms: GateTerms): RequiredGate => ({
  gateKey: text.replaceAll(' ', '-'),
  text,
  terms,
});
