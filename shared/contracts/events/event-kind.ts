import {
  EVENT_CATALOGUE,
  type PayloadField,
  SEVERITIES,
  type Severity,
} from './event-catalogue.ts';

/** One event type with all the catalogue says of it. */
export interface EventKind {
  readonly type: string;
  /** What it happens to; `any` stands for each entity. */
  readonly entity: string;
  /** `of_record`: as severe as the record it tells of. */
  readonly severity: Severity | 'of_record';
  readonly payload: readonly PayloadField[];
}

/** Every event type of the catalogue, in its order. */
export function listEventKinds(): readonly EventKind[] {
  return Object.entries(EVENT_CATALOGUE).flatMap(([entity, rows]) =>
    listRows(rows).flatMap(([severity, row]) =>
      Object.entries(row).map(([type, payload]) => ({ type, entity, severity, payload })),
    ),
  );
}

/** What the catalogue says of an event type; `undefined` where it does not know it. */
export function findEventKind(type: string): EventKind | undefined {
  for (const [entity, rows] of Object.entries(EVENT_CATALOGUE)) {
    for (const [severity, row] of listRows(rows)) {
      const payload = Object.hasOwn(row, type) ? row[type] : undefined;
      if (payload !== undefined) return { type, entity, severity, payload };
    }
  }
  return undefined;
}

/**
 * How severe an event is: what the catalogue says, or, for an event that tells of a record, the severity of that record.
 * A type the catalogue does not know is `info`: it was written by something newer or older, and alarms nobody.
 */
export function severityOf(type: string, ofRecord: Severity = 'error'): Severity {
  const severity = findEventKind(type)?.severity ?? 'info';
  return severity === 'of_record' ? ofRecord : severity;
}

type Row = Readonly<Record<string, readonly PayloadField[]>>;
type Rows = { readonly [Weight in Severity | 'of_record']?: Row };

const WEIGHTS = [...SEVERITIES, 'of_record'] as const;

function listRows(rows: Rows): readonly (readonly [Severity | 'of_record', Row])[] {
  return WEIGHTS.flatMap((severity) => {
    const row = rows[severity];
    return row === undefined ? [] : [[severity, row] as const];
  });
}
