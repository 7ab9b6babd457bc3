import type { Account, CodaApi } from '#shared/coda/index.ts';
import { parseLedgerRow, readBinding } from '#shared/doc/index.ts';
import { type Clock } from '#shared/kernel/index.ts';
import type { VisibleRow } from '#shared/ledger/index.ts';
import type { Wait } from '#worker/coda/index.ts';
import type { Store } from '#worker/store/index.ts';
import { checkAnchor, readKnownIds } from '#worker/sync/index.ts';
import { findDoc, judgeAccount, judgeClock, judgeDoc } from './check-account.ts';
import { type FolderFacts, judgeFolder } from './check-folder.ts';
import { judgeLedgerRows, judgeSchedule, type LedgerRowFacts } from './check-ledger-rows.ts';
import { judgeRows } from './check-rows.ts';
import { judgeMissingStore, judgeNoStore, judgeStore } from './check-store.ts';
import { judgeShape, judgeTables } from './check-tables.ts';
import { byHarm, type HealthFinding, type NextStep, toFailure } from './health-finding.ts';
import { judgeAnswer } from './judge-answer.ts';
import { readLastPass } from './last-pass.ts';
import { type ProbedDoc, probeWriting } from './probe.ts';
import { readTables, type TableRows } from './read-tables.ts';

/** A doc that is to be looked at. */
export interface ExaminedDoc {
  readonly api: CodaApi;
  readonly clock: Clock;
  readonly wait: Wait;
  /** How long a write may stay invisible. Units: ms. */
  readonly lagMs: number;
  /** How far the server's clock is ahead of this one; nothing where it does not tell. Units: ms. */
  readonly skewMs: () => number | undefined;
}

/** A set-up that is to be looked at. */
export interface ExamOptions {
  readonly docId: string;
  /** Opens the way to the doc. Errors: what stands in it. */
  readonly connect: () => Promise<ExaminedDoc>;
  /** Opens the ledger, or answers that there is none yet. Errors: those of the store. */
  readonly openStore: () => Promise<Store | undefined>;
  readonly folder: FolderFacts;
  /** Whether a token may open every doc of its account, asked when the way to the doc is open. */
  readonly isAllDocsAllowed: () => boolean;
  /** Whether to try a row in the Ledger table. @default true */
  readonly isProbed?: boolean;
  readonly nextStepOf: NextStep;
  /** Told of each check as it begins. */
  readonly onCheck?: (check: string) => void;
}

/** What came of a look at a set-up. */
export interface Examination {
  /** The worst first. */
  readonly findings: readonly HealthFinding[];
  /** The checks that were made, in their order. */
  readonly checked: readonly string[];
  /** Those that were not, and why. */
  readonly skipped: readonly { readonly check: string; readonly why: string }[];
}

/** Looks at a whole set-up. It changes nothing, but for one row that is tried in the Ledger table and taken out again. */
export async function examine(options: ExamOptions): Promise<Examination> {
  const notes = new Notes(options);
  await notes.look('folder', async () => judgeFolder(options.folder));
  const opened = await notes.find('ledger', async () => ({ store: await options.openStore() }));
  try {
    if (opened !== undefined) await notes.look('chain', () => judgeOpened(opened.store, options));
    const doc = await notes.find('way to the doc', options.connect);
    if (doc !== undefined) await examineDoc({ ...options, ...doc, opened, notes });
  } finally {
    await opened?.store?.close();
  }
  return notes.sum();
}

/** A ledger, or that there is none yet. */
interface Opened {
  readonly store: Store | undefined;
}

function judgeOpened(
  store: Store | undefined,
  { docId, folder: { folder } }: ExamOptions,
): Promise<readonly HealthFinding[]> {
  const facts = { docId, folder, nowMs: Date.now() };
  return store === undefined ? judgeNoStore(facts) : judgeStore(store, facts);
}

interface DocExam extends Omit<ExamOptions, 'connect' | 'openStore'>, ExaminedDoc {
  /** Nothing where a ledger is there and could not be opened. */
  readonly opened: Opened | undefined;
  readonly notes: Notes;
}

