/** Tables nobody should hand in, and what every answer to them owes a founder. */
import * as fc from 'fast-check';
import { expect, vi } from 'vitest';
import type { Register } from '#worker/cli/program.ts';
import { runCommand } from './run-command.ts';

/** A row by column; a column it lacks is blank. */
export type OddRow = Readonly<Record<string, string>>;

const NOTHING = ['', ' ', '\t'];
const NUMBERS = ['0', '-0', '-1', '1', '2.5', '.5', '-.5', '1,5', '8', '90', '9999', '99999999'];
const NO_NUMBERS = ['NaN', 'Infinity', '1e999', '1.000,5', 'two', '=1+1', '٣'];
const DAYS = ['2026-03-01', '2026-03-29', '2026-10-25', '2024-02-29', '2026-02-30', '0206-03-01'];
const MOMENTS = [
  '2026-03-28 23:30',
  // An hour that clocks of the zone leap over, and one they show twice.
  '2026-03-29 02:30',
  '2026-10-25 02:30',
  '2026-03-29T01:00:00Z',
  '2026-03-29T14:00:00+14:00',
  '2026-03-28T10:00:00-10:00',
  '2026-10-25 00:00',
  '9999-12-31 23:59',
  '2026-03-29 25:00',
  'yesterday',
];
const NAMES = ['A', 'B', 'b', 'conflict', 'unresolved', '__proto__', 'constructor', '"', '💥'];
const IDS = ['t1', 't2', 't3', 't4', 'toString', 't1;t2', '-'];
const TEXTS = ['\uFFFD', 'x'.repeat(1_001), 'a\nb', "'=1"];

const anyOf = (...lists: readonly (readonly string[])[]): fc.Arbitrary<string> =>
  fc.constantFrom(...lists.flat());
/** Mostly something that can be read, since a row of rubbish is refused whole. */
const mostly = (
  good: readonly (readonly string[])[],
  bad: readonly (readonly string[])[],
): fc.Arbitrary<string> =>
  fc.oneof(
    { weight: 12, arbitrary: anyOf(...good, NOTHING) },
    { weight: 1, arbitrary: anyOf(...bad) },
  );

const RUBBISH = [NO_NUMBERS, DAYS, MOMENTS, TEXTS, NUMBERS];
const KINDS: Readonly<Record<string, fc.Arbitrary<string>>> = {
  // A name that looks like a number that is none would be taken for one in the answer.
  id: mostly([IDS], [DAYS, TEXTS]),
  name: mostly([NAMES], [DAYS, TEXTS]),
  hours: mostly([NUMBERS], RUBBISH),
  day: mostly([DAYS.slice(0, 4)], RUBBISH),
  moment: mostly([MOMENTS.slice(0, 7), DAYS.slice(0, 4)], RUBBISH),
};

/** Rows of these columns, each of a kind: `id`, `name`, `hours`, `day` or `moment`. */
export const oddRows = (
  columns: Readonly<Record<string, keyof typeof KINDS>>,
  maxLength = 14,
): fc.Arbitrary<readonly OddRow[]> =>
  fc.array(
    fc.record(
      Object.fromEntries(
        Object.entries(columns).map(([column, kind]) => [column, KINDS[kind] ?? fc.constant('')]),
      ),
    ),
    { maxLength },
  );

/** The rows as CSV, some of them a field short or long. */
export const toCsv = (columns: readonly string[], rows: readonly OddRow[]): string =>
  `${[columns.join(','), ...rows.map((row) => columns.map((column) => quote(row[column])).join(','))].join('\n')}\n`;

const quote = (cell = ''): string => `"${cell.replaceAll('"', '""')}"`;

/** How a command ended. */
interface Ended {
  readonly code: unknown;
  readonly out: string;
  readonly err: string;
}

/**
 * What a command says to whatever it is given: an answer or a reason in plain words, and never a stack, a bug report or
 * a number that is none.
 */
export function expectPlainWords({ code, out, err }: Ended): void {
  expect(err).not.toMatch(/^\s+at /m);
  expect(err).not.toContain('this should not happen');
  expect([0, 1]).toContain(code);
  expect(code === 0 ? '' : out).toBe('');
  expect(code === 0).toBe(err === '' || !/^error:/m.test(err));
  // What was received is quoted as it was; whatever stands outside is our own.
  const own = out.replaceAll(/`[^`]*`|"(?:[^"\\]|\\.)*"/g, '');
  expect(own).not.toMatch(/\b(?:NaN|Infinity|undefined)\b/);
  expect(own).not.toMatch(/(?<![\w.,])[-−]0(?:\.0+)?(?![\w.,])/);
}

/**
 * Runs a command with `--json` and answers its object. Every number of it is one before it becomes text, where one that is
 * not would look like a number nobody knows.
 */
export async function askForJson(register: Register, argv: readonly string[]) {
  const write = JSON.stringify;
  const written = new Map<string, unknown>();
  const spy = vi.spyOn(JSON, 'stringify').mockImplementation((value, ...how) => {
    const text = write(value, ...how);
    written.set(text, value);
    return text;
  });
  try {
    const { out } = await runCommand(register, [...argv, '--json']);
    // A doc that is served in this process writes JSON too; the answer is the one that was printed.
    expect(written.has(out.trimEnd())).toBe(true);
    expectNumbers(written.get(out.trimEnd()));
    return JSON.parse(out);
  } finally {
    spy.mockRestore();
  }
}

function expectNumbers(value: unknown, path = ''): void {
  if (typeof value === 'number') expect([path, Number.isFinite(value)]).toEqual([path, true]);
  if (typeof value !== 'object' || value === null) return;
  for (const [key, part] of Object.entries(value)) expectNumbers(part, `${path}.${key}`);
}
