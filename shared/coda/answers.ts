import * as v from 'valibot';
import { type CellValue, parseCellValue, type ValueFormat } from './cell-value.ts';

/** The account a token belongs to. */
export interface Account {
  readonly name: string;
  /** The account's e-mail address. */
  readonly loginId: string;
  /** Whether the token is restricted; to what, only a 403 tells. */
  readonly isScoped: boolean;
}

/** A doc as the API lists it. */
export interface DocInfo {
  readonly id: string;
  readonly name: string;
  readonly browserLink: string;
  /** IANA zone of the doc, where the API tells it. */
  readonly timezone?: string;
  /** When it last changed, where the API tells; calculated columns do not count. */
  readonly updatedAt?: string;
  /** Whether the doc has grown beyond what the API serves. */
  readonly isOverApiSizeLimit: boolean;
}

/** A table or a view of one. */
export interface TableInfo {
  readonly id: string;
  readonly name: string;
  /** Whether this is a view: it reads like a table, but refuses inserts. */
  readonly isView: boolean;
  readonly rowCount?: number;
}

/** What a column holds. `isArray` is the API's word and can be wrong. */
export interface ColumnFormat {
  readonly type: string;
  readonly isArray: boolean;
  /** The table a relation points to. */
  readonly tableId?: string;
  /** The fixed options of a select list. */
  readonly options?: readonly string[];
}

/** A column of a table. */
export interface ColumnInfo {
  readonly id: string;
  readonly name: string;
  /** Whether it gives each row its name. */
  readonly isDisplay: boolean;
  /** Whether a formula fills it; writes to it are ignored without a word. */
  readonly isCalculated: boolean;
  readonly format: ColumnFormat;
}

/** A row as the API gives it. */
export interface ApiRow {
  /** `i-…` */
  readonly id: string;
  /** The display column's text. */
  readonly name: string;
  readonly createdAt: string;
  readonly updatedAt: string;
  /** By column id. A column may be missing; read that as blank. */
  readonly values: Readonly<Record<string, CellValue>>;
}

/** A change that was taken in and queued; it shows up later, or never. */
export interface Queued {
  readonly requestId: string;
}

/** An upsert that was taken in. */
export interface QueuedRows extends Queued {
  /** In the order of the request; absent where key columns were given. */
  readonly addedRowIds?: readonly string[];
}

/** How far a queued change has come. There is no word for failure. */
export interface MutationStatus {
  readonly isCompleted: boolean;
  readonly warning?: string;
}

/** One page of any list. */
export interface Page<Item> {
  readonly items: readonly Item[];
  readonly nextPageToken?: string;
  /** Where the next page is said to lie; it is never followed, only held against the token and `href`. */
  readonly nextPageLink?: string;
  /** Where this page lies. */
  readonly href?: string;
  readonly nextSyncToken?: string;
}

/** One page of a table's rows. */
export interface RowPage {
  readonly rows: readonly ApiRow[];
  /** On the last page, where the next listing of changes may begin; absent where a restart made it unsafe. */
  readonly nextSyncToken?: string;
}

/** Reads one kind of answer. Fields nobody asked for are passed over, since the API grows new ones at any time. */
export type AnswerSchema<Value> = v.GenericSchema<unknown, Value>;

const ABSENT = v.nullish(v.string());

/** Of `GET /whoami`. */
export const ACCOUNT: AnswerSchema<Account> = v.pipe(
  v.object({ name: v.string(), loginId: v.string(), scoped: v.optional(v.boolean()) }),
  v.transform(({ name, loginId, scoped }) => ({ name, loginId, isScoped: scoped === true })),
);

/** Of `GET /docs/{docId}`, and each item of `GET /docs`. */
export const DOC: AnswerSchema<DocInfo> = v.pipe(
  v.object({
    id: v.string(),
    name: v.string(),
    browserLink: v.string(),
    timezone: ABSENT,
    updatedAt: ABSENT,
    docSize: v.nullish(v.object({ overApiSizeLimit: v.boolean() })),
  }),
  v.transform(({ id, name, browserLink, timezone, updatedAt, docSize }) => ({
    id,
    name,
    browserLink,
    isOverApiSizeLimit: docSize?.overApiSizeLimit ?? false,
    ...(timezone == null ? {} : { timezone }),
    ...(updatedAt == null ? {} : { updatedAt }),
  })),
);