async function examineDoc(exam: DocExam): Promise<void> {
  const { notes, api, docId } = exam;
  const account = await notes.find('token', () => api.whoami());
  if (account === undefined) return;
  notes.add(judgeAccount(account, { isAllDocsAllowed: exam.isAllDocsAllowed() }));
  const info = await notes.find('doc', () => findDoc(api, docId));
  if (info === undefined) return;
  if ('severity' in info) return notes.add([info]);
  notes.add(judgeDoc(info));
  const skewMs = exam.skewMs();
  if (skewMs === undefined) notes.skip('clock', 'the server does not tell its time');
  else await notes.look('clock', async () => judgeClock(skewMs));
  await examineTables(exam, account);
}

async function examineTables(exam: DocExam, account: Account): Promise<void> {
  const { notes, api, docId } = exam;
  const store = exam.opened?.store;
  const known = store === undefined ? {} : await readKnownIds(store);
  const binding = await notes.find('tables', () => readBinding(api, docId, known));
  if (binding === undefined) return;
  notes.add(judgeTables(binding));
  if (store !== undefined) await notes.look('shape', () => judgeShape(store, binding));
  const source = { api, docId, binding };
  const rows = await notes.find('rows', () =>
    readTables(source, (table, count) => exam.onCheck?.(`rows: ${table}, ${count}`)),
  );
  if (rows === undefined) return;
  notes.add(judgeRows(binding, rows));
  const ledgerRows = toLedgerRows(source, rows);
  await examineLedger(exam, {
    rows: ledgerRows,
    docId,
    loginId: account.loginId,
    nowMs: exam.clock(),
  });
  await probe(exam, { ...exam, binding });
}

async function examineLedger(exam: DocExam, facts: LedgerRowFacts): Promise<void> {
  const { notes, opened, docId } = exam;
  const { rows } = facts;
  notes.add(judgeLedgerRows(facts));
  if (opened === undefined) notes.skip('doc and ledger', 'the ledger could not be opened');
  else await notes.look('doc and ledger', () => judgeWriter(opened.store, { rows, docId }));
  const lastPass = readLastPass(exam.folder.folder, docId);
  await notes.look('schedule', async () => judgeSchedule(facts, lastPass));
}

async function probe({ notes, isProbed = true }: DocExam, doc: ProbedDoc): Promise<void> {
  const ledger = doc.binding.tables.get('Ledger');
  const isWhole = ['title', 'kind', 'key'].every((name) => ledger?.columns.has(name) === true);
  if (!isProbed) notes.skip('writing', '--no-probe was given');
  else if (!isWhole) notes.skip('writing', 'the Ledger table is not as it should be');
  else await notes.look('writing', () => probeWriting(doc));
}

function toLedgerRows(
  { binding }: Pick<ProbedDoc, 'binding'>,
  rows: TableRows,
): readonly VisibleRow[] {
  return (rows.get('Ledger') ?? []).map((row) => parseLedgerRow(binding, row));
}

/** Whether the ledger here is the one that wrote the doc. */
async function judgeWriter(
  store: Store | undefined,
  { rows, docId }: Pick<LedgerRowFacts, 'rows' | 'docId'>,
): Promise<readonly HealthFinding[]> {
  if (store === undefined) return judgeMissingStore(rows, docId);
  await checkAnchor(store, rows, docId);
  return [];
}

/** What was found, checked and left out so far. */
class Notes {
  readonly #options: ExamOptions;
  readonly #findings: HealthFinding[] = [];
  readonly #checked: string[] = [];
  readonly #skipped: { check: string; why: string }[] = [];

  constructor(options: ExamOptions) {
    this.#options = options;
  }

  add(findings: readonly HealthFinding[]): void {
    this.#findings.push(...findings);
  }

  skip(check: string, why: string): void {
    this.#skipped.push({ check, why });
  }

  /** Makes a check; a failure from outside is one of its findings. */
  async look(check: string, judge: () => Promise<readonly HealthFinding[]>): Promise<void> {
    this.add((await this.find(check, judge)) ?? []);
  }

  /** What a step brings; where it fails from outside, that is a finding and it brings nothing. */
  async find<Value>(check: string, step: () => Promise<Value>): Promise<Value | undefined> {
    this.#options.onCheck?.(check);
    this.#checked.push(check);
    try {
      return await step();
    } catch (error) {
      this.add([judgeAnswer(error) ?? toFailure(error, this.#options.nextStepOf)]);
      return undefined;
    }
  }

  sum(): Examination {
    return { findings: byHarm(this.#findings), checked: this.#checked, skipped: this.#skipped };
  }
}
