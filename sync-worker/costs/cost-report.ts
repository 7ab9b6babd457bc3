import {
  type Adjustment,
  applyChanges,
  type Convert,
  type CostCell,
  type CostRow,
  convertLeaves,
  type HourlyRateRefusal,
  hourlyRateOf,
  type Money,
  rollUp,
  toChangeCells,
  type UnpricedCount,
} from '#shared/cost/index.ts';
import type { CostDimension } from '#shared/doc/index.ts';
import { type Instant, type Ms, msToHours } from '#shared/kernel/index.ts';
import type { ChainHead } from '#shared/ledger/index.ts';
import type { CostSettings } from '#worker/spending/index.ts';
import type { CostBook, MonthCosts } from './cost-book.ts';

/** One line of a report: a sum, what its values are called, and what an hour of it was worth. */
export interface ReportRow extends Omit<CostRow, 'effortMs'> {
  /** What the values of its dimensions are called, in their order. */
  readonly names: readonly string[];
  readonly hours: number;
  /** The effective hourly rate; `null` where there is none. */
  readonly perHour: Money | null;
  /** Why there is none; absent where nothing is billable. */
  readonly whyNoRate?: HourlyRateRefusal | undefined;
}

/** A correction of an earlier month as a report shows it. */
export interface ReportAdjustment
  extends Pick<Adjustment, 'leafId' | 'closedMonth' | 'recordedAt' | 'reason'> {
  /** Whose work or what cost it is. */
  readonly name: string;
  readonly hours: number;
  readonly totals: CostRow['totals'];
}

/** The costs of one month. */
export interface CostReport extends CostSettings {
  readonly month: string;
  /** Of a closed month: since when, and at which end of the ledger. */
  readonly closed: { readonly closedAt: Instant; readonly head: ChainHead } | null;
  readonly by: readonly CostDimension[];
  readonly rows: readonly ReportRow[];
  /** `null` where nothing cost anything. */
  readonly total: ReportRow | null;
  readonly adjustments: readonly ReportAdjustment[];
  /** The corrections by the same dimensions as the rows. */
  readonly adjustmentRows: readonly ReportRow[];
  /** The month and the corrections recorded in it; `null` where there are none. */
  readonly adjusted: ReportRow | null;
}

/** The report of a month by any dimensions. Of a closed month it is the same for ever. */
export function toCostReport(
  month: MonthCosts,
  settings: CostSettings,
  by: readonly CostDimension[],
): CostReport {
  const { leaves, adjustments, names, closed } = month;
  const toRows = (cells: readonly CostCell[], dimensions: readonly string[]): ReportRow[] =>
    rollUp(cells, dimensions)
      .map((row) => toReportRow(row, names))
      .sort(compareNames);
  const [total] = toRows(leaves, []);
  const changes = adjustments.flatMap(toChangeCells);
  const [adjusted] = toRows([...leaves, ...changes], []).map(toUnrated);
  return {
    month: month.month,
    timeZone: settings.timeZone,
    currency: settings.currency,
    closed: closed === undefined ? null : { closedAt: closed.closedAt, head: closed.head },
    by,
    rows: toRows(leaves, by),
    total: total ?? null,
    adjustments: adjustments.map(toReportAdjustment),
    adjustmentRows: toRows(changes, by).map(toUnrated),
    adjusted: adjustments.length === 0 ? null : (adjusted ?? null),
  };
}

/** A month in one currency, beside what it is in its own. */
export interface ConvertedCosts {
  readonly currency: string;
  readonly rows: readonly ReportRow[];
  readonly total: ReportRow | null;
  /** Rates nobody gave: the amounts they are for are in no sum of this currency. */
  readonly missing: readonly UnpricedCount[];
}

/** How a month is converted. */
export interface Conversion {
  readonly to: string;
  readonly convert: Convert;
}

/** The same rows as a report has, each amount at the rate of its day. */
export function toConvertedCosts(
  { leaves, names }: MonthCosts,
  { by, timeZone }: Pick<CostReport, 'by' | 'timeZone'>,
  conversion: Conversion,
): ConvertedCosts {
  const converted = convertLeaves(leaves, { ...conversion, timeZone });
  const toRows = (dimensions: readonly string[]): ReportRow[] =>
    rollUp(converted.leaves, dimensions)
      .map((row) => toReportRow(row, names))
      .sort(compareNames);
  const [total] = toRows([]);
  const { missing } = converted;
  return { currency: conversion.to, rows: toRows(by), total: total ?? null, missing };
}

/** Value of other months over the hours of this one is worth nobody's hour. */
function toUnrated(row: ReportRow): ReportRow {
  return { ...row, perHour: null, whyNoRate: undefined };
}

/** What a closed month comes to with all that was corrected since. */
export interface StandingMonth {
  /** In whose reports the corrections stand, oldest first. */
  readonly correctedIn: readonly string[];
  readonly corrections: readonly ReportAdjustment[];
  /** `null` where nothing is left of it. */
  readonly total: ReportRow | null;
}

/** What stands now of a month that is closed; `undefined` where it is not, or nothing was corrected since. */
export function toStandingMonth(
  { closed, names }: CostBook,
  month: string,
): StandingMonth | undefined {
  const frozen = closed.months.get(month);
  const changes = closed.adjustments.filter(({ closedMonth }) => closedMonth === month);
  if (frozen === undefined || changes.length === 0) return undefined;
  const [total] = rollUp(applyChanges(frozen.leaves, changes), []);
  return {
    correctedIn: [...new Set(changes.map((one) => one.month))].sort(),
    corrections: changes.map(toReportAdjustment),
    total: total === undefined ? null : toReportRow(total, names),
  };
}

/** People look for names; rows of one name stay in the order of their ids. */
function compareNames(one: ReportRow, other: ReportRow): number {
  const [left, right] = [one, other].map(({ names }) => names.join('\n'));
  if (left === undefined || right === undefined || left === right) return 0;
  return left < right ? -1 : 1;
}

function toReportRow(row: CostRow, names: ReadonlyMap<string, string>): ReportRow {
  const { effortMs, ...sums } = row;
  const rate = hourlyRateOf(row);
  return {
    ...sums,
    names: Object.entries(row.key).map(([dimension, id]) => nameOf(names, dimension, id)),
    hours: toHours(effortMs),
    perHour: rate.ok ? (rate.value ?? null) : null,
    ...(rate.ok ? {} : { whyNoRate: rate.refusal }),
  };
}

/** What a value is called; one that is absent says so in a word. */
export function nameOf(names: ReadonlyMap<string, string>, dimension: string, id: string): string {
  if (id === '') return `(no ${dimension.replaceAll('_', ' ')})`;
  return id === 'conflict' ? '(conflict)' : (names.get(id) ?? id);
}

function toReportAdjustment(adjustment: Adjustment): ReportAdjustment {
  const { leafId, closedMonth, recordedAt, reason, before, after } = adjustment;
  const [row] = rollUp(toChangeCells(adjustment), []);
  return {
    leafId,
    closedMonth,
    recordedAt,
    reason,
    name: (after ?? before)?.name ?? leafId,
    hours: toHours(row?.effortMs ?? 0),
    totals: row?.totals ?? [],
  };
}

/** To a hundred-thousandth, so that a sum of hours has no tail of binary fractions. */
const toHours = (ms: Ms): number => Math.round(msToHours(ms) * 100_000) / 100_000;
