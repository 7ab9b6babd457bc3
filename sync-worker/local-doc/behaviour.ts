/** A stretch of time to draw from, both ends included. */
export interface Span {
  readonly minMs: number;
  readonly maxMs: number;
}

/** At most `count` calls in any window of `windowMs`. */
export interface Allowance {
  readonly count: number;
  readonly windowMs: number;
}

/** What a call is counted against; `free` is never refused. */
export type Bucket = 'read' | 'write' | 'content' | 'docs' | 'free';

/** How often each fault strikes, 0 to 1 of the calls, drawn from the seed. */
export interface FaultRates {
  /** The connection breaks before the call has any effect. */
  readonly resetBefore: number;
  /** The call takes effect, and the connection breaks before its answer. */
  readonly resetAfter: number;
  /** A 502 with an HTML page, before the call has any effect. */
  readonly badGateway: number;
}

/**
 * Everything the local doc can do well or badly, each as one switch.
 * Where the service's manner is unknown, both manners can be chosen, so a client can be proven against either.
 */
export interface Behaviour {
  /** How long an accepted change waits in the queue before it applies. */
  readonly applyDelay: Span;
  /** Whether changes apply in the order they were accepted; otherwise a short delay overtakes a long one. */
  readonly isQueueOrdered: boolean;
  /** How long an applied change stays invisible to reads. */
  readonly snapshotLag: Span;
  /** What a keyed upsert is matched against: the doc as it is, or the snapshot that reads see. */
  readonly upsertSees: 'live' | 'snapshot';
  /** How long the status of an accepted change answers 404. */
  readonly statusHidden: Span;
  /** What `warning` of a completed change is. */
  readonly warning: 'absent' | 'null' | 'text';
  /** Share of changes that are accepted and then neither applied nor ever completed. */
  readonly lostRate: number;
  /** Share of changes that apply and are never reported as completed. */
  readonly silentRate: number;

  /** Calls allowed per bucket and user; `undefined` refuses none. */
  readonly limits: Readonly<Record<Exclude<Bucket, 'free'>, Allowance>> | undefined;
  /** The bucket of deletions. */
  readonly deleteBucket: Bucket;
  /** The bucket of button pushes. */
  readonly buttonBucket: Bucket;
  /** The bucket of mutation polls. */
  readonly statusBucket: Bucket;
  /** Seconds in the Retry-After header of a 429; `undefined` sends none. */
  readonly retryAfterSeconds: number | undefined;

  /** Items of a list page when no limit is asked for. */
  readonly pageDefault: number;
  /** Largest page of rows; a larger limit is clamped in silence. */
  readonly rowsPageMax: number;
  /** Largest page of docs, tables or columns. */
  readonly listPageMax: number;
  /** Whether a page token carries its listing's parameters, so that those sent beside it are ignored. */
  readonly isPageTokenAlone: boolean;
  /** The order of a listing that asks for none. */
  readonly rowOrder: 'created' | 'shuffled';
  /** Rows of a page that come again on the next, as when pages shift between two reads. */
  readonly pageOverlap: number;

  /** Which rows a keyed upsert updates when several match. */
  readonly upsertUpdates: 'all' | 'first';
  /** Whether a keyed upsert reports `addedRowIds`. */
  readonly isKeyedUpsertReported: boolean;
  /** Whether inserting into a view is a 400. */
  readonly isViewRefused: boolean;
  /** What becomes of one new key given twice in a body. */
  readonly duplicateKeys: 'last-wins' | 'both-inserted';
  /** What becomes of an upsert's undocumented `rowIds`. */
  readonly upsertRowIds: 'ignored' | 'refused';
  /** Whether writing the values a row already has moves its `updatedAt`. */
  readonly isTouchedWithoutChange: boolean;

  /** What a write to a calculated column does. */
  readonly calculatedWrite: 'ignored' | 'written';
  /** What a null or an object in a cell does. */
  readonly nullCell: 'refused' | 'clears';
  /** What a cell of a column that does not exist does. */
  readonly unknownColumn: 'refused' | 'ignored';
  /** What a relation becomes whose text names no row. */
  readonly unmatchedLink: 'text' | 'blank';
  /** What an array of row ids becomes in an insert or upsert. */
  readonly linkArrayOnPost: 'links' | 'text';
  /** What a select becomes whose text is no option. */
  readonly unlistedSelect: 'kept' | 'blank';
  /** Whether `""` clears a cell; otherwise the cell keeps what it holds. */
  readonly isEmptyTextClear: boolean;
  /** Whether `[]` clears a cell; otherwise the cell keeps what it holds. */
  readonly isEmptyListClear: boolean;
  /** What a bare number means in a duration column. */
  readonly durationNumber: 'days' | 'hours';
  /** Whether values are parsed as if typed: `$12.34` becomes 12.34. */
  readonly isCoerced: boolean;
  /** Whether plain text stands between triple back-ticks in rich values. */
  readonly isTextFenced: boolean;
  /** How an empty cell is read. */
  readonly emptyCell: 'text' | 'absent';
  /** How dates are read: a moment with the doc's offset, or the bare day. */
  readonly dateForm: 'moment' | 'day';

