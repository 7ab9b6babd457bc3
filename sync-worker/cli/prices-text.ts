import { formatMicros, type Price } from '#shared/cost/index.ts';
import type { PriceChange, PriceReport } from '#worker/costs/index.ts';

/** How many changes or unknown fields are printed before the rest is only counted. */
const SHOWN_MAX = 20;

/** The report of a price import for a person to read. */
export function describePrices(report: PriceReport, file: string): string {
  const { models, unpricedModels, added, changed, same, absent } = report;
  const lines = [
    `${file}: ${count(models)} models, of which ${count(unpricedModels)} without a price; prices in ${report.currency} from ${report.from}`,
    `  ${count(added)} prices new, ${count(changed.length)} changed, ${count(same)} the same, ${count(absent)} no longer in the file, which stay`,
    ...describeChanges(changed),
    ...describeFindings(report),
    describeOutcome(report),
  ];
  return `${lines.join('\n')}\n`;
}

function describeChanges(changed: readonly PriceChange[]): readonly string[] {
  const shown = changed.slice(0, SHOWN_MAX).map(({ before, after }) => {
    const { resourceName, usageType, aboveTokens } = after;
    const tier = aboveTokens === undefined ? '' : ` above ${count(aboveTokens)} tokens`;
    return `  ${plain(resourceName)} ${usageType}${tier}: ${describePrice(before)} → ${describePrice(after)}`;
  });
  return [...shown, ...describeRest(changed.length)];
}

const describePrice = ({ priceMicros, currency, perQuantity, unit }: Price): string =>
  `${formatMicros(priceMicros)} ${currency} per ${count(perQuantity)} ${unit}`;

function describeFindings({ unknownFields, unreadable, rounded }: PriceReport): readonly string[] {
  const fields = Object.entries(unknownFields).sort(([, one], [, other]) => other - one);
  const total = fields.reduce((sum, [, times]) => sum + times, 0);
  return [
    ...(total === 0
      ? []
      : [`  left out: ${count(total)} fields that are not known as prices, by name:`]),
    ...fields.slice(0, SHOWN_MAX).map(([field, times]) => `    ${count(times)} × ${plain(field)}`),
    ...describeRest(fields.length),
    ...(unreadable === 0 ? [] : [`  left out: ${count(unreadable)} costs that are no number`]),
    ...(rounded === 0 ? [] : [`  rounded: ${count(rounded)} costs finer than can be kept`]),
  ];
}

const describeRest = (length: number): readonly string[] =>
  length <= SHOWN_MAX ? [] : [`    and ${count(length - SHOWN_MAX)} more; --json gives all`];

function describeOutcome({ outcome, priceBookVersion }: PriceReport): string {
  switch (outcome) {
    case 'checked':
      return `Nothing was stored; without --dry-run this becomes price book ${priceBookVersion}.`;
    case 'stored':
      return `Stored as price book ${priceBookVersion}.`;
    case 'unchanged':
      return `Price book ${priceBookVersion} says the same already; nothing was stored.`;
  }
}

/** A name of the file on one line: what would move the cursor of a terminal is left out. */
const plain = (name: string): string => name.replaceAll(/\p{Cc}/gu, '').slice(0, 200);

const count = (number: number): string => number.toLocaleString('en-US');
