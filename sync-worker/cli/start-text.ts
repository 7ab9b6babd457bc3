import type { WorkflowVariance } from '#shared/doc/index.ts';
import { sumOf } from '#shared/kernel/index.ts';
import type { ImportReport } from '#worker/import/index.ts';
import type { TicksReport } from './run-ticks.ts';
import { describeVariance } from './variance-text.ts';

/** What the built Pack said. */
export interface PackReport {
  readonly bundleBytes: number;
  readonly emptyBundleBytes: number;
  readonly rows: number;
  /** Whether its rows are the worker's, figure for figure; absent where it was not asked, as for a doc that is not of this computer. */
  readonly equalToWorker?: boolean;
}

/** What a start found. */
export interface StartReport {
  readonly doc: {
    readonly id: string;
    readonly url: string;
    readonly tables: Readonly<Record<string, number>>;
  };
  readonly imported: ImportReport | undefined;
  readonly ticks: TicksReport;
  readonly variance: readonly WorkflowVariance[];
  readonly pack: PackReport;
  /** The one sentence. */
  readonly headline: string;
}

const SHOWN_ROWS = 25;
const SHOWN_REFUSED = 20;

/** The report as the one JSON object of `--json`. Ratios are plain numbers: 0.15 is +15 %. */
export function toStartJson({
  doc,
  imported,
  ticks,
  variance,
  pack,
  headline,
}: StartReport): object {
  const { apiReads, apiWrites, listPages, events, commands } = ticks;
  return {
    doc,
    imported: toImportedJson(imported),
    tick: { apiReads, apiWrites, listPages, events, commands },
    headline,
    variance: variance.map((row) => ({
      workflow: row.workflow,
      nTasks: row.nTasks,
      nRuns: row.nRuns,
      estimateHours: row.estimateHours,
      actualHours: row.actualHours,
      typical: row.typical,
      total: row.total,
      p10: row.p10,
      p90: row.p90,
      state: row.state,
    })),
    pack,
  };
}

function toImportedJson(imported: ImportReport | undefined): object {
  if (imported === undefined) return { accepted: 0, refused: [] };
  const { accepted, refused, load } = imported;
  const { contentWrites = 0, listPages = 0 } = load ?? {};
  return { accepted, refused, contentWrites, listPages };
}

/** The report as people read it: the sentence, the table, what vouches for it, and what comes next. */
export function describeStart(report: StartReport): string {
  const { variance, headline } = report;
  const shown = variance.slice(0, SHOWN_ROWS);
  const rest = variance.length - shown.length;
  return [
    '',
    `${headline}.`.replace(/\.\.$/, '.'),
    '',
    describeVariance(shown.map((row) => ({ ...row, name: row.workflow }))),
    ...(rest > 0 ? [`… and ${rest} more; --json has them all`] : []),
    '',
    ...describeProof(report),
    '',
    'To see your own doc this way:',
    '  1. npm run -s founder-hq -- init --csv      writes two CSV files; import them into your Coda doc as tables',
    '  2. export CODA_API_TOKEN=…                  a token for that one doc, from https://coda.io/account',
    '  3. npm run -s founder-hq -- sync --doc URL  one pass between doc and ledger; put it on a schedule',
    '  4. npx packs register, then create and upload pack/pack.ts: your own copy of the Pack (README, step 5)',
    '',
  ].join('\n');
}

function describeProof({ doc, imported, ticks, pack }: StartReport): readonly string[] {
  const rows = sumOf(Object.values(doc.tables));
  const refused = imported?.refusedCount ?? 0;
  return [
    `Doc      ${rows} rows in ${Object.keys(doc.tables).length} tables, behind the Coda API on this computer`,
    ...(imported === undefined
      ? []
      : [
          `Import   ${imported.accepted} rows in, ${refused} refused`,
          ...imported.refused
            .slice(0, SHOWN_REFUSED)
            .map(({ line, reason }) => `  line ${line}: ${reason}`),
          ...(refused > SHOWN_REFUSED ? [`  … and ${refused - SHOWN_REFUSED} more`] : []),
        ]),
    `Worker   ${ticks.ticks} ${ticks.ticks === 1 ? 'tick' : 'ticks'}: ${ticks.apiReads} reads, ${ticks.apiWrites} writes, ${ticks.events} events added to the ledger`,
    `Pack     ${describePack(pack)}`,
  ];
}

function describePack(pack: PackReport): string {
  const { rows, equalToWorker } = pack;
  const weight = `${kilobytes(pack.bundleBytes)}; an empty Pack is ${kilobytes(pack.emptyBundleBytes)}`;
  if (equalToWorker === undefined) return `built (${weight}); add it to your doc to see its rows`;
  const verdict = equalToWorker ? 'equal to the worker’s' : 'NOT equal to the worker’s';
  return `${rows} rows from the built bundle (${weight}), ${verdict}`;
}

const kilobytes = (bytes: number): string => `${(bytes / 1_000).toFixed(0)} KB`;
