import { existsSync, renameSync, writeFileSync } from 'node:fs';
import {
  escapeText,
  type MigrationDecisions,
  type MigrationQuestion,
  questionId,
  unescapeText,
} from '#shared/doc/index.ts';
import { DomainError } from '#shared/kernel/index.ts';
import { type CsvRecord, openCsv, readFileBytes } from '#worker/import/index.ts';

/** The columns of the file, in order. Only question, row and decision are read back; the others are for whoever decides. */
const COLUMNS = ['question', 'row', 'name', 'why', 'choices', 'decision'] as const;

/** What a decisions file says. */
export interface DecisionsFile {
  readonly decisions: MigrationDecisions;
  /** Its lines as they stand, the header left out. */
  readonly lines: readonly (readonly string[])[];
}

const EMPTY: DecisionsFile = { decisions: new Map(), lines: [] };

/**
 * Reads what a person has decided; a file that is not there yet says nothing, and so does a line without a decision.
 * Errors: `DECISIONS_UNREADABLE` naming what is missing or stands there twice; `CSV_UNREADABLE`; those of the file system.
 */
export async function readDecisions(file: string): Promise<DecisionsFile> {
  if (!existsSync(file)) return EMPTY;
  const { records } = await openCsv(readFileBytes(file));
  let at: readonly number[] | undefined;
  const decisions = new Map<string, string>();
  const lines: (readonly string[])[] = [];
  for await (const record of records) {
    if (at === undefined) {
      at = findColumns(record);
      continue;
    }
    const line = at.map((index) => (record.fields[index] ?? '').trim());
    lines.push(line);
    addDecision(decisions, line, record);
  }
  return { decisions, lines };
}

/**
 * Adds the questions the file does not have yet, each on a line of its own for a person to fill in; what stands there stays. Returns how many
 * were added: with none, the file is not touched.
 */
export function addQuestions(
  file: string,
  { lines }: DecisionsFile,
  questions: readonly MigrationQuestion[],
): number {
  const known = new Set(lines.map(([kind, rowId]) => `${kind} ${rowId}`));
  const fresh = questions.filter((question) => !known.has(questionId(question)));
  if (fresh.length === 0) return 0;
  const added = fresh.map(({ kind, rowId, name, why, choices }) => [
    kind,
    rowId,
    escapeText(name),
    escapeText(why),
    choices.join(' | '),
    '',
  ]);
  const text = [COLUMNS, ...lines, ...added].map(toLine).join('');
  // Whoever reads the file meanwhile finds the old one or the new one, never half of one.
  writeFileSync(`${file}.new`, text);
  renameSync(`${file}.new`, file);
  return fresh.length;
}

/** Where the columns are, whatever their order. */
function findColumns({ fields }: CsvRecord): readonly number[] {
  const heads = fields.map((field) => field.trim().toLowerCase());
  for (const needed of ['question', 'row', 'decision'] as const) {
    if (!heads.includes(needed))
      throw unreadable(`it has no column \`${needed}\`; expected ${COLUMNS.join(', ')}`);
  }
  return COLUMNS.map((column) => heads.indexOf(column));
}

function addDecision(
  decisions: Map<string, string>,
  line: readonly string[],
  { line: number }: CsvRecord,
): void {
  const [kind = '', rowId = '', , , , decision = ''] = line;
  if (decision === '') return;
  const id = `${kind} ${rowId}`;
  const known = decisions.get(id);
  if (known !== undefined && known !== decision)
    throw unreadable(`line ${number} decides once more on ${id}, and otherwise`);
  decisions.set(id, unescapeText(decision));
}

const unreadable = (reason: string): DomainError =>
  new DomainError('DECISIONS_UNREADABLE', `The decisions cannot be read: ${reason}.`);

const toLine = (cells: readonly string[]): string => `${cells.map(toCell).join(',')}\n`;

const toCell = (text: string): string =>
  /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
