import {
  fieldsOf,
  HISTORY_FIELDS,
  type HistoryField,
  type ImportReport,
  type LoadProgress,
  type LoadReport,
} from '#worker/import/index.ts';

/** How many refused rows, differences or late estimates are printed before the rest is only counted. */
const SHOWN_MAX = 20;

const DELIMITER_NAMES = { ',': 'commas', ';': 'semicolons', '\t': 'tabs' } as const;

/** What is said where a field has no column. */
const WITHOUT: Readonly<Partial<Record<HistoryField, string>>> = {
  name: 'made of workflow and task_id',
  estimated_hours: 'no estimates: only the cost side can be answered',
};

/** The report of an import for a person to read. */
export function describeReport(report: ImportReport, file: string): string {
  const lines = [
    `${file}: fields separated by ${DELIMITER_NAMES[report.delimiter]}, read as`,
    ...describeMapping(report),
    '',
    describeRows(report),
    ...describeRefused(report),
    ...describeEstimates(report),
    ...describeOutcome(report),
  ];
  return `${lines.join('\n')}\n`;
}

/** One line on how far a load has come. */
export function describeProgress(progress: LoadProgress): string {
  if (progress.phase === 'waiting') {
    const seconds = formatCount(Math.ceil(progress.waitMs / 1_000));
    return `waiting ${seconds} s until the doc shows what was sent before`;
  }
  const { phase, table, done, total } = progress;
  return `${phase} ${table}: ${formatCount(done)} of ${formatCount(total)}`;
}

function describeMapping({ mapping, unusedColumns }: ImportReport): readonly string[] {
  const fields = fieldsOf(HISTORY_FIELDS);
  const width = Math.max(...fields.map((field) => field.length));
  const lines = fields.map((field) => {
    const header = mapping[field];
    const source = header === undefined ? `– (${WITHOUT[field] ?? 'no column'})` : `← ${header}`;
    return `  ${field.padEnd(width)} ${source}`;
  });
  return unusedColumns.length === 0 ? lines : [...lines, `  not read: ${unusedColumns.join(', ')}`];
}

function describeRows(report: ImportReport): string {
  const { accepted, refusedCount, estimateHours, actualHours } = report;
  const sums = `estimate ${formatHours(estimateHours)} h, actual ${formatHours(actualHours)} h`;
  const good = accepted === 1 ? '1 row is' : `${formatCount(accepted)} rows are`;
  return `${good} good, ${formatCount(refusedCount)} refused; ${sums}.`;
}

function describeRefused({ refused, refusedCount }: ImportReport): readonly string[] {
  const shown = refused.slice(0, SHOWN_MAX).map(({ line, reason }) => `  line ${line}: ${reason}`);
  const rest = refusedCount - shown.length;
  if (rest <= 0) return shown;
  return [...shown, `  and ${formatCount(rest)} more; --json or --refused FILE gives all`];
}

function describeEstimates(report: ImportReport): readonly string[] {
  const { accepted, estimatedCount, hasEstimates, lateEstimates } = report;
  if (accepted === 0) return [];
  if (!hasEstimates) {
    return [
      'The file has no estimates, so there is no variance to show: it is good for the cost side only.',
    ];
  }
  const [first] = lateEstimates;
  return [
    ...(estimatedCount < accepted
      ? [
          `${formatCount(accepted - estimatedCount)} rows have no estimate; their hours count as cost only.`,
        ]
      : []),
    ...(first === undefined
      ? []
      : [
          `${formatCount(lateEstimates.length)} estimates were made after the work began or ended, the first on line ${first.line}; --json lists them.`,
        ]),
  ];
}

function describeOutcome({ outcome, load }: ImportReport): readonly string[] {
  switch (outcome) {
    case 'checked':
      return ['Nothing was sent; without --dry-run the good rows go into the doc.'];
    case 'refused':
      return ['Nothing was sent.'];
    case 'loaded':
      return load === undefined ? [] : describeLoad(load);
  }
}

function describeLoad({
  tables,
  differences,
  contentWrites,
  listPages,
}: LoadReport): readonly string[] {
  const counts = Object.entries(tables).map(
    ([table, { wanted, found, sent }]) =>
      `  ${table.padEnd('execution_runs'.length)} ${formatCount(found)} of ${formatCount(wanted)} in the doc, ${formatCount(sent)} sent`,
  );
  const shown = differences
    .slice(0, SHOWN_MAX)
    .map(({ table, key, message }) => `  ${table} \`${key}\`: ${message}`);
  const rest = differences.length - shown.length;
  return [
    ...counts,
    `${formatCount(contentWrites)} writes and ${formatCount(listPages)} list pages.`,
    ...(differences.length === 0
      ? []
      : ['The doc differs from the file and was left as it is:', ...shown]),
    ...(rest === 0 ? [] : [`  and ${formatCount(rest)} more; --json gives all`]),
  ];
}

const formatCount = (count: number): string => count.toLocaleString('en-US');

const formatHours = (hours: number): string =>
  hours.toLocaleString('en-US', { minimumFractionDigits: 1, maximumFractionDigits: 1 });
