import * as v from 'valibot';
import {
  accept,
  isInstant,
  type Result,
  refuse,
  type Sha256,
  utf8Bytes,
} from '#shared/kernel/index.ts';
import { canonicalJson } from './canonical-json.ts';
import { EMPTY_HEAD } from './chain.ts';
import type { LedgerRow } from './ledger-row.ts';
import { STATE_BYTES_MAX } from './protocol.ts';

/** What remains visible of a stream that has ended: enough to show it and to find its events. */
export interface ArchivedStream {
  readonly stream: string;
  /** Its last version. */
  readonly version: number;
  /** Position of its last event in the ledger. */
  readonly position: number;
  readonly state: string;
  /** When it closed; the month of its page. */
  readonly closedAt: string;
  /** One line for people. */
  readonly title: string;
}

/** One sealed page of ended streams. */
export interface ArchivePage {
  /** `YYYY-MM` of the moments its streams closed at. */
  readonly month: string;
  /** Ordinal in its month, from 1. */
  readonly number: number;
  readonly streams: readonly ArchivedStream[];
  /** Seal of the page before, of any month; 64 zeros on the first. */
  readonly previousSeal: string;
  /** SHA-256 of the page without its seal. */
  readonly seal: string;
}

/** Why pages are not what was sealed. */
export interface ArchiveFault {
  readonly code: 'PAGE_CHANGED' | 'PAGE_MISSING' | 'STREAM_TWICE';
  /** Key of the row, or the stream. */
  readonly where: string;
}

/** What streams may fill of a page; the rest is its own fields. */
const PAGE_ROOM = STATE_BYTES_MAX - 400;
const Count = v.pipe(
  v.number(),
  v.check((value) => Number.isSafeInteger(value) && value >= 0),
);
const PageSchema = v.object({
  month: v.pipe(v.string(), v.regex(/^\d{4}-\d{2}$/)),
  number: Count,
  streams: v.array(
    v.object({
      stream: v.string(),
      version: Count,
      position: Count,
      state: v.string(),
      closedAt: v.pipe(v.string(), v.check(isInstant)),
      title: v.string(),
    }),
  ),
  previousSeal: v.string(),
  seal: v.string(),
});

/**
 * The further pages that ended streams fill, each within a row's room, in the order in which the streams ended. Pages are only
 * ever added: a stream that is sealed already is passed over, and one that ended late goes to a further page of its month.
 * A stream too large for any page stands alone on one.
 */
export function sealStreams(
  ended: readonly ArchivedStream[],
  pages: readonly ArchivePage[],
  sha256: Sha256,
): readonly ArchivePage[] {
  const sealed = new Set(pages.flatMap(({ streams }) => streams.map(({ stream }) => stream)));
  const fresh = ended
    .filter(({ stream }) => !sealed.has(stream))
    .sort((a, b) => compare(a.closedAt, b.closedAt) || compare(a.stream, b.stream));
  const added: ArchivePage[] = [];
  for (const { month, streams } of toPageLoads(fresh)) {
    const before = [...pages, ...added];
    const number = before.filter((page) => page.month === month).length + 1;
    const unsealed = {
      month,
      number,
      streams,
      previousSeal: before.at(-1)?.seal ?? EMPTY_HEAD.hash,
    };
    added.push({ ...unsealed, seal: toSeal(unsealed, sha256) });
  }
  return added;
}

/** Whether pages, in the order they were sealed, are whole, in line and name each stream once. */
export function checkArchive(
  pages: readonly ArchivePage[],
  sha256: Sha256,
): Result<readonly ArchivedStream[], ArchiveFault> {
  let previousSeal = EMPTY_HEAD.hash;
  const streams = new Map<string, ArchivedStream>();
  for (const page of pages) {
    const where = toArchiveKey(page);
    if (page.previousSeal !== previousSeal) return refuse({ code: 'PAGE_MISSING', where });
    if (toSeal(page, sha256) !== page.seal) return refuse({ code: 'PAGE_CHANGED', where });
    for (const one of page.streams) {
      if (streams.has(one.stream)) return refuse({ code: 'STREAM_TWICE', where: one.stream });
      streams.set(one.stream, one);
    }
    previousSeal = page.seal;
  }
  return accept([...streams.values()]);
}

/** Key of a page's row: `state/archive/2026-10/0001`. */
export const toArchiveKey = ({ month, number }: Pick<ArchivePage, 'month' | 'number'>): string =>
  `state/archive/${month}/${String(number).padStart(4, '0')}`;

/** The row of the Ledger table that shows a page. */
export function toArchiveRow(page: ArchivePage): LedgerRow {
  const key = toArchiveKey(page);
  return {
    title: `Archive · ${page.month} · ${page.streams.length} ended`,
    kind: 'state',
    state: 'sealed',
    key,
    stream: `archive/${page.month}`,
    type: 'archive',
    at: '',
    by: 'worker',
    data: canonicalJson({ ...toUnsealedJson(page), seal: page.seal }),
    outcome: '',
    seq: String(page.number),
  };
}

/** The page in a row, or nothing where the row is another or was damaged. */
export function parseArchiveRow(row: LedgerRow): ArchivePage | undefined {
  const isMine = row.kind === 'state' && row.type === 'archive';
  const page = isMine ? parse(row.data) : undefined;
  return page !== undefined && toArchiveKey(page) === row.key ? page : undefined;
}

/** What one page is to hold. */
interface PageLoad {
  readonly month: string;
  readonly streams: ArchivedStream[];
}

/** Streams cut where the month changes or the next one would not fit. */
function toPageLoads(streams: readonly ArchivedStream[]): readonly PageLoad[] {
  const loads: PageLoad[] = [];
  let room = 0;
  for (const one of streams) {
    const size = utf8Bytes(canonicalJson({ ...one })) + 1;
    const month = one.closedAt.slice(0, 7);
    const open = loads.at(-1);
    if (open?.month === month && size <= room) {
      open.streams.push(one);
      room -= size;
    } else {
      loads.push({ month, streams: [one] });
      room = PAGE_ROOM - size;
    }
  }
  return loads;
}

const toSeal = (page: Omit<ArchivePage, 'seal'>, sha256: Sha256): string =>
  sha256(canonicalJson(toUnsealedJson(page)));

function toUnsealedJson({ month, number, streams, previousSeal }: Omit<ArchivePage, 'seal'>) {
  return { month, number, streams: streams.map((one) => ({ ...one })), previousSeal };
}

function parse(data: string): ArchivePage | undefined {
  try {
    const read = v.safeParse(PageSchema, JSON.parse(data));
    return read.success ? read.output : undefined;
  } catch {
    return undefined;
  }
}

const compare = (a: string, b: string): number => (a < b ? -1 : Number(a > b));