/** Each item of `GET …/tables`. */
export const TABLE: AnswerSchema<TableInfo> = v.pipe(
  v.object({
    id: v.string(),
    name: v.string(),
    tableType: v.optional(v.string()),
    rowCount: v.nullish(
      v.pipe(
        v.number(),
        v.check((count) => Number.isFinite(count)),
      ),
    ),
  }),
  v.transform(({ id, name, tableType, rowCount }) => ({
    id,
    name,
    isView: tableType === 'view',
    ...(rowCount == null ? {} : { rowCount }),
  })),
);

/** Each item of `GET …/columns`. */
export const COLUMN: AnswerSchema<ColumnInfo> = v.pipe(
  v.object({
    id: v.string(),
    name: v.string(),
    display: v.optional(v.boolean()),
    calculated: v.optional(v.boolean()),
    format: v.object({
      type: v.string(),
      isArray: v.optional(v.boolean()),
      // The table a relation points to may have been deleted; then the column still names a table, but none that is there.
      table: v.optional(v.object({ id: v.optional(v.string()) })),
      options: v.optional(v.array(v.object({ name: v.string() }))),
    }),
  }),
  v.transform(({ id, name, display, calculated, format: { type, isArray, table, options } }) => ({
    id,
    name,
    isDisplay: display === true,
    isCalculated: calculated === true,
    format: {
      type,
      isArray: isArray === true,
      ...(table?.id === undefined ? {} : { tableId: table.id }),
      ...(options === undefined ? {} : { options: options.map((option) => option.name) }),
    },
  })),
);

/** Of any change: 202 and the id under which the change is queued. */
export const QUEUED: AnswerSchema<Queued> = v.object({ requestId: v.string() });

/** Of `POST …/rows`. */
export const QUEUED_ROWS: AnswerSchema<QueuedRows> = v.pipe(
  v.object({
    requestId: v.string(),
    addedRowIds: v.nullish(v.array(v.string())),
  }),
  v.transform(({ requestId, addedRowIds }) => ({
    requestId,
    ...(addedRowIds == null ? {} : { addedRowIds }),
  })),
);

/** Of `GET /mutationStatus/{requestId}`. The service has been seen to send a warning of null. */
export const MUTATION_STATUS: AnswerSchema<MutationStatus> = v.pipe(
  v.object({ completed: v.boolean(), warning: ABSENT }),
  v.transform(({ completed, warning }) => ({
    isCompleted: completed,
    ...(warning == null ? {} : { warning }),
  })),
);

/** A row whose values were asked for in the given format. */
export const rowSchema = (format: ValueFormat): AnswerSchema<ApiRow> =>
  v.object({
    id: v.string(),
    name: v.string(),
    createdAt: v.string(),
    updatedAt: v.string(),
    values: v.record(
      v.string(),
      v.pipe(
        v.unknown(),
        v.transform((value) => parseCellValue(value, format)),
      ),
    ),
  });

/** A page of items. An empty page token means the end, as an absent one does. */
export const pageSchema = <Item>(item: AnswerSchema<Item>): AnswerSchema<Page<Item>> =>
  v.pipe(
    v.object({
      items: v.array(item),
      nextPageToken: ABSENT,
      nextPageLink: ABSENT,
      nextSyncToken: ABSENT,
      href: ABSENT,
    }),
    v.transform(({ items, nextPageToken, nextPageLink, nextSyncToken, href }) => ({
      items,
      ...(nextPageLink == null || nextPageLink === '' ? {} : { nextPageLink }),
      ...(href == null ? {} : { href }),
      ...(nextPageToken == null || nextPageToken === '' ? {} : { nextPageToken }),
      ...(nextSyncToken == null ? {} : { nextSyncToken }),
    })),
  );