  /** Largest request body. Units: bytes. */
  readonly requestBytesMax: number;
  /** Largest row in a request. Units: bytes, one more per line break. */
  readonly rowBytesMax: number;
  /** Largest limit of a row listing that does not time out with a 504. */
  readonly rowsLimitServed: number;
  readonly faults: FaultRates;

  /** Whether the version header is judged: a 400 while reads lag behind, and for any value but `latest`. */
  readonly isDocVersionJudged: boolean;
  /** What a listing by an unknown sync token does. */
  readonly badSyncToken: 'refused' | 'full';
  /** Whether a new calculated value moves `updatedAt` and sync tokens. */
  readonly isCalculatedSynced: boolean;
  /** What moves the `updatedAt` of the doc and its tables: rows as they are, rows as reads see them, or tables and columns alone. */
  readonly docUpdatedBy: 'live rows' | 'seen rows' | 'shape';
  /** Whether each listing gives another sync token, where nothing has changed. */
  readonly isSyncTokenFresh: boolean;

  /** Whether a token's scope is held to, with a 403. */
  readonly isScopeJudged: boolean;
  /** Whether a token for one table may read mutation statuses. */
  readonly isStatusForTableToken: boolean;
  /** What an update of a row that reads do not show does. */
  readonly missingRow: 'not-found' | 'accepted';
  /** Whether answers carry fields that the API description does not name. */
  readonly hasExtraFields: boolean;
}

/** How the local doc behaves as a whole. */
export type Profile = 'instant' | 'strict';

const AT_ONCE: Span = { minMs: 0, maxMs: 0 };

const INSTANT: Behaviour = {
  applyDelay: AT_ONCE,
  isQueueOrdered: true,
  snapshotLag: AT_ONCE,
  upsertSees: 'live',
  statusHidden: AT_ONCE,
  warning: 'absent',
  lostRate: 0,
  silentRate: 0,
  limits: undefined,
  deleteBucket: 'content',
  buttonBucket: 'content',
  statusBucket: 'read',
  retryAfterSeconds: undefined,
  pageDefault: 25,
  rowsPageMax: 500,
  listPageMax: 100,
  isPageTokenAlone: true,
  rowOrder: 'created',
  pageOverlap: 0,
  upsertUpdates: 'all',
  isKeyedUpsertReported: false,
  isViewRefused: true,
  duplicateKeys: 'last-wins',
  upsertRowIds: 'ignored',
  isTouchedWithoutChange: false,
  calculatedWrite: 'ignored',
  nullCell: 'refused',
  unknownColumn: 'refused',
  unmatchedLink: 'text',
  linkArrayOnPost: 'links',
  unlistedSelect: 'kept',
  isEmptyTextClear: true,
  isEmptyListClear: true,
  durationNumber: 'days',
  isCoerced: true,
  isTextFenced: true,
  emptyCell: 'text',
  dateForm: 'moment',
  requestBytesMax: 2_000_000,
  rowBytesMax: 85_000,
  rowsLimitServed: Number.POSITIVE_INFINITY,
  faults: { resetBefore: 0, resetAfter: 0, badGateway: 0 },
  isDocVersionJudged: true,
  badSyncToken: 'refused',
  isCalculatedSynced: false,
  docUpdatedBy: 'live rows',
  isSyncTokenFresh: false,
  isScopeJudged: true,
  isStatusForTableToken: false,
  missingRow: 'not-found',
  hasExtraFields: false,
};

/**
 * The behaviour of each profile. `instant` keeps the API's rules and none of its delays; `strict` is slow, stale,
 * limited and unordered, in the worst measured or reported degree. Faults strike in neither until they are asked for.
 * Source: Coda API description 1.5.0; measured latencies and staff statements where the description is silent.
 */
export const BEHAVIOUR_OF: Readonly<Record<Profile, Behaviour>> = {
  instant: INSTANT,
  strict: {
    ...INSTANT,
    applyDelay: { minMs: 0, maxMs: 60_000 },
    isQueueOrdered: false,
    snapshotLag: { minMs: 30_000, maxMs: 300_000 },
    statusHidden: { minMs: 0, maxMs: 30_000 },
    warning: 'null',
    limits: {
      read: { count: 100, windowMs: 6_000 },
      write: { count: 10, windowMs: 6_000 },
      content: { count: 3, windowMs: 10_000 },
      docs: { count: 4, windowMs: 6_000 },
    },
    rowOrder: 'shuffled',
    pageOverlap: 1,
    isSyncTokenFresh: true,
    hasExtraFields: true,
  },
};
