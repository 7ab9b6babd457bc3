import {
  type Convert,
  type ExchangeRate,
  type ExchangeRateRefusal,
  openExchangeRates,
} from '#shared/cost/index.ts';
import {
  addDays,
  type Day,
  DomainError,
  type Instant,
  startOfDay,
  toInstant,
} from '#shared/kernel/index.ts';
import { type FieldTable, readTable } from '#worker/import/index.ts';

/** What a row of a file of exchange rates may tell. */
const RATE_FIELDS = {
  from: { isRequired: true, synonyms: ['base', 'basecurrency', 'fromcurrency'] },
  to: { isRequired: true, synonyms: ['quote', 'quotecurrency', 'tocurrency'] },
  rate: { isRequired: true, synonyms: ['value', 'exchangerate'] },
  valid_from: { isRequired: true, synonyms: ['date', 'day', 'on'] },
  valid_to: { isRequired: false, synonyms: ['until', 'lastday'] },
} as const satisfies FieldTable<string>;

interface RateRow {
  readonly from: string;
  readonly to: string;
  readonly rate: string;
  readonly firstDay: Day | undefined;
  /** It counts whole. */
  readonly lastDay: Day | undefined;
}

/**
 * Exchange rates of a CSV file, ready to be asked. A rate holds from its day to its last day, else until the next one of the same two
 * currencies begins. Errors: those of `readTable`; `RATES_UNREADABLE` where a row cannot be used, since without it another rate would hold.
 */
export async function readExchangeRates(
  source: AsyncIterable<Uint8Array>,
  timeZone: string,
): Promise<Convert> {
  const { rows, refused } = await readTable(source, {
    fields: RATE_FIELDS,
    file: 'the file of exchange rates',
    parse: (read): RateRow => ({
      from: read.required('from'),
      to: read.required('to'),
      rate: read.required('rate'),
      firstDay: parseDay(read.required('valid_from'), read.day('valid_from')),
      lastDay: read.day('valid_to'),
    }),
  });
  const [first] = refused;
  if (first !== undefined) throw unreadable(`line ${first.line}: ${first.reason}`);
  const opened = openExchangeRates(toRates(rows, timeZone));
  if (!opened.ok) throw unreadable(describe(opened.refusal));
  return opened.value;
}

/** A blank day is told once, as blank. */
const parseDay = (text: string, day: Day | undefined): Day | undefined =>
  text === '' ? undefined : day;

function toRates(rows: readonly RateRow[], timeZone: string): readonly ExchangeRate[] {
  const startAt = (day: Day): Instant => toInstant(startOfDay(day, timeZone));
  const dated = rows.flatMap(({ firstDay, ...row }) =>
    firstDay === undefined ? [] : [{ ...row, firstDay }],
  );
  return dated.map(({ from, to, rate, firstDay, lastDay }) => {
    const [next] = dated
      .filter((one) => one.from === from && one.to === to && one.firstDay > firstDay)
      .map((one) => one.firstDay)
      .sort();
    const end = lastDay === undefined ? next : addDays(lastDay, 1);
    const validTo = end === undefined ? {} : { validTo: startAt(end) };
    return { from, to, rate, validFrom: startAt(firstDay), ...validTo };
  });
}

function describe(refusal: ExchangeRateRefusal): string {
  switch (refusal.code) {
    case 'RATES_OVERLAP':
      return `two rates from ${refusal.from} to ${refusal.to} hold at ${refusal.at}`;
    case 'CURRENCY_UNKNOWN':
      return `\`${refusal.received}\` is no currency: write three capital letters, such as EUR`;
    case 'NOT_POSITIVE':
      return `the rate \`${refusal.received}\` is not above 0`;
    case 'NOT_A_NUMBER':
    case 'TOO_MANY_DIGITS':
      return `the rate \`${refusal.received}\` is no number with a point, such as 0.92`;
  }
}

const unreadable = (why: string): DomainError =>
  new DomainError('RATES_UNREADABLE', `The file of exchange rates cannot be used: ${why}.`);
