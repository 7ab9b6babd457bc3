/** One measured thing with all its samples, as OpenMetrics groups them. */
export interface MetricFamily {
  /** Lower case and `_`; it ends in its unit where it has one. */
  readonly name: string;
  /** A counter only ever grows. */
  readonly type: 'gauge' | 'counter';
  readonly unit?: 'ratio' | 'seconds';
  readonly help: string;
  readonly samples: readonly MetricSample[];
}

/** One value of a family. */
export interface MetricSample {
  readonly labels?: Readonly<Record<string, string>>;
  /** Decimal text keeps what a number would round. */
  readonly value: number | string;
}

/**
 * Metrics as text. A family without samples is left out, since it measures nothing.
 * Source: OpenMetrics 1.0, text format.
 */
export const toOpenMetrics = (families: readonly MetricFamily[]): string =>
  `${families
    .filter(({ samples }) => samples.length > 0)
    .map(toFamily)
    .join('')}# EOF\n`;

function toFamily({ name, type, unit, help, samples }: MetricFamily): string {
  const sampled = type === 'counter' ? `${name}_total` : name;
  const lines = [
    `# TYPE ${name} ${type}`,
    ...(unit === undefined ? [] : [`# UNIT ${name} ${unit}`]),
    `# HELP ${name} ${escapeText(help)}`,
    ...samples.map(({ labels = {}, value }) => `${sampled}${toLabels(labels)} ${value}`),
  ];
  return lines.map((line) => `${line}\n`).join('');
}

function toLabels(labels: Readonly<Record<string, string>>): string {
  const written = Object.entries(labels).map(([name, value]) => `${name}="${escapeText(value)}"`);
  return written.length === 0 ? '' : `{${written.join(',')}}`;
}

/** Other control characters may stand, but nobody means them in a name. */
const escapeText = (text: string): string =>
  text
    .replaceAll('\\', '\\\\')
    .replaceAll('\n', '\\n')
    .replaceAll('"', '\\"')
    .replaceAll(/\p{Cc}/gu, ' ');
